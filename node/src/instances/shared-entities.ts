import { resolve } from 'node:path';
import { isEmbedded } from '../config/embedded.ts';
import { readSettingsFile } from '../config/settings-file.ts';
import type { LoadedSettings } from '../config/settings.ts';
import type { Environment } from '../environment.ts';
import { reportOf } from '../errors/integrator-error.ts';
import { fileIdentity } from './file-identity.ts';
import { neighbours } from './find-instances.ts';

/** What the instances around one have in common with it. */
export interface SharedEntities {
  /** `Integration Entity` → the settings files of the other instances that have it on for the same database. */
  readonly enabledIn: ReadonlyMap<string, readonly string[]>;
  /** Settings files that could not be read, each with why. */
  readonly unreadable: readonly string[];
}

type Members = Readonly<Record<string, unknown>>;

/** Which entities that are on here are on in another instance for the same database, too: it would be synced twice. */
export async function sharedEntities(loaded: LoadedSettings, environment: Environment): Promise<SharedEntities> {
  const enabledIn = new Map<string, string[]>();
  const unreadable: string[] = [];
  const own = await databaseOf(loaded.settings.Database as unknown as Members, loaded.folder, environment);
  for (const path of await neighbours(loaded.path, environment)) {
    try {
      const { content, folder } = await readSettingsFile(path, environment);
      if ((await databaseOf(membersIn(content, 'Database'), folder, environment)) !== own) continue;
      for (const [integration, { Entities }] of Object.entries(loaded.settings.Integrations))
        for (const [entity, on] of Object.entries(Entities)) {
          const theirs = membersIn(membersIn(membersIn(content, 'Integrations'), integration), 'Entities');
          if (!on || memberInAnyCase(theirs, entity) !== true) continue;
          const name = `${integration} ${entity}`;
          enabledIn.set(name, [...(enabledIn.get(name) ?? []), path]);
        }
    } catch (error) {
      const said = reportOf(error).message.replaceAll(/\s*\n\s*/g, ' ');
      unreadable.push(said.startsWith(path) ? said : `${path}: ${said}`);
    }
  }
  return { enabledIn, unreadable };
}

/** What another instance's file names, be it spelled as it may. */
function memberInAnyCase(value: unknown, name: string): unknown {
  const members = Object.entries((value ?? {}) as Members);
  return members.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

function membersIn(value: unknown, name: string): Members {
  const member = memberInAnyCase(value, name);
  return typeof member === 'object' && member !== null ? (member as Members) : {};
}

async function databaseOf(database: Members, folder: string, environment: Environment): Promise<string> {
  const server = String(database['Server'] ?? '');
  const name = String(database['Name'] ?? '');
  if (isEmbedded({ Server: server })) return `embedded ${await fileIdentity(resolve(folder, name), environment)}`;
  return `${server} ${name}`.toLowerCase();
}
