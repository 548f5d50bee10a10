import type { SettingsFile } from './settings-content.ts';
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { distance } from 'fastest-levenshtein';
import type { Environment } from '../environment.ts';
import {
  SettingsInvalidError,
  SettingsNameError,
  SettingsNotFoundError,
  SettingsUnreadableError,
} from '../errors/config-errors.ts';
import { spelledContent } from './spelled-content.ts';
import { jsonFault } from './json-fault.ts';
import { nestsDeeper } from '../json-nesting.ts';
import { membersTwice, stripComments } from './jsonc.ts';

/** The name every settings file has. */
export const SETTINGS_FILE = 'appsettings.json';

/**
 * The full path of the settings file meant: a file, a folder that holds one, or nothing for the engine's own.
 * With `exactName`, a file of another name is refused.
 */
export async function locateSettings(
  path: string | undefined,
  environment: Environment,
  exactName = false,
): Promise<string> {
  if (path === undefined) return join(environment.engineFolder, SETTINGS_FILE);
  const full = resolve(environment.workingFolder, path);
  const found = await environment.fs.stat(full).catch(() => undefined);
  const named = basename(full).toLowerCase() === SETTINGS_FILE;
  // A folder of the file's own name is a slip, not an instance: reading it says so.
  if (found?.isDirectory() && !named) return join(full, SETTINGS_FILE);
  if (exactName && !found && extname(full) === '') throw new SettingsNotFoundError(join(full, SETTINGS_FILE));
  if (exactName && !named) throw new SettingsNameError(full);
  return full;
}

/** Reads and parses; a byte order mark, comments and trailing commas are allowed. */
export async function readSettingsFile(path: string, environment: Environment): Promise<SettingsFile> {
  const bytes = await environment.fs.readFile(path).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw new SettingsUnreadableError(path, error);
    throw new SettingsNotFoundError(path, await misnamedIn(dirname(path), environment));
  });
  const text = decode(path, bytes);
  return {
    path,
    folder: dirname(path),
    fingerprint: createHash('sha256').update(bytes).digest('hex'),
    text,
    content: spelledContent({ path, content: parse(path, text) }, []),
  };
}

/** A file in the folder whose name is a slip of the settings file's: a letter too few, or Windows' hidden `.txt` behind it. */
async function misnamedIn(folder: string, { fs }: Environment): Promise<string | undefined> {
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  if (names.includes(SETTINGS_FILE)) return SETTINGS_FILE;
  return names.find((name) => {
    const plain = name.toLowerCase().replace(/\.txt$/, '');
    return distance(plain, SETTINGS_FILE) <= 3;
  });
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    const problem = wide ? 'is UTF-16 and not UTF-8' : `is not UTF-8: line ${lineOfFirstFault(bytes)}`;
    const fix = 'save it again with the encoding UTF-8 (Set-Content -Encoding utf8)';
    throw new SettingsInvalidError(path, [{ path: '', problem, fix }]);
  }
}

/** The line with the first bytes that are no UTF-8: what comes before them is. */
function lineOfFirstFault(bytes: Uint8Array): number {
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  return lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1'))) + 1;
}

/** No setting lies as deep. */
const deepest = 64;

function parse(path: string, text: string): unknown {
  const json = stripComments(text);
  if (nestsDeeper(Buffer.from(json), deepest))
    throw new SettingsInvalidError(path, [
      {
        path: '',
        problem: `nests deeper than ${deepest} levels`,
        fix: 'close the brackets and braces that were left open',
      },
    ]);
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    throw new SettingsInvalidError(path, [jsonFault(text.replace(/^\uFEFF/, ''))]);
  }
  const twice = membersTwice(json);
  if (twice.length === 0) return content;
  const faults = twice.map((name) => ({ path: name, problem: 'stands there twice', fix: 'put both into one' }));
  throw new SettingsInvalidError(path, faults);
}
