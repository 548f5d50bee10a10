import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Environment } from '../environment.ts';
import type { NhserverSigns } from './nhserver-advice.ts';

/** The output of a program; empty where it failed, since what cannot be asked tells nothing. */
type Ask = (program: string, args: readonly string[]) => Promise<string>;

/** Looks for NHserver's task or service on this machine; elsewhere than on Windows nothing is looked at. */
export async function nhserverOnWindows(
  { platform, variables }: Pick<Environment, 'platform' | 'variables'>,
  ask: Ask = askProgram,
): Promise<Pick<NhserverSigns, 'here' | 'lookedHere'>> {
  if (platform !== 'win32') return { lookedHere: false };
  const system = join(variables['SystemRoot'] ?? 'C:\\Windows', 'System32');
  const tasks = await ask(join(system, 'schtasks.exe'), ['/Query', '/XML']);
  const found = [...taskSigns(tasks), ...(await serviceSigns(join(system, 'sc.exe'), ask))];
  const here = found.find((one) => one.enabled) ?? found[0];
  return { lookedHere: true, ...(here && { here }) };
}

function taskSigns(listing: string): { name: string; enabled: boolean }[] {
  return tasksIn(listing)
    .filter(({ path, xml }) => /nhserver/i.test(path) || /<Command>[^<]*nhserver/i.test(xml))
    .map(({ path, xml }) => {
      const settings = /<Settings>[\s\S]*<\/Settings>/.exec(xml)?.[0] ?? '';
      return { name: `the task ${path}`, enabled: !/<Enabled>false<\/Enabled>/.test(settings) };
    });
}

/** `schtasks /Query /XML` gives every task, each behind a comment with its path. */
function tasksIn(output: string): { readonly path: string; readonly xml: string }[] {
  const pattern = /<!--\s*(\\[^\r\n]*?)\s*-->\s*(?:<\?xml[^>]*\?>\s*)?(<Task[\s>][\s\S]*?<\/Task>)/g;
  return [...output.matchAll(pattern)].map((found) => ({ path: found[1] as string, xml: found[2] as string }));
}

/** The words in sc.exe's output differ with Windows' language; names and the number of the start type do not. */
async function serviceSigns(program: string, ask: Ask): Promise<{ name: string; enabled: boolean }[]> {
  const listing = await ask(program, ['query', 'type=', 'service', 'state=', 'all']);
  const names = [...listing.matchAll(/^SERVICE_NAME\s*:\s*(.*nhserver.*?)\s*$/gim)].map((one) => one[1] as string);
  return Promise.all(
    names.map(async (name) => {
      const start = /:\s*(\d)\s+\w+_START|:\s*(4)\s+DISABLED/.exec(await ask(program, ['qc', name]));
      return { name: `the service ${name}`, enabled: start?.[2] === undefined };
    }),
  );
}

const askProgram: Ask = (program, args) =>
  new Promise((resolve) => {
    execFile(program, args, { maxBuffer: 64 * 1024 * 1024, windowsHide: true }, (error, stdout) =>
      resolve(error ? '' : stdout),
    );
  });
