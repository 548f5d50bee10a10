import { commands } from '../commands/registry.ts';
import { Engine } from '../commands/engine.ts';
import type { Environment } from '../environment.ts';
import { shownText } from '../shown-text.ts';
import { present, warningsBeside } from './present.ts';
import { progressLines } from './progress-lines.ts';

/** A command as the command line gives it. */
export interface CommandCall {
  readonly command: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly config?: string;
  readonly json: boolean;
}

/** Runs a command, shows what it came to, and answers the exit code. */
export async function runCommand(call: CommandCall, environment: Environment): Promise<number> {
  const command = commands.get(call.command);
  if (!command) throw new Error(`There is no command ${call.command}.`);
  const cancel = new AbortController();
  const stop = (): void => {
    // The second Ctrl-C does not wait for a safe point.
    if (cancel.signal.aborted) process.exit(130);
    cancel.abort();
    process.stderr.write('\nStopping after the batch at hand; press Ctrl-C again to stop at once.\n');
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const progress = progressLines(process.stderr, call.json);
  try {
    await using engine = new Engine(environment, call.config, {}, progress.warn);
    const { data, exitCode } = await command.run(engine, call.params, { progress: progress.show }, cancel.signal);
    progress.end();
    process.stdout.write(call.json ? `${JSON.stringify(data)}\n` : shownText(await present(call.command, data)));
    if (!call.json) for (const warning of warningsBeside(call.command, data)) progress.warn(warning);
    return exitCode;
  } finally {
    progress.end();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
