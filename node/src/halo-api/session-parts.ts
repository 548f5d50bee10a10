import type { ActualTable, DatabaseSession } from '../database/database.ts';
import { MissingTableError, ReadOnlyResourceError } from '../errors/halo-api-errors.ts';
import type { ActualResources } from './reads/actual-resource.ts';
import type { Causing } from './changes/changes.ts';
import { generalUserName, userName } from './reads/general-user.ts';
import type { HaloApiParts } from './api-parts.ts';
import type { MissingColumns } from './reads/missing-columns.ts';
import { SeenRecords } from './missing/missing-records.ts';
import type { Field, Resource } from './resources/resource.ts';
import type { WriteParts } from './writes/write-parts.ts';
import type { TraceParts } from './writes/write-traces.ts';

/** What a writing session is made from. */
export interface SessionRequest {
  readonly session: DatabaseSession & Causing;
  readonly parts: HaloApiParts;
  find(name: string): Resource;
  readonly missing: MissingColumns;
  readonly actual: ActualResources;
}

/** What writes by the code at hand need of this Halo, whatever they write. */
export type Besides = Pick<WriteParts, 'hasLinkColumn' | 'hasTable' | 'tableOf' | 'toWrite' | 'warnOnce'>;

/** What the ways of writing of a session share: tables as they are in this Halo, what was said, and the records that were seen. */
export interface SessionParts extends SessionRequest {
  /** Throws MissingTableError. */
  tableOf(name: string): Promise<ActualTable>;
  missingColumn(table: string, field: Field): void;
  readonly besides: Besides;
  /** As of now. */
  traces(): TraceParts;
  /** The rows of a resource that no record is. */
  reservedOf(resource: Resource, reader: Pick<DatabaseSession, 'read'>): Promise<WriteParts['reserved']>;
  /** A resource that is written. Throws UnknownResourceError, ReadOnlyResourceError. */
  findWritable(name: string): Resource;
  /** The records remembered under a name. */
  seenAs(set: string): SeenRecords;
  /** Goes on remembering under a name. */
  remember(set: string, kept: string): void;
}

/** Makes them for one session. */
export function createSessionParts(request: SessionRequest): SessionParts {
  const { parts, missing, find } = request;
  const described = new Map<string, ActualTable>();
  const seen = new Map<string, SeenRecords>();
  const told = new Set<string>();
  let generalUser: Promise<string> | undefined;

  async function tableOf(name: string): Promise<ActualTable> {
    const known = described.get(name);
    if (known) return known;
    const table = (await parts.database.describe([name])).get(name);
    if (!table) throw new MissingTableError(name);
    described.set(name, table);
    return table;
  }

  return {
    ...request,
    tableOf,
    missingColumn: (table, field) => missing.tell(table, field.column, `the field "${field.json}" is left out`),
    besides: {
      hasLinkColumn(column) {
        if (described.get('ExternalLink')?.columns.has(column)) return true;
        missing.tell('ExternalLink', column, 'it is not written');
        return false;
      },
      hasTable: async (name) => described.has(name) || (await parts.database.describe([name])).has(name),
      tableOf,
      toWrite: (table, columns) => missing.toWrite(table, columns),
      warnOnce(message) {
        if (told.has(message)) return;
        told.add(message);
        parts.warn(message);
      },
    },
    traces: () => ({ settings: parts.settings, author: parts.author, now: parts.clock.now() }),
    async reservedOf(resource, reader) {
      if (resource.name !== 'Users') return undefined;
      generalUser ??= generalUserName(parts.database, reader);
      const text = await generalUser;
      return { column: userName, text, reason: `"${text}" is Halo's general user, whom no sync changes` };
    },
    findWritable(name) {
      const resource = find(name);
      if (resource.readOnly) throw new ReadOnlyResourceError(resource.name);
      return resource;
    },
    seenAs(set) {
      const known = seen.get(set) ?? new SeenRecords();
      seen.set(set, known);
      return known;
    },
    remember: (set, kept) => void seen.set(set, new SeenRecords(kept)),
  };
}
