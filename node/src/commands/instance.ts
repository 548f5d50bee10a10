import { UsageError } from '../errors/command-errors.ts';
import { createInstance } from '../instances/create-instance.ts';
import { listInstances } from '../instances/list-instances.ts';
import { command } from './command.ts';

/** Makes a folder with an appsettings.json, `logs` and `state`. */
export const instanceNew = command(
  'instance-new',
  { path: 'text', copyFrom: 'text' },
  async (engine, { path, copyFrom = engine.configPath }) => {
    if (!path) throw new UsageError('instance new needs the folder to make.');
    const wanted = { path, ...(copyFrom && { copyFrom }) };
    return { data: await createInstance(wanted, engine.environment, engine.registry), exitCode: 0 };
  },
);

/** The instances in some folders, as their settings have them; those in the working folder where none is named. */
export const instanceList = command(
  'instance-list',
  { paths: 'texts' },
  async ({ environment }, { paths = ['.'] }) => ({
    data: { instances: await listInstances(paths, environment) },
    exitCode: 0,
  }),
);
