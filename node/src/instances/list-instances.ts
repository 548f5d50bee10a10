import { basename, dirname, join, resolve } from 'node:path';
import { readSettingsFile } from '../config/settings-file.ts';
import type { Environment } from '../environment.ts';
import { reportOf } from '../errors/integrator-error.ts';
import { frequencyIn, inWords } from '../schedule/frequency.ts';
import { fileIdentity } from './file-identity.ts';
import { instanceAt } from './find-instances.ts';

/** How deep below a folder instances are looked for: a folder for each customer, system and frequency. */
const deepest = 3;

/** What an instance's own folders are called, or a package's: there is none within. */
const passedOver = /^(logs|state|node_modules|\..*)$/i;

/** An instance as its settings have it. */
export interface ListedInstance {
  readonly path: string;
  readonly folder: string;
  /** In words; undefined where the folder's name tells none. */
  readonly frequency?: string;
  readonly timeLimitMinutes: number;
  readonly server: string;
  readonly database: string;
  /** The entities that are on in it, such as "Pax8 Subscriptions". */
  readonly entitiesOn: readonly string[];
  /** Why its settings cannot be read; undefined where they can. */
  readonly problem?: string;
}

type Members = Readonly<Record<string, unknown>>;

/** The instances at some paths and in the folders below them, in the order of their names; each once. No scheduler is asked. */
export async function listInstances(paths: readonly string[], environment: Environment): Promise<ListedInstance[]> {
  const found = new Map<string, string>();
  for (const path of paths)
    for (const settings of await below(resolve(environment.workingFolder, path), environment, deepest))
      found.set(await fileIdentity(settings, environment), settings);
  return Promise.all([...found.values()].map((settings) => listedInstance(settings, environment)));
}

async function below(path: string, environment: Environment, depth: number): Promise<string[]> {
  const own = await instanceAt(path, environment);
  const entries = depth > 0 ? await environment.fs.readdir(path, { withFileTypes: true }).catch(() => []) : [];
  const folders = entries
    .filter((entry) => entry.isDirectory() && !passedOver.test(entry.name))
    .map((entry) => entry.name)
    .sort((a, b) => a.localeCompare(b));
  const within = await Promise.all(folders.map((name) => below(join(path, name), environment, depth - 1)));
  return [...(own === undefined ? [] : [own]), ...within.flat()];
}

/** The instance whose settings are at a path. */
export async function listedInstance(path: string, environment: Environment): Promise<ListedInstance> {
  const folder = dirname(path);
  const frequency = frequencyIn(basename(folder));
  const known = { path, folder, ...(frequency && { frequency: inWords(frequency) }) };
  try {
    const { content } = await readSettingsFile(path, environment);
    const database = member(content, 'Database');
    const limit = member(content, 'Sync')['TimeLimitMinutes'];
    return {
      ...known,
      timeLimitMinutes: typeof limit === 'number' ? limit : 0,
      server: text(database['Server']),
      database: text(database['Name']),
      entitiesOn: Object.entries(member(content, 'Integrations')).flatMap(([integration, its]) =>
        Object.entries(member(its, 'Entities')).flatMap(([entity, on]) =>
          on === true ? `${integration} ${entity}` : [],
        ),
      ),
    };
  } catch (error) {
    return {
      ...known,
      timeLimitMinutes: 0,
      server: '',
      database: '',
      entitiesOn: [],
      problem: reportOf(error).message,
    };
  }
}

function member(of: unknown, name: string): Members {
  const value = (of as Members | null | undefined)?.[name];
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
