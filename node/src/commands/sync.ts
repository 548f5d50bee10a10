import { textOf, textsOf, type Command } from './command.ts';

/** Runs integrations: the named one, or with `auto` all that is switched on. */
export const sync: Command = {
  name: 'sync',
  async run(engine, params, output, signal) {
    const { syncAll } = await import('../sync/run.ts');
    const integration = textOf(params, 'integration');
    const entities = textsOf(params, 'entities');
    const report = await syncAll(
      { whatIf: params.whatIf === true, ...(integration && { integration }), ...(entities && { entities }) },
      await engine.parts(),
      (event) => output.progress(event),
      signal,
    );
    return { data: report, exitCode: report.exitCode };
  },
};
