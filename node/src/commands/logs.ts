import { UsageError } from '../errors/command-errors.ts';
import { lineText } from '../logging/line-text.ts';
import { logLevels, readLog, type LogLine } from '../logging/read-log.ts';
import { command } from './command.ts';
import { momentOf } from './params.ts';

const shape = {
  run: 'text',
  level: 'text',
  integration: 'text',
  entity: 'text',
  since: 'text',
  tail: 'number',
} as const;

/** Lines of an instance's log, oldest first; works with settings that are broken, too. */
export const logs = command('logs', shape, async (engine, { run, integration, entity, tail, ...params }) => {
  const level = params.level?.toLowerCase() as LogLine['level'] | undefined;
  if (level && !logLevels.includes(level))
    throw new UsageError(`There is no log level "${level}".`, `Use one of: ${logLevels.join(', ')}.`);
  const since = momentOf('since', params.since, engine.environment.clock.now());
  const lines = await readLog(await engine.instanceFolder(), {
    ...(level && { level }),
    ...(run && { run }),
    ...(integration && { integration }),
    ...(entity && { entity }),
    ...(since && { since }),
    ...(tail && { tail }),
  });
  return { data: { lines: lines.map((line) => ({ ...line, text: lineText(line) })) }, exitCode: 0 };
});
