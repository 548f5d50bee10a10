import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SchedulerRefusedError, TaskPasswordError } from '../errors/schedule-errors.ts';
import { TASK_FOLDER } from './task-definition.ts';
import type { ScheduledTask, TaskScheduler } from './task-scheduler.ts';

/** What a program answered. */
type Run = (program: string, args: readonly string[]) => Promise<{ readonly code: number; readonly output: string }>;

/** The Task Scheduler of this Windows machine through its own schtasks.exe. No password ever goes through it. */
export function schtasksScheduler(systemRoot: string, run: Run = runProgram): TaskScheduler {
  const program = join(systemRoot, 'System32', 'schtasks.exe');
  const pathOf = (name: string): string => `${TASK_FOLDER}\\${name}`;
  const ask = async (what: string, args: readonly string[]): Promise<string> => {
    const { code, output } = await run(program, args);
    if (code !== 0) throw new SchedulerRefusedError(what, output.trim());
    return output;
  };
  return {
    async list() {
      const all = tasksIn(await ask('list its tasks', ['/Query', '/XML']));
      const own = all.filter((one) => one.path.toLowerCase().startsWith(`${TASK_FOLDER.toLowerCase()}\\`));
      return Promise.all(
        own.map(async ({ path, xml }) => {
          const details = await ask(`show ${path}`, ['/Query', '/TN', path, '/FO', 'CSV', '/V', '/NH']);
          return { name: path.slice(TASK_FOLDER.length + 1), xml, ...detailsIn(details) };
        }),
      );
    },
    async register(name, xml, account) {
      if (account.kind === 'password') throw new TaskPasswordError(account.name);
      const folder = await mkdtemp(join(tmpdir(), 'halo-task-'));
      try {
        const file = join(folder, 'task.xml');
        await writeFile(file, `\uFEFF${xml}`, { encoding: 'utf16le', mode: 0o600 });
        // A group managed service account has a password that Windows keeps: an empty one stands for it.
        const managed = account.kind === 'managed' ? ['/RU', account.userId, '/RP', ''] : [];
        await ask(`register ${name}`, ['/Create', '/TN', pathOf(name), '/XML', file, '/F', ...managed]);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    start: async (name) => void (await ask(`start ${name}`, ['/Run', '/TN', pathOf(name)])),
    remove: async (name) => void (await ask(`remove ${name}`, ['/Delete', '/TN', pathOf(name), '/F'])),
  };
}

/** `schtasks /Query /XML` gives every task, each behind a comment with its path. */
export function tasksIn(output: string): { readonly path: string; readonly xml: string }[] {
  const pattern = /<!--\s*(\\[^\r\n]*?)\s*-->\s*(?:<\?xml[^>]*\?>\s*)?(<Task[\s>][\s\S]*?<\/Task>)/g;
  return [...output.matchAll(pattern)].map((found) => ({ path: found[1] as string, xml: found[2] as string }));
}

/** One verbose line: host, name, next run, state, logon mode, last run, last result, … in the words of Windows' language. */
export function detailsIn(line: string): Omit<ScheduledTask, 'name' | 'xml'> {
  const fields = [...line.matchAll(/"((?:[^"]|"")*)"/g)].map((found) => (found[1] as string).replaceAll('""', '"'));
  const result = Number(fields[6]);
  return {
    ...(fields[2] && { nextRun: fields[2] }),
    ...(fields[3] && { state: fields[3] }),
    ...(fields[5] && { lastRun: fields[5] }),
    ...(fields[6] && Number.isInteger(result) && { lastResult: result }),
  };
}

const runProgram: Run = (program, args) =>
  new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 64 * 1024 * 1024, windowsHide: true }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number')
        reject(new SchedulerRefusedError('start schtasks.exe', error.message));
      else resolve({ code: Number(error?.code ?? 0), output: error ? stderr || stdout : stdout });
    });
  });
