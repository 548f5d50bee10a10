import type { ActualTable, Database, DatabaseSession } from '../database/database.ts';
import type { Condition } from '../database/query.ts';
import { MissingTableError, ReadOnlyResourceError } from '../errors/halo-api-errors.ts';
import type { HaloApiParts, HaloOutcome, HaloRecord, HaloSession, HaloUpsertOptions, LinkScope } from './halo-api.ts';
import { linkTableId } from './inferred.ts';
import { KeySet } from './key-set.ts';
import { writeLicenceUsers } from './licence-users.ts';
import { activeRows } from './list.ts';
import type { Field, Resource } from './resources/resource.ts';
import { writeNumbered } from './write-numbered.ts';
import { writeWithAddresses } from './write-addresses.ts';
import { writeWithUserLinks } from './write-user-links.ts';
import type { WriteParts } from './write-records.ts';
import { advanceClock, stampsOf, type TraceParts } from './write-traces.ts';

/** Keys named in one condition, well under SQL Server's 2,100 parameters. */
const keysAtOnce = 500;
/** Links read at once when looking for what is missing. */
const linksAtOnce = 100_000;

/** Writing through the built-in API on one pinned connection. */
export function createHaloSession(
  session: DatabaseSession,
  parts: HaloApiParts,
  find: (name: string) => Resource,
): HaloSession {
  const described = new Map<string, ActualTable>();
  const warned = new Set<string>();

  async function tableOf(database: Database, name: string): Promise<ActualTable> {
    const known = described.get(name);
    if (known) return known;
    const table = (await database.describe([name])).get(name);
    if (!table) throw new MissingTableError(name);
    described.set(name, table);
    return table;
  }

  function warnOnce(table: string, column: string, consequence: string): void {
    if (warned.has(`${table}.${column}`)) return;
    warned.add(`${table}.${column}`);
    parts.warn(`This Halo has no column ${table}.${column}: ${consequence}.`);
  }

  function missingColumn(table: string, field: Field): void {
    warnOnce(table, field.column, `the field "${field.json}" is left out`);
  }

  const traces = (): TraceParts => ({ settings: parts.settings, author: parts.author, now: parts.clock.now() });

  /** Keys linked under the scope whose rows are still active and were not seen; read in parts, so that memory stays flat. */
  async function missingKeys(
    resource: Resource,
    scope: LinkScope,
    set: string,
  ): Promise<{ missing: number[]; total: number }> {
    const active = activeCondition(resource);
    const key = `target.${resource.key.column}`;
    const seen = seenKeys.get(set);
    const missing: number[] = [];
    const counted = new KeySet();
    let total = 0;
    let last = 0;
    for (;;) {
      const rows = await session.read({
        from: 'ExternalLink',
        columns: ['ExternalLink.ELid', { column: key, as: 'key' }],
        joins: [
          {
            kind: 'inner',
            table: resource.table,
            as: 'target',
            on: [['ExternalLink.ELHaloId', key]],
            ...(active && { where: active }),
          },
        ],
        where: {
          all: [...scopeConditions(resource, scope), { column: 'ExternalLink.ELid', is: 'greater', value: last }],
        },
        orderBy: [{ column: 'ExternalLink.ELid' }],
        limit: linksAtOnce,
      });
      for (const row of rows) {
        const linked = Number(row.key);
        last = Number(row.ELid);
        if (counted.has(linked)) continue;
        counted.add(linked);
        if (!seen?.has(linked)) missing.push(linked);
        total++;
      }
      if (rows.length < linksAtOnce) return { missing, total };
    }
  }

  function scopeConditions(resource: Resource, scope: LinkScope): Condition[] {
    const tableId = linkTableId(resource.name, parts.settings) ?? -1;
    return [
      { column: 'ExternalLink.ELTableId', is: 'equal', value: tableId },
      { column: 'ExternalLink.ELModuleId', is: 'equal', value: scope.module_id },
      { column: 'ExternalLink.ELDetailsId', is: 'equal', value: scope.details_id },
    ];
  }

  const seenKeys = new Map<string, KeySet>();

  return {
    database: session,
    async upsert(
      name: string,
      records: readonly HaloRecord[],
      options: HaloUpsertOptions = {},
    ): Promise<readonly HaloOutcome[]> {
      const resource = find(name);
      if (resource.readOnly) throw new ReadOnlyResourceError(resource.name);
      if (records.length === 0) return [];
      const table = await tableOf(parts.database, resource.table);
      const { within } = resource.key;
      const outcomes = await session.transaction((transaction) => {
        const writing: WriteParts = {
          ...traces(),
          resource,
          table,
          options,
          missingColumn: (field) => missingColumn(resource.table, field),
        };
        if (within) return writeNumbered(transaction, records, writing, within);
        return resource.userLinks
          ? writeWithUserLinks(transaction, records, writing, resource.userLinks)
          : writeWithAddresses(transaction, records, writing);
      });
      if (options.rememberAs) remember(seenKeys, options.rememberAs, outcomes);
      return outcomes;
    },
    async countMissing(name, scope, set) {
      const { missing, total } = await missingKeys(find(name), scope, set);
      return { missing: missing.length, total };
    },
    async deactivateMissing(name, scope, set) {
      const resource = find(name);
      const { inactive } = resource;
      if (!inactive) return 0;
      const table = await tableOf(parts.database, resource.table);
      const { missing } = await missingKeys(resource, scope, set);
      let changed = 0;
      for (let from = 0; from < missing.length; from += keysAtOnce) {
        const keys = missing.slice(from, from + keysAtOnce);
        changed += await session.transaction(async (transaction) => {
          const clock = await advanceClock(resource, transaction, traces());
          return transaction.update(
            resource.table,
            { [inactive.column]: inactive.value, ...stampsOf(resource, table, traces(), clock) },
            { column: resource.key.column, is: 'in', values: keys },
          );
        });
      }
      return changed;
    },
    async updateSettingsRow(name, key, values) {
      const table = await tableOf(parts.database, name);
      const row: Record<string, string | number | boolean | Date | null> = {};
      for (const [column, value] of Object.entries(values)) {
        const actual = table.columns.get(column);
        if (!actual) {
          warnOnce(name, column, 'it is not written');
          continue;
        }
        const text = typeof value === 'string' && actual.length !== undefined ? value.slice(0, actual.length) : value;
        row[column] = text as string | number | boolean | Date | null;
      }
      if (Object.keys(row).length === 0) return;
      await session.transaction((transaction) =>
        transaction.update(name, row, { column: key.column, is: 'equal', value: key.value }),
      );
    },
    async mailDesk(mailboxId, assumed) {
      const { openMailDesk } = await import('./mail/mail-desk.ts');
      return openMailDesk(session, parts, (name) => tableOf(parts.database, name), mailboxId, assumed);
    },
    assignLicences: (moduleId, holders, { whatIf }) =>
      session.transaction((transaction) => writeLicenceUsers(transaction, moduleId, holders, { ...traces(), whatIf })),
    async keepSettingsRow(name, known, values) {
      const table = await tableOf(parts.database, name);
      const key = [...table.columns.values()].find((column) => column.identity)?.name;
      if (key === undefined) throw new ReadOnlyResourceError(name);
      await session.transaction((transaction) =>
        transaction.upsert({
          table: name,
          key: { column: key, kind: 'identity' },
          columns: [...Object.keys(known), ...Object.keys(values)],
          rows: [{ values: { ...known, ...values } }],
          match: [{ by: 'columns', columns: Object.keys(known) }],
          onInsert: {},
          stamps: {},
        }),
      );
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

function remember(sets: Map<string, KeySet>, name: string, outcomes: readonly HaloOutcome[]): void {
  let set = sets.get(name);
  if (!set) sets.set(name, (set = new KeySet()));
  for (const outcome of outcomes) if ('id' in outcome) set.add(outcome.id);
}

function activeCondition(resource: Resource): Condition | undefined {
  if (!resource.inactive) return undefined;
  const { column, value } = resource.inactive;
  return activeRows(`target.${column}`, value);
}
