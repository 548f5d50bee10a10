import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { RunRecord } from '../../../node/src/runs/run-record.ts';
import { engineMain } from '../engine-main.ts';

/** A finished engine process. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the engine as a process of its own. */
export function start(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  more: { readonly uid?: number; readonly gid?: number; readonly cwd?: string } = {},
): { child: ChildProcessWithoutNullStreams; ended: Promise<Ended> } {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, ['--no-warnings', engineMain, ...args], { env, ...more });
  const out: string[] = [];
  const err: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, stdout: out.join(''), stderr: err.join('') }));
  });
  return { child, ended };
}

/** Runs the engine to its end. */
export function run(...args: readonly string[]): Promise<Ended> {
  return start(args).ended;
}

/** The instance's runs as another prompt sees them. */
export async function runsOf(settings: string, ...more: readonly string[]): Promise<RunRecord[]> {
  const { stdout, stderr } = await run('runs', '--json', '--config', settings, ...more);
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as { runs: RunRecord[] }).runs;
}

/** Looks again and again until there is something to see; gives up after many looks, so that a test fails and does not hang. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let looks = 0; looks < 1000; looks++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('What was waited for did not come.');
}
