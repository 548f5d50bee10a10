import type { CommandResult } from '../commands/command.ts';
import { fitToShow } from '../commands/fit-to-show.ts';
import { commands } from '../commands/registry.ts';
import { Engine } from '../commands/engine.ts';
import type { Environment } from '../environment.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import { shownJson, shownText } from '../shown-text.ts';
import { givesItems, presentItem } from './present-items.ts';
import { present, warningsBeside } from './present.ts';
import { progressLines } from './progress-lines.ts';
import { fittedFor, terminalOf } from './terminal.ts';

/** A command as the command line gives it. */
export interface CommandCall {
  readonly command: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly config?: string;
  readonly json: boolean;
}

/** Resolves when the output has taken the text, or takes none any more. */
async function written(text: string): Promise<void> {
  if (!process.stdout.write(text))
    await new Promise<void>((resolve) => void process.stdout.once('drain', resolve).once('close', resolve));
}

async function forReader(command: string, data: unknown): Promise<string> {
  const text = shownText(await present(command, data));
  return proseCommands.has(command) ? fittedFor(process.stdout, text, 5) : text;
}

/** Objects of a long list, each of a line that begins at the left and goes on further in. */
async function itemsForReader(command: string, some: readonly unknown[]): Promise<string> {
  return fittedFor(process.stdout, some.map((one) => `${shownText(presentItem(command, one))}\n`).join(''), 4);
}

/** Commands whose text is sentences; what others give is fitted already, or is for programs. */
const proseCommands = new Set([
  'test',
  'logs',
  'report',
  'stop',
  'instance-new',
  'task-register',
  'undo',
  'changes',
  'rejections',
]);

/** What asks a command to stop: Ctrl-C, `kill`, Ctrl-Break, and a window or session that is closed. */
const endings = ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP'] as const;

/**
 * Runs a command, shows what it came to, and answers the exit code.
 * @param secrets learns what must not be shown, for this and for the error that the command may end with
 */
export async function runCommand(call: CommandCall, environment: Environment, secrets: KnownSecrets): Promise<number> {
  const command = commands.get(call.command);
  if (!command) throw new Error(`There is no command ${call.command}.`);
  const terminal = terminalOf(process.stderr);
  const cancel = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    // A window that is closed tells it once; the second Ctrl-C does not wait for a safe point.
    if (cancel.signal.aborted && signal !== 'SIGHUP') process.exit(130);
    cancel.abort();
    if (signal === 'SIGHUP') environment.windows?.consoleCloses();
    terminal.write('\nStopping after the batch at hand; press Ctrl-C again to stop at once.\n');
  };
  for (const ending of endings) process.on(ending, stop);
  const fold = terminal.rewrites ? (await import('./wrapped.ts')).wrapped : undefined;
  const progress = progressLines(terminal, call.json, fold);
  const items = async (some: readonly unknown[]): Promise<void> => {
    const known = secrets.mask(some);
    const lines = (): string => known.map((one) => `${shownJson(JSON.stringify(one))}\n`).join('');
    if (process.stdout.isTTY) {
      // They would go on in the line that is rewritten.
      progress.clear();
      await terminal.flush();
    }
    await written(call.json ? lines() : await itemsForReader(call.command, known));
  };
  let result: CommandResult;
  try {
    await using engine = new Engine(
      environment,
      call.config,
      {},
      { warned: progress.warn, step: progress.step },
      secrets,
    );
    const { data, exitCode } = await command.run(
      engine,
      call.params,
      { progress: progress.show, items },
      cancel.signal,
    );
    await engine.knowSecrets();
    result = { data: fitToShow(call.command, data, secrets), exitCode };
    if (!call.json) for (const warning of warningsBeside(call.command, result.data)) progress.warn(warning);
  } finally {
    progress.end();
    for (const ending of endings) process.off(ending, stop);
  }
  // Whoever reads may take his time: by now nothing is held any more.
  await terminal.close();
  const { data, exitCode } = result;
  // Of what was given object by object, there is no more to say in JSON.
  if (call.json && givesItems(call.command)) return exitCode;
  process.stdout.write(call.json ? `${shownJson(JSON.stringify(data))}\n` : await forReader(call.command, data));
  return exitCode;
}
