import type { HaloObject } from '../../halo-api/halo-api.ts';
import type { EntityContext } from '../entity.ts';
import { guidForms, guidOf, knownGuid } from './directory-guid.ts';
import type { DirectoryPerson } from './directory-person.ts';

/** What Halo has of an account that carries its id: its number there, and the id as it is written. */
export interface KnownAccount {
  readonly id: number;
  readonly guid: string;
}

/** Finds the records of Halo's that carry an account's id, in whatever form Halo wrote it. */
export interface AccountFinder {
  /** By the account's id; an id that several records carry is in `doubled`. */
  find(people: readonly DirectoryPerson[]): Promise<FoundAccounts>;
  /** How a new id is written: as those that are there, else plain. */
  written(guid: string): string;
}

/** Which accounts Halo knows. */
export interface FoundAccounts {
  readonly known: ReadonlyMap<string, KnownAccount>;
  readonly doubled: ReadonlySet<string>;
}

/** @param resource Users or Agent */
export function createAccountFinder({ api }: EntityContext, resource: 'Users' | 'Agent'): AccountFinder {
  let write = (guid: string): string => guid;
  return {
    async find(people) {
      const guids = new Set(people.flatMap(({ guid }) => guid ?? []));
      const rows = await api.listBy(resource, 'uactguid', [...guids].flatMap(guidForms));
      const known = new Map<string, KnownAccount>();
      const doubled = new Set<string>();
      for (const row of rows) {
        const written = String(row['uactguid'] ?? '').trim();
        const guid = knownGuid(written, guids);
        if (guid === undefined) continue;
        if (known.has(guid)) doubled.add(guid);
        known.set(guid, { id: idOf(row), guid: written });
        write = formOf(written);
      }
      return { known, doubled };
    },
    written: (guid) => write(guid),
  };
}

function idOf(row: HaloObject): number {
  return Number(row['id']);
}

/** The form of an id of Halo's, for the next one; that of ADSI's bytes is not told from other digits. */
function formOf(written: string): (guid: string) => string {
  const upper = /[A-F]/.test(written);
  const braces = written.startsWith('{');
  const dashes = written.includes('-');
  return (guid) => {
    const plain = guidOf(guid) ?? guid;
    const digits = dashes ? plain : plain.replaceAll('-', '');
    const cased = upper ? digits.toUpperCase() : digits;
    return braces ? `{${cased}}` : cased;
  };
}
