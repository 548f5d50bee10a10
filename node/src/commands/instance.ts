import { UsageError } from '../errors/command-errors.ts';
import { createInstance } from '../instances/create-instance.ts';
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
