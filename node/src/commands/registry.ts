import type { Command } from './command.ts';

type Load = () => Promise<Command>;

/** What each command is, read when it runs: a start waits for no other. */
const loads: Readonly<Record<string, Load>> = {
  sync: async () => (await import('./sync.ts')).sync,
  test: async () => (await import('./test.ts')).test,
  diagnose: async () => (await import('./diagnose.ts')).diagnose,
  integrations: async () => (await import('./integrations.ts')).integrationsCommand,
  enable: async () => (await import('./switch-entities.ts')).enable,
  disable: async () => (await import('./switch-entities.ts')).disable,
  api: async () => (await import('./api.ts')).api,
  'config-get': async () => (await import('./config.ts')).configGet,
  'config-set': async () => (await import('./config.ts')).configSet,
  'setting-set': async () => (await import('./config-setting.ts')).settingSet,
  'secret-references': async () => (await import('./config.ts')).secretReferencesCommand,
  runs: async () => (await import('./runs.ts')).runs,
  rejections: async () => (await import('./rejections.ts')).rejections,
  changes: async () => (await import('./changes.ts')).changes,
  undo: async () => (await import('./undo.ts')).undo,
  report: async () => (await import('./report.ts')).report,
  logs: async () => (await import('./logs.ts')).logs,
  stop: async () => (await import('./stop.ts')).stop,
  'instance-new': async () => (await import('./instance.ts')).instanceNew,
  'instance-list': async () => (await import('./instance.ts')).instanceList,
  'task-plan': async () => taskCommand('task-plan'),
  'task-inspect': async () => taskCommand('task-inspect'),
  'task-limit': async () => taskCommand('task-limit'),
  'task-register': async () => taskCommand('task-register'),
  'task-list': async () => taskCommand('task-list'),
  'task-start': async () => taskCommand('task-start'),
  'task-remove': async () => taskCommand('task-remove'),
};

/** Every command, by name: what the bridge takes as methods and the command line as commands. */
export const commands: ReadonlyMap<string, Command> = new Map(
  Object.entries(loads).map(([name, load]) => [
    name,
    { name, run: async (engine, params, output, signal) => (await load()).run(engine, params, output, signal) },
  ]),
);

async function taskCommand(name: string): Promise<Command> {
  const { systemScheduler, taskCommands } = await import('./tasks.ts');
  const found = taskCommands(systemScheduler).find((one) => one.name === name);
  if (!found) throw new TypeError(`There is no command ${name}.`);
  return found;
}
