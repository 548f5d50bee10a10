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
