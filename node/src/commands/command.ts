import { UsageError } from '../errors/command-errors.ts';
import type { SyncEvent } from '../sync/sync.ts';
import type { Engine } from './engine.ts';

/** What a command says while it runs. */
export interface CommandOutput {
  progress(event: SyncEvent): void;
}

/** What a command came to: plain data for the bridge and `--json`, and the exit code. */
export interface CommandResult {
  readonly data: unknown;
  readonly exitCode: number;
}

/** Something that can be asked of the engine, from the command line and over the bridge alike. */
export interface Command {
  readonly name: string;
  run(
    engine: Engine,
    params: Readonly<Record<string, unknown>>,
    output: CommandOutput,
    signal: AbortSignal,
  ): Promise<CommandResult>;
}

/** A text parameter; undefined where it is absent. */
export function textOf(params: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = params[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A list of texts; undefined where it is absent or empty. */
export function textsOf(params: Readonly<Record<string, unknown>>, name: string): readonly string[] | undefined {
  const value = params[name];
  return Array.isArray(value) && value.length > 0 ? value.map(String) : undefined;
}

/** A whole number of 0 or more; undefined where it is absent. Throws UsageError. */
export function numberOf(params: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw new UsageError(`${name} must be a whole number, not ${String(value)}.`);
  return value;
}

/** A moment: a date, or a span back from now such as `2h`, `7d`; undefined where it is absent. Throws UsageError. */
export function dateOf(
  params: Readonly<Record<string, unknown>>,
  name: string,
  now: () => Date = () => new Date(),
): Date | undefined {
  const value = textOf(params, name);
  if (value === undefined) return undefined;
  const span = /^(\d+)\s*([mhd])$/i.exec(value);
  const milliseconds = { m: 60_000, h: 3_600_000, d: 86_400_000 }[span?.[2]?.toLowerCase() ?? ''];
  const date = milliseconds ? new Date(now().getTime() - Number(span?.[1]) * milliseconds) : new Date(value);
  if (Number.isNaN(date.getTime()))
    throw new UsageError(
      `${name} is neither a date nor a span: "${value}".`,
      'Write a date as 2026-11-24 or 2026-11-24T08:00:00Z, a span as 30m, 2h or 7d.',
    );
  return date;
}
