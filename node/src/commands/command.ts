import type { SyncEvent } from '../sync/sync.ts';
import type { Engine } from './engine.ts';
import { givenParams, type Given, type Shape } from './params.ts';

/** What a command says while it runs. */
export interface CommandOutput {
  progress(event: SyncEvent): void;
  /** Gives objects of a list that is too long to be given as a whole; resolves when they are taken. */
  items(some: readonly unknown[]): Promise<void>;
}

/** What a command came to: plain data for the bridge and `--json`, and the exit code. */
export interface CommandResult {
  readonly data: unknown;
  readonly exitCode: number;
}

/** Something that can be asked of the engine, from the command line and over the bridge alike. */
export interface Command {
  readonly name: string;
  /** @param params as they came; what the command does not take is refused with UsageError */
  run(
    engine: Engine,
    params: Readonly<Record<string, unknown>>,
    output: CommandOutput,
    signal: AbortSignal,
  ): Promise<CommandResult>;
}

/** A command that takes parameters of a shape. */
export function command<S extends Shape>(
  name: string,
  shape: S,
  run: (engine: Engine, params: Given<S>, output: CommandOutput, signal: AbortSignal) => Promise<CommandResult>,
): Command {
  return {
    name,
    run: async (engine, params, output, signal) => run(engine, givenParams(name, shape, params), output, signal),
  };
}
