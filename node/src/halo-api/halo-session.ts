import type { ActualTable, DatabaseSession, Transaction, Value } from '../database/database.ts';
import { MissingTableError, ReadOnlyResourceError } from '../errors/halo-api-errors.ts';
import type {
  HaloApiParts,
  HaloOutcome,
  HaloRecord,
  HaloSession,
  HaloUpsertOptions,
  HeldRecords,
  LinkScope,
  ReadPart,
} from './halo-api.ts';
import type { ActualResources } from './actual-resource.ts';
import { ChangeClock } from './change-clock.ts';
import { fingerprintOf, heldRecords, isCertain, isLinkedTwice, type HeldParts } from './held-records.ts';
import { cut } from './cut-text.ts';
import type { FollowUp } from './follow-ups.ts';
import { createHaloReads, type HaloReadsParts } from './halo-reads.ts';
import { goneHolders } from './gone-holders.ts';
import { linkTableId } from './inferred.ts';
import { freeLicences, writeLicenceUsers } from './licence-users.ts';
import type { MissingColumns } from './missing-columns.ts';
import { missingRecords, SeenRecords } from './missing-records.ts';
import { writeOrQuarantine } from './quarantine.ts';
import type { Field, Resource } from './resources/resource.ts';
import { writeNumbered } from './write-numbered.ts';
import { writeAssets } from './assets/write-assets.ts';
import { writeWithAddresses } from './write-addresses.ts';
import { keepRows } from './settings-rows.ts';
import type { WriteParts } from './write-records.ts';
import { assetsAt } from './assets/asset-row.ts';
import { endingRows } from './ending-rows.ts';
import { generalUserName, userName } from './general-user.ts';
import { stampsOf, writeAssetTraces, writeHistory, type TraceParts } from './write-traces.ts';

/** Keys named in one condition, well under SQL Server's 2,100 parameters. */
const keysAtOnce = 500;

/** A follow-up, and what came of its records. */
interface Followed {
  readonly one: FollowUp;
  readonly outcomes: readonly HaloOutcome[];
}

/** Writing through the built-in API on one pinned connection. */
export function createHaloSession(
  session: DatabaseSession,
  parts: HaloApiParts,
  find: (name: string) => Resource,
  missing: MissingColumns,
  actual: ActualResources,
): HaloSession {
  const described = new Map<string, ActualTable>();

  async function tableOf(name: string): Promise<ActualTable> {
    const known = described.get(name);
    if (known) return known;
    const table = (await parts.database.describe([name])).get(name);
    if (!table) throw new MissingTableError(name);
    described.set(name, table);
    return table;
  }

  function missingColumn(table: string, field: Field): void {
    missing.tell(table, field.column, `the field "${field.json}" is left out`);
  }

  const traces = (): TraceParts => ({ settings: parts.settings, author: parts.author, now: parts.clock.now() });

  const seen = new Map<string, SeenRecords>();

  function seenAs(set: string): SeenRecords {
    const known = seen.get(set) ?? new SeenRecords();
    seen.set(set, known);
    return known;
  }

  function hasLinkColumn(column: string): boolean {
    if (described.get('ExternalLink')?.columns.has(column)) return true;
    missing.tell('ExternalLink', column, 'it is not written');
    return false;
  }

  const told = new Set<string>();

  async function hasTable(name: string): Promise<boolean> {
    return described.has(name) || (await parts.database.describe([name])).has(name);
  }

  let generalUser: Promise<string> | undefined;

  /** The rows of a resource that no record is. */
  async function reservedOf(
    resource: Resource,
    reader: Pick<DatabaseSession, 'read'>,
  ): Promise<WriteParts['reserved']> {
    if (resource.name !== 'Users') return undefined;
    generalUser ??= generalUserName(parts.database, reader);
    const text = await generalUser;
    return { column: userName, text, reason: `"${text}" is Halo's general user, whom no sync changes` };
  }

  const besides: Pick<WriteParts, 'hasLinkColumn' | 'hasTable' | 'tableOf' | 'toWrite' | 'warnOnce'> = {
    hasLinkColumn,
    hasTable,
    tableOf,
    toWrite: (table, columns) => missing.toWrite(table, columns),
    warnOnce(message) {
      if (told.has(message)) return;
      told.add(message);
      parts.warn(message);
    },
  };

  const heldParts = async (resource: Resource, scope: LinkScope): Promise<HeldParts> => ({
    ...traces(),
    resource,
    scope,
    table: await tableOf(resource.table),
    links: await tableOf('ExternalLink'),
    ...besides,
    missingColumn: (field) => missingColumn(resource.table, field),
  });

  const linkedTwice = new Map<string, Promise<boolean>>();

  /** Whether a third-party id has two links, of which a fingerprint of rows would see but one. */
  function hasLinkedTwice(resource: Resource, scope: LinkScope): Promise<boolean> {
    const known = linkedTwice.get(resource.name);
    if (known) return known;
    const asked = isLinkedTwice(parts.database, resource, scope, parts.settings);
    linkedTwice.set(resource.name, asked);
    return asked;
  }

  /** How Halo holds what a transaction has just written; asked inside it, so that nobody else has changed a row written. */
  async function heldNow(
    transaction: Transaction,
    resource: Resource,
    records: readonly HaloRecord[],
    outcomes: readonly HaloOutcome[],
    options: HaloUpsertOptions,
  ): Promise<HeldRecords | undefined> {
    const held = heldRecords(resource, records, outcomes, options);
    const request = held && options.scope && fingerprintOf(held, await heldParts(resource, options.scope));
    if (!request) return undefined;
    const fingerprint = await transaction.fingerprint(request);
    const certain = isCertain(outcomes, fingerprint, options.fingerprintBefore, transaction.alone);
    return { ...held, fingerprint, certain };
  }

  /** Writes records of a resource inside a transaction, in the way it takes. */
  async function writeIn(
    transaction: Transaction,
    resource: Resource,
    records: readonly HaloRecord[],
    options: HaloUpsertOptions,
    clock: ChangeClock,
  ): Promise<HaloOutcome[]> {
    const reserved = await reservedOf(resource, transaction);
    const writing: WriteParts = {
      ...traces(),
      clock,
      resource,
      table: await tableOf(resource.table),
      options,
      ...(reserved && { reserved }),
      ...besides,
      missingColumn: (field) => missingColumn(resource.table, field),
    };
    const { within } = resource.key;
    if (within) return writeNumbered(transaction, records, writing, within);
    if (resource.assetParts) return writeAssets(transaction, records, writing, resource.assetParts);
    return writeWithAddresses(transaction, records, writing);
  }

  /** Writes what hangs on records that were just written, in their transaction. */
  async function followUp(
    transaction: Transaction,
    records: readonly HaloRecord[],
    outcomes: readonly HaloOutcome[],
    { followUps, scope, whatIf }: HaloUpsertOptions,
    clock: ChangeClock,
  ): Promise<readonly Followed[]> {
    if (!followUps) return [];
    const describe: HaloReadsParts['describe'] = (tables) => parts.database.describe(tables);
    const halo = createHaloReads({ ...parts, reader: transaction, describe, actual, find });
    const followed: Followed[] = [];
    for (const one of await followUps.of(records, outcomes, halo)) {
      const { resource: name, records: more, ...found } = one;
      const resource = find(name);
      if (resource.readOnly) throw new ReadOnlyResourceError(resource.name);
      const options = { ...found, ...(scope && { scope }), ...(whatIf !== undefined && { whatIf }) };
      followed.push({
        one,
        outcomes: more.length === 0 ? [] : await writeIn(transaction, resource, more, options, clock),
      });
    }
    return followed;
  }

  async function missingOf(
    resource: Resource,
    scope: LinkScope,
    set: string,
    part?: ReadPart,
  ): ReturnType<typeof missingRecords> {
    const within = part && (await columnOfPart(resource, part));
    // Without the column nobody can tell which part of the vendor a record is of.
    if (part && !within) return { missing: [], total: 0 };
    const where = { database: parts.database, session, settings: parts.settings };
    return missingRecords(where, resource, scope, seen.get(set), within);
  }

  async function columnOfPart(resource: Resource, { field, values }: ReadPart) {
    const found = resource.fields.find(({ json }) => json === field);
    if (!found) return undefined;
    if ((await tableOf(resource.table)).columns.has(found.column)) return { column: found.column, values };
    missing.tell(resource.table, found.column, 'nothing is taken for missing');
    return undefined;
  }

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
      const mark = options.whatIf ? undefined : options.mark;
      if (options.scope) await tableOf('ExternalLink');
      let held: HeldRecords | undefined;
      let followed: readonly Followed[] = [];
      const inOne = (some: readonly HaloRecord[]): Promise<readonly HaloOutcome[]> =>
        session.transaction(async (transaction) => {
          const clock = new ChangeClock(parts.settings);
          const outcomes = await writeIn(transaction, resource, some, options, clock);
          followed = await followUp(transaction, some, outcomes, options, clock);
          // A part of the records is no set to be marked as whole.
          if (mark && some === records) await keepRows(transaction, mark.rows(outcomes), tableOf, missing);
          if (options.held && some === records) held = await heldNow(transaction, resource, some, outcomes, options);
          await clock.strike(transaction);
          return outcomes;
        });
      const outcomes = await writeOrQuarantine(records, async (some) => {
        const written = await inOne(some);
        for (const { one, outcomes: came } of followed) options.followUps?.written(one, came);
        if (some === records) mark?.kept();
        if (some === records && held) options.held?.(held);
        return written;
      });
      if (options.rememberAs) seenAs(options.rememberAs).add(records, outcomes, options.whatIf);
      return outcomes;
    },
    async stillHolds(name, state, { scope, rememberAs }) {
      const resource = find(name);
      const request = fingerprintOf(state, await heldParts(resource, scope));
      if (!request || (await hasLinkedTwice(resource, scope))) return false;
      if ((await session.fingerprint(request)) !== state.fingerprint) return false;
      if (state.certain) seenAs(rememberAs).addLinked(state.ids);
      return true;
    },
    remembered: seenAs,
    remember: (set, kept) => void seen.set(set, new SeenRecords(kept)),
    async countMissing(name, scope, set, part) {
      const found = await missingOf(find(name), scope, set, part);
      return { missing: found.missing.length, total: found.total };
    },
    async deactivateMissing(name, scope, set, part, fields = {}) {
      const resource = find(name);
      const { inactive } = resource;
      const table = await tableOf(resource.table);
      if (!inactive || !table.columns.has(inactive.column)) return 0;
      const besidesIt = Object.fromEntries(
        resource.fields.flatMap(({ json, column }) =>
          json in fields && table.columns.has(column) ? [[column, fields[json] as Value]] : [],
        ),
      );
      const reserved = await reservedOf(resource, session);
      const absent = (await missingOf(resource, scope, set, part)).missing;
      let changed = 0;
      for (let from = 0; from < absent.length; from += keysAtOnce) {
        const some = absent.slice(from, from + keysAtOnce);
        changed += await session.transaction(async (transaction) => {
          const clock = new ChangeClock(parts.settings);
          const ending = await endingRows(transaction, resource, some, reserved);
          const keys = ending?.map(({ outcome }) => outcome.key) ?? some;
          if (keys.length === 0) return 0;
          const count = await transaction.update(
            resource.table,
            { [inactive.column]: inactive.value, ...besidesIt, ...stampsOf(resource, table, traces()) },
            { column: resource.key.column, is: 'in', values: keys },
          );
          clock.wrote(
            resource,
            table,
            keys.map((key) => [key]),
          );
          if (ending) await writeHistory(resource, transaction, { ...traces(), ...besides }, ending);
          if (resource.assetParts)
            await writeAssetTraces(transaction, await assetsAt(transaction, keys), [], { ...traces(), ...besides });
          await clock.strike(transaction);
          return count;
        });
      }
      return changed;
    },
    async updateSettingsRow(name, key, values) {
      const table = await tableOf(name);
      const row: Record<string, string | number | boolean | Date | null> = {};
      for (const column of missing.toWrite(table, Object.keys(values))) {
        const value = values[column];
        const text = typeof value === 'string' ? cut(value, table.columns.get(column)?.length) : value;
        row[column] = text as string | number | boolean | Date | null;
      }
      if (Object.keys(row).length === 0) return;
      await session.transaction((transaction) =>
        transaction.update(name, row, { column: key.column, is: 'equal', value: key.value }),
      );
    },
    async mailDesk(mailboxId, assumed) {
      const { openMailDesk } = await import('./mail/mail-desk.ts');
      return openMailDesk(session, parts, missing, mailboxId, assumed);
    },
    assignLicences: (moduleId, holders, options) =>
      session.transaction((transaction) =>
        writeLicenceUsers(transaction, moduleId, holders, { ...traces(), ...options }),
      ),
    missingHolders(scope, users, licences, tenants) {
      const find = () => goneHolders(session, scope, linkTableId('Users', parts.settings) ?? -1, users, tenants);
      return {
        async count() {
          const { missing, users: total } = await find();
          return { missing, total };
        },
        async settle() {
          const { gone, missing } = await find();
          for (let from = 0; from < gone.length; from += keysAtOnce) {
            const some = gone.slice(from, from + keysAtOnce);
            await session.transaction((transaction) => freeLicences(transaction, some, { ...traces(), licences }));
          }
          return missing;
        },
      };
    },
    async keepSettingsRows(rows) {
      if (rows.length > 0) await session.transaction((transaction) => keepRows(transaction, rows, tableOf, missing));
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
