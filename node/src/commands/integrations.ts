import type { Command } from './command.ts';

/** Every integration and entity with both switches and, where it will not run, which one is off. */
export const integrationsCommand: Command = {
  name: 'integrations',
  async run(engine) {
    const { integrationStates } = await import('../sync/plan.ts');
    return { data: { integrations: await integrationStates(await engine.parts()) }, exitCode: 0 };
  },
};
