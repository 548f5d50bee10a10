import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import winston from 'winston';
import DailyRotateFile from 'winston-daily-rotate-file';
import { LogFolderError } from '../errors/config-errors.ts';
import { makeOwnFolder, ownFile } from '../own-files.ts';
import { cutText } from '../shown-text.ts';
import { lineText, placeOf } from './line-text.ts';
import { DayBound } from './day-bound.ts';
import { logFileName, logFilePattern } from './log-files.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';

/** Facts beside a log line's message. */
export type LogFields = Readonly<Record<string, unknown>>;

const usualBytesADay = 100 * 1024 * 1024;
/** Characters of a text in a line: a vendor may name a record by megabytes. */
const longestText = 4000;
const full =
  'The log of this day is as large as it may be (Logging.MaxMegabytesPerDay): lines are left out until tomorrow, errors for a while not';

/** The instance's log. */
export interface Log {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** The same log with fields said on every line. */
  child(fields: LogFields): Log;
  /** Resolves when everything is on disk. */
  close(): Promise<void>;
}

export interface LogOptions {
  /** The instance's folder; lines go to its `logs`. */
  readonly folder: string;
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly retentionDays: number;
  /** Bytes that the log of a day may take. Default: 100 MB. */
  readonly mostBytesADay?: number;
  /** What must never be written. */
  readonly secrets: KnownSecrets;
  /** Told the warnings that speak for themselves, for who watches; those with facts are about a record, and in the result. */
  readonly warned?: ((message: string) => void) | undefined;
  /** Told every line in words, whatever the level of the file. */
  readonly told?: ((line: string) => void) | undefined;
  /** Told once, when the log takes no more lines (a full disk); what is at work goes on without it. */
  readonly broken?: (error: LogFolderError) => void;
}

/** Opens `<folder>/logs/halo-db-integrator-YYYY-MM-DD.log`, one JSON object a line. Throws LogFolderError. */
export async function createLog(options: LogOptions): Promise<Log> {
  const { secrets } = options;
  const folder = join(options.folder, 'logs');
  const today = join(folder, logFileName(new Date()));
  let used = folder;
  try {
    await makeOwnFolder(folder);
    used = today;
    // A file that is locked or not ours must be known now: the log's own stream would tell nobody.
    await (await open(today, 'a', ownFile)).close();
  } catch (error) {
    throw new LogFolderError(used, error);
  }
  // Left by an earlier release: a list of what to delete, by whole paths, which in a copied folder are those of the original.
  await rm(join(folder, '.rotation.json'), { force: true }).catch(() => undefined);
  await forgetOlderThan(options.retentionDays, folder);
  const file = new DailyRotateFile({
    dirname: folder,
    filename: 'halo-db-integrator-%DATE%.log',
    datePattern: 'YYYY-MM-DD',
    options: { flags: 'a', mode: ownFile },
  });
  // A run may go on for days.
  file.on('rotate', () => void forgetOlderThan(options.retentionDays, folder));
  const logger = winston.createLogger({
    level: options.level,
    // Lines come as they are to be written: how long one is decides whether it is.
    format: winston.format.printf(({ message }) => String(message)),
    transports: [file],
  });
  const broken = new Promise<unknown>((resolve) => {
    // The stream that writes tells nobody but its own listeners, and an error without one would end the process.
    const { logStream } = file as unknown as { readonly logStream: NodeJS.EventEmitter };
    for (const emitter of [logStream, file, logger]) emitter.on('error', resolve);
  });
  void broken.then((error) => options.broken?.(new LogFolderError(folder, error)));
  const close = async (): Promise<void> => {
    const finished = new Promise((resolve) => file.once('finish', resolve));
    logger.end();
    await Promise.race([finished, broken]);
  };
  const warned = options.warned && ((message: string): void => options.warned?.(secrets.text(message)));
  const bound = new DayBound(folder, options.mostBytesADay ?? usualBytesADay);
  return logOf({ logger, secrets, bound, close, warned, told: options.told }, {});
}

/** A log that is written nowhere, for who only reads and may not write in the instance's folder. Warnings reach who watches. */
export function unwrittenLog({ secrets, warned, told }: Pick<LogOptions, 'secrets' | 'warned' | 'told'>): Log {
  const logger = winston.createLogger({ silent: true });
  return logOf(
    { logger, secrets, close: async () => {}, warned: warned && ((message) => warned(secrets.text(message))), told },
    {},
  );
}

/** By their names, whoever wrote them: a run, or the last words of one that did not start. What cannot be deleted stays. */
async function forgetOlderThan(days: number, folder: string): Promise<void> {
  const first = logFileName(new Date(Date.now() - days * 86_400_000));
  const names = await readdir(folder).catch(() => []);
  const old = names.filter((name) => logFilePattern.test(name) && name.slice(0, first.length) < first);
  // One that another process holds open goes at the next start.
  await Promise.all(old.map((name) => rm(join(folder, name), { force: true }).catch(() => undefined)));
}

interface LogParts {
  readonly logger: winston.Logger;
  readonly secrets: KnownSecrets;
  readonly bound?: DayBound;
  readonly close: Log['close'];
  readonly warned: LogOptions['warned'];
  readonly told: LogOptions['told'];
}

function logOf(parts: LogParts, always: LogFields): Log {
  const { logger, secrets, bound, warned, told } = parts;
  const write =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      const enabled = !logger.silent && logger.isLevelEnabled(level);
      if (told && (enabled || level !== 'debug'))
        told(`${level}: ${lineText(cutTexts(secrets.maskNamed({ ...always, ...fields, message })))}`);
      if (!enabled) return;
      const now = new Date();
      const line = lineOf(secrets, now, level, message, { ...always, ...fields });
      const fate = bound?.take(Buffer.byteLength(line) + 1, level, now) ?? 'write';
      if (fate === 'tell') logger.log({ level: 'warn', message: lineOf(secrets, now, 'warn', full, always) });
      if (fate === 'write') logger.log({ level, message: line });
    };
  return {
    error: write('error'),
    warn: (message, fields) => {
      write('warn')(message, fields);
      if (fields === undefined) warned?.(`${placeOf(always)}${message}`);
    },
    info: write('info'),
    debug: write('debug'),
    child: (fields) => logOf(parts, { ...always, ...fields }),
    close: parts.close,
  };
}

function lineOf(secrets: KnownSecrets, now: Date, level: string, message: string, fields: LogFields): string {
  return JSON.stringify(cutTexts(secrets.maskNamed({ time: now.toISOString(), level, message, ...fields })));
}

/** The same with none of its texts longer than a page. */
function cutTexts<T>(value: T): T {
  if (typeof value === 'string') return cutText(value, longestText) as T;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((one: unknown) => cutTexts(one)) as T;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cutTexts<unknown>(one)])) as T;
}
