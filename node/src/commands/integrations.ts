import { sharedEntities } from '../instances/shared-entities.ts';
import { command } from './command.ts';

/**
 * Every integration and entity with both switches and, where it will not run, which one is off; and which other
 * instances have it on for the same database.
 */
export const integrationsCommand = command('integrations', {}, async (engine) => {
  const { integrationStates } = await import('../sync/plan.ts');
  const parts = await engine.readingParts();
  const { enabledIn } = await sharedEntities(parts.settings, engine.environment);
  const integrations = (await integrationStates(parts)).map((state) => ({
    ...state,
    alsoEnabledIn: enabledIn.get(`${state.integration} ${state.entity}`) ?? [],
  }));
  return { data: { integrations }, exitCode: 0 };
});
