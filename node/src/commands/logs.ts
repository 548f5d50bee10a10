import { UsageError } from '../errors/command-errors.ts';
import { logLevels, readLog, type LogLine } from '../logging/read-log.ts';
import { dateOf, numberOf, textOf, type Command } from './command.ts';

/** Lines of an instance's log, oldest first; works with settings that are broken, too. */
export const logs: Command = {
  name: 'logs',
  async run(engine, params) {
    const level = textOf(params, 'level')?.toLowerCase() as LogLine['level'] | undefined;
    if (level && !logLevels.includes(level))
      throw new UsageError(`There is no log level "${level}".`, `Use one of: ${logLevels.join(', ')}.`);
    const run = textOf(params, 'run');
    const integration = textOf(params, 'integration');
    const entity = textOf(params, 'entity');
    const since = dateOf(params, 'since');
    const tail = numberOf(params, 'tail');
    const lines = await readLog(await engine.instanceFolder(), {
      ...(level && { level }),
      ...(run && { run }),
      ...(integration && { integration }),
      ...(entity && { entity }),
      ...(since && { since }),
      ...(tail && { tail }),
    });
    return { data: { lines }, exitCode: 0 };
  },
};
