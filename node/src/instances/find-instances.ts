import { dirname, join, resolve } from 'node:path';
import { SETTINGS_FILE } from '../config/settings-file.ts';
import type { Environment } from '../environment.ts';
import { fileIdentity } from './file-identity.ts';

/** The settings file of a folder; undefined where it has none. */
async function settingsIn(folder: string, { fs }: Environment): Promise<string | undefined> {
  const path = join(folder, SETTINGS_FILE);
  const found = await fs.stat(path).catch(() => undefined);
  return found?.isFile() ? path : undefined;
}

/** The instances directly in a folder, each by its settings file, in the order of their names. */
export async function instancesIn(folder: string, environment: Environment): Promise<string[]> {
  const entries = await environment.fs.readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => entry.name)
    .sort((a, b) => a.localeCompare(b));
  const found = await Promise.all(names.map((name) => settingsIn(join(folder, name), environment)));
  return found.filter((path) => path !== undefined);
}

/** The settings file a path means, a file or its folder; undefined where there is none. */
export async function instanceAt(path: string, environment: Environment): Promise<string | undefined> {
  const full = resolve(environment.workingFolder, path);
  const found = await environment.fs.stat(full).catch(() => undefined);
  if (found?.isFile()) return full;
  return found ? settingsIn(full, environment) : undefined;
}

/** Other instances around one: beside it, above it, in it, and the engine's own. */
export async function neighbours(settingsPath: string, environment: Environment): Promise<string[]> {
  const folder = dirname(settingsPath);
  const lists = await Promise.all([
    instancesIn(dirname(folder), environment),
    instancesIn(folder, environment),
    Promise.all([dirname(folder), environment.engineFolder].map((one) => settingsIn(one, environment))),
  ]);
  const seen = new Set([await fileIdentity(settingsPath, environment)]);
  const others: string[] = [];
  for (const path of lists.flat().filter((one) => one !== undefined)) {
    const identity = await fileIdentity(path, environment);
    if (!seen.has(identity)) others.push(path);
    seen.add(identity);
  }
  return others;
}
