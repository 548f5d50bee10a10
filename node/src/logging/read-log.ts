import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { LogFolderError } from '../errors/config-errors.ts';
import { systemReason } from '../errors/reason-of.ts';
import { cutText } from '../shown-text.ts';
import { logFilePattern } from './log-files.ts';

/** One line of the log; facts beside its message keep their names. */
export interface LogLine {
  readonly time: string;
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly message: string;
  readonly [fact: string]: unknown;
}

/** Which lines are wanted. */
export interface LogFilter {
  /** The least level: `warn` gives warnings and errors. */
  readonly level?: LogLine['level'];
  /** A run's id or its beginning. */
  readonly run?: string;
  readonly integration?: string;
  readonly entity?: string;
  readonly since?: Date;
  /** How many at most, the newest. */
  readonly tail?: number;
}

/** Characters of a line that cannot be read: what a power failure leaves may be a file of NULs. */
const longestUnreadable = 500;
const weights = { error: 0, warn: 1, info: 2, debug: 3 };

/** The log's levels, the gravest first. */
export const logLevels = Object.keys(weights) as readonly LogLine['level'][];

/** The lines that fit, oldest first, from today's file and those rotated away. No folder means no lines. */
export async function readLog(instanceFolder: string, filter: LogFilter): Promise<LogLine[]> {
  const folder = join(instanceFolder, 'logs');
  const tail = filter.tail ?? Infinity;
  let lines: LogLine[] = [];
  for (const name of (await logFiles(folder)).reverse()) {
    const day = logFilePattern.exec(name)?.[1] as string;
    // Files are named by local day and lines are stamped in UTC: a day apart at most.
    if (filter.since && new Date(`${day}T00:00:00Z`).getTime() + 2 * 86_400_000 < filter.since.getTime()) break;
    lines = [...(await linesIn(join(folder, name), filter, tail - lines.length)), ...lines];
    if (lines.length >= tail) break;
  }
  return lines;
}

/** The log's files, the oldest first. */
async function logFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new LogFolderError(folder, error);
  });
  const order = (name: string): string => {
    const [, day, part] = logFilePattern.exec(name) as RegExpExecArray;
    return `${day} ${(part ?? '0').padStart(9, '0')}`;
  };
  return names.filter((name) => logFilePattern.test(name)).sort((a, b) => order(a).localeCompare(order(b)));
}

async function linesIn(path: string, filter: LogFilter, most: number): Promise<LogLine[]> {
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  file.on('error', (error) => input.destroy(error));
  const kept: LogLine[] = [];
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      if (text.trim() === '') continue;
      const line = parse(text);
      if (!fits(line, filter)) continue;
      kept.push(line);
      // The newest are wanted; the array is cut now and then rather than at every line.
      if (kept.length > most * 2 + 1000) kept.splice(0, kept.length - most);
    }
  } catch (error) {
    // The other files are read all the same.
    const reason = systemReason(error) ?? 'it is damaged';
    kept.push({ time: '', level: 'warn', message: `${path} cannot be read to its end: ${reason}.`, unreadable: true });
  }
  return kept.length > most ? kept.slice(kept.length - most) : kept;
}

/** A line that a killed process left half written is shown as it is, no longer than a screen; what is lost in NULs is not. */
function parse(text: string): LogLine {
  try {
    const line = JSON.parse(text) as LogLine;
    if (typeof line === 'object' && line !== null && typeof line.message === 'string') return line;
  } catch {
    // What is not JSON is told below.
  }
  return {
    time: '',
    level: 'warn',
    message: cutText(text.replaceAll(/\0+/g, '\ufffd'), longestUnreadable),
    unreadable: true,
  };
}

function fits(line: LogLine, filter: LogFilter): boolean {
  const same = (fact: unknown, wanted: string | undefined): boolean =>
    wanted === undefined || (typeof fact === 'string' && fact.toLowerCase() === wanted.toLowerCase());
  if (filter.level && (weights[line.level] ?? 0) > weights[filter.level]) return false;
  if (filter.since && !(line.time !== '' && new Date(line.time) >= filter.since)) return false;
  if (filter.run && !(typeof line['run'] === 'string' && line['run'].startsWith(filter.run.toLowerCase())))
    return false;
  return same(line['integration'], filter.integration) && same(line['entity'], filter.entity);
}
