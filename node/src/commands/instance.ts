import { UsageError } from '../errors/command-errors.ts';
import { createInstance } from '../instances/create-instance.ts';
import { textOf, type Command } from './command.ts';

/** Makes a folder with an appsettings.json, `logs` and `state`. */
export const instanceNew: Command = {
  name: 'instance-new',
  async run(engine, params) {
    const path = textOf(params, 'path');
    if (!path) throw new UsageError('instance new needs the folder to make.');
    const copyFrom = textOf(params, 'copyFrom') ?? engine.configPath;
    const wanted = { path, ...(copyFrom && { copyFrom }) };
    return { data: await createInstance(wanted, engine.environment, engine.registry), exitCode: 0 };
  },
};
