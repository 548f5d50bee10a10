import { execFile } from 'node:child_process';
import { win32 } from 'node:path';
import { writtenSecrets } from '../config/secrets.ts';
import type { LoadedSettings } from '../config/settings.ts';
import type { Environment } from '../environment.ts';
import type { IntegrationFacts } from '../integrations/integration.ts';
import { powerShellText } from '../schedule/command-line-text.ts';

/** The access rights of a file as Windows writes them in text (SDDL); empty where they cannot be had. */
type RightsOf = (path: string, systemRoot: string) => Promise<string>;

/** The groups that ordinary users are in, as SDDL writes them. */
const groups: readonly (readonly [account: RegExp, name: string])[] = [
  [/^(WD|S-1-1-0)$/, 'Everyone'],
  [/^(AU|S-1-5-11)$/, 'Authenticated Users'],
  [/^(BU|S-1-5-32-545)$/, 'Users'],
  [/^(IU|S-1-5-4)$/, 'Interactive'],
  [/^(DU|S-1-5-21-.*-513)$/, 'Domain Users'],
];

/** Secrets that stand in the settings as plain text, and whom Windows lets read them. */
export interface ExposedSecrets {
  readonly settings: readonly string[];
  readonly readers: readonly string[];
  /** What takes it from them. */
  readonly fix: string;
}

/**
 * Plain secrets in the settings that ordinary users of the machine may read, as they may what is made under `C:\`. Its rights are not
 * changed unasked: that would shut out accounts of tasks. Undefined where there are none, or where Windows does not say.
 */
export async function exposedSecrets(
  { path, folder, settings }: Pick<LoadedSettings, 'path' | 'folder' | 'settings'>,
  { platform, variables }: Pick<Environment, 'platform' | 'variables'>,
  registry: readonly IntegrationFacts[],
  rightsOf: RightsOf = askWindows,
): Promise<ExposedSecrets | undefined> {
  if (platform !== 'win32') return undefined;
  const plain = writtenSecrets(settings, registry).filter(([, value]) => typeof value === 'string' && value !== '');
  if (plain.length === 0) return undefined;
  const readers = readersIn(await rightsOf(path, variables['SystemRoot'] ?? 'C:\\Windows'));
  if (readers.length === 0) return undefined;
  return {
    settings: plain.map(([keys]) => keys.join('.')),
    readers,
    fix:
      `In a PowerShell started as administrator: icacls ${powerShellText(folder)} /inheritance:r ` +
      `/grant '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' (SYSTEM and the administrators), and behind these ` +
      `'DOMAIN\\account$:(OI)(CI)M' for the account of the task where it is another.`,
  };
}

/** The groups that an access list lets read. */
function readersIn(sddl: string): string[] {
  if (sddl.includes('NO_ACCESS_CONTROL')) return ['Everyone'];
  const entries = [...sddl.matchAll(/\(A;([A-Z]*);([^;)]*);[^;)]*;[^;)]*;([^;)]+)\)/g)];
  // One that is for what lies within only (IO) is none of the file's own.
  const accounts = entries.flatMap(([, flags = '', rights = '', account = '']) =>
    pairs(flags).includes('IO') || !reads(rights) ? [] : [account],
  );
  return groups.filter(([group]) => accounts.some((account) => group.test(account))).map(([, name]) => name);
}

/** Whether rights hold FILE_READ_DATA (the first bit, which SDDL calls CC), or a generic right that brings it. */
function reads(rights: string): boolean {
  if (/^0x/i.test(rights)) return (Number(rights) & 0x9000_0001) !== 0;
  return pairs(rights).some((right) => ['FA', 'FR', 'GA', 'GR', 'CC'].includes(right));
}

function pairs(text: string): string[] {
  return text.match(/../g) ?? [];
}

/** No cmdlet: where PowerShell 7 started the engine, 5.1 would look for it among the other's modules. */
const askWindows: RightsOf = (path, systemRoot) => {
  const program = win32.join(systemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
  const script = `[IO.File]::GetAccessControl(${powerShellText(path)}).GetSecurityDescriptorSddlForm('Access')`;
  const encoded = Buffer.from(script, 'utf16le').toString('base64');
  const args = ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded];
  return new Promise((resolve) => {
    const child = execFile(program, args, { windowsHide: true, timeout: 30_000 }, (error, stdout) =>
      resolve(error ? '' : stdout.trim()),
    );
    // It may wait for the end of its input, which otherwise comes with the engine's own.
    child.stdin?.on('error', () => undefined).end();
  });
};
