import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Environment } from '../environment.ts';
import type { NhserverSigns } from './nhserver-advice.ts';

/** The output of a program, also of one that failed; empty where it cannot be started. */
type Ask = (program: string, args: readonly string[]) => Promise<string>;

/**
 * Looks for NHserver's task or service on this machine; elsewhere than on Windows nothing is looked at. Windows shows an account
 * that is no administrator, or not started as one, its own tasks and few others.
 */
export async function nhserverOnWindows(
  { platform, variables }: Pick<Environment, 'platform' | 'variables'>,
  ask: Ask = askProgram,
): Promise<Pick<NhserverSigns, 'here' | 'lookedHere' | 'tasksHidden'>> {
  if (platform !== 'win32') return { lookedHere: false };
  const system = join(variables['SystemRoot'] ?? 'C:\\Windows', 'System32');
  const sc = join(system, 'sc.exe');
  const tasks = tasksIn(await ask(join(system, 'schtasks.exe'), ['/Query', '/XML']));
  // Without a buffer of its greatest size it may end in the middle.
  const services = servicesIn(await ask(sc, ['query', 'type=', 'service', 'state=', 'all', 'bufsize=', '262144']));
  const found = [...taskSigns(tasks), ...(await serviceSigns(services, sc, ask))];
  const here = found.find((one) => one.enabled) ?? found[0];
  // Every Windows has tasks and services: an empty list is one that could not be had, and says nothing of what is not in it.
  const listed = tasks.length > 0 && services.length > 0;
  const hidden = here === undefined && listed && !seesAllTasks(await ask(join(system, 'whoami.exe'), ['/groups']));
  const lookedHere = here !== undefined || (listed && !hidden);
  return { lookedHere, ...(here && { here }), ...(hidden && { tasksHidden: true }) };
}

/** Whether an account, by its groups, is an administrator with the rights of one: of high integrity, or the system's. */
function seesAllTasks(groups: string): boolean {
  return /\bS-1-5-32-544\b/.test(groups) && /\bS-1-16-(12288|16384)\b/.test(groups);
}

type Task = { readonly path: string; readonly xml: string };

function taskSigns(tasks: readonly Task[]): { name: string; enabled: boolean }[] {
  return tasks
    .filter(({ path, xml }) => /nhserver/i.test(path) || /<Command>[^<]*nhserver/i.test(xml))
    .map(({ path, xml }) => {
      const settings = /<Settings>[\s\S]*<\/Settings>/.exec(xml)?.[0] ?? '';
      return { name: `the task ${path}`, enabled: !/<Enabled>false<\/Enabled>/.test(settings) };
    });
}

/** `schtasks /Query /XML` gives every task, each behind a comment with its path; over a damaged one it fails. */
function tasksIn(output: string): Task[] {
  const pattern = /<!--\s*(\\[^\r\n]*?)\s*-->\s*(?:<\?xml[^>]*\?>\s*)?(<Task[\s>][\s\S]*?<\/Task>)/g;
  return [...output.matchAll(pattern)].map((found) => ({ path: found[1] as string, xml: found[2] as string }));
}

/** The words in sc.exe's output differ with Windows' language; names and the number of the start type do not. */
function servicesIn(listing: string): string[] {
  return [...listing.matchAll(/^SERVICE_NAME\s*:\s*(.*?)\s*$/gim)].map((one) => one[1] as string);
}

async function serviceSigns(
  services: readonly string[],
  program: string,
  ask: Ask,
): Promise<{ name: string; enabled: boolean }[]> {
  return Promise.all(
    services
      .filter((name) => /nhserver/i.test(name))
      .map(async (name) => {
        const start = /:\s*(\d)\s+\w+_START|:\s*(4)\s+DISABLED/.exec(await ask(program, ['qc', name]));
        return { name: `the service ${name}`, enabled: start?.[2] === undefined };
      }),
  );
}

const askProgram: Ask = (program, args) =>
  new Promise((resolve) => {
    const options = { maxBuffer: 64 * 1024 * 1024, windowsHide: true };
    const child = execFile(program, args, options, (_, stdout) => resolve(stdout));
    child.stdin?.on('error', () => undefined).end();
  });
