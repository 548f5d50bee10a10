import type { ActualTable, Row, Transaction } from '../../database/database.ts';
import type { FingerprintRequest } from '../../database/fingerprint.ts';
import type { PutOutcome, PutRequest } from '../../database/put.ts';
import type { Condition, Query } from '../../database/query.ts';
import { onlyColumns } from '../../database/row.ts';
import type { UpsertOutcome, UpsertRequest } from '../../database/upsert.ts';
import { alikeRows } from './alike-rows.ts';
import type { ChangeCause, Making, RowChange } from './changes.ts';
import { MadeRow, type MadeRowSet } from './made-row.ts';
import { changedColumns, putChanges, RecordedChanges } from './recorded-changes.ts';
import { resources } from '../resources/index.ts';

/** Tables of histories, in lower case: what is left beside a change, and is no change itself. */
export const historyTables: ReadonlySet<string> = new Set(['licencechange', 'userchange', 'devicechange']);
/** Columns of the change clock, of tables without a resource, too. */
const clockColumn = /changeseq$/i;
const traceTables = new Set([...historyTables, 'changeseq']);
/** Columns of a resource's rows that are such traces; and where its name stands. */
const recorded = new Map(
  [...resources.values()].map(({ table, lastUpdate, created, changeClock, fields }) => [
    table.toLowerCase(),
    {
      traces: new Set([lastUpdate, created, changeClock?.column].filter((name) => name !== undefined)),
      name: fields.find(({ json }) => json === 'name')?.column,
    },
  ]),
);

/** What is told of any change of a row. */
type About = Pick<RowChange, 'table' | 'key' | 'vendorId' | 'name'>;

/** Notes each row it makes or changes. What a transaction leaves beside (history, stamps, the change clock) is not noted. */
export class RecordingTransaction implements Transaction {
  readonly changes = new RecordedChanges();
  readonly alone: boolean;
  readonly #transaction: Transaction;
  readonly #cause: ChangeCause;
  readonly #tableOf: (name: string) => Promise<ActualTable | undefined>;
  readonly #tellsMaking: boolean;
  readonly #isTrace = new Map<string, (column: string) => boolean>();

  constructor(
    transaction: Transaction,
    cause: ChangeCause,
    tableOf: (name: string) => Promise<ActualTable | undefined>,
    tellsMaking: boolean,
  ) {
    this.#tellsMaking = tellsMaking;
    this.#transaction = transaction;
    this.#cause = cause;
    this.#tableOf = tableOf;
    this.alone = transaction.alone;
  }

  read(query: Query): Promise<Row[]> {
    return this.#transaction.read(query);
  }

  fingerprint(request: FingerprintRequest): Promise<string> {
    return this.#transaction.fingerprint(request);
  }

  async upsert(request: UpsertRequest): Promise<UpsertOutcome> {
    if (request.whatIf) return this.#transaction.upsert(request);
    const outcome = await this.#transaction.upsert({ ...request, tellOld: true });
    const { table, key, rows } = request;
    const isMade = this.#tellsMaking && outcome.rows.some((one) => one.outcome === 'created');
    const values = isMade ? rows.map((row) => row.values) : [];
    const alike = isMade ? await alikeRows(this.#transaction, table, key.column, values) : undefined;
    this.changes.add({ [Symbol.iterator]: () => this.#upsertChanges(request, outcome, alike) });
    this.#noteLinks(request, outcome);
    return outcome;
  }

  *#upsertChanges(
    request: UpsertRequest,
    outcome: UpsertOutcome,
    alike: readonly (readonly number[] | undefined)[] | undefined,
  ): Generator<RowChange, void, undefined> {
    const { table, key, rows, onInsert = {}, numbered } = request;
    const named = recorded.get(table.toLowerCase())?.name;
    const set = this.#setOf(table, [key.column], onInsert, { named, numbered: numbered?.column });
    for (let place = 0; place < outcome.rows.length; place++) {
      const [one, row] = [outcome.rows[place], rows[place]];
      if (!one || !row || !('key' in one) || one.outcome === 'unchanged') continue;
      const { values, linkId: vendorId } = row;
      if (one.outcome === 'created') {
        const making = this.#tellsMaking ? makingOf(request, place, alike?.[place]) : undefined;
        yield new MadeRow(set, { keys: [one.key], values, vendorId, number: one.number, making });
      } else {
        const name = named === undefined ? undefined : values[named];
        const about = {
          table,
          key: { [key.column]: one.key },
          ...(vendorId !== undefined && { vendorId }),
          ...(typeof name === 'string' && { name }),
        };
        const change = this.#changedRow(about, one.old ?? {}, values);
        if (change) yield change;
      }
    }
  }

  /** A new row's link goes without saying. */
  #noteLinks({ link, rows }: UpsertRequest, outcome: UpsertOutcome): void {
    if (!link) return;
    const set = this.#setOf(link.table, [...Object.keys(link.scope), link.idColumn]);
    for (const { place, there } of outcome.links ?? []) {
      const [row, one] = [rows[place], outcome.rows[place]];
      if (!row || !one || !('key' in one) || (one.outcome === 'created' && !there)) continue;
      const after = { [link.keyColumn]: one.key, ...row.linkValues };
      const about = { table: link.table, ...(row.linkId !== undefined && { vendorId: row.linkId }) };
      const keys = [...Object.values(link.scope), row.linkId ?? null];
      if (there) this.#changed({ ...about, key: { ELid: there.key } }, there.old, after);
      else this.changes.add(new MadeRow(set, { keys, values: after, vendorId: row.linkId }));
    }
  }

  async put(request: PutRequest): Promise<PutOutcome> {
    const outcome = await this.#transaction.put(request);
    const set = this.#setOf(request.table, request.known, request.onInsert ?? {});
    if (!request.whatIf)
      this.changes.add(
        putChanges(request, outcome, {
          made: (keys, values) => new MadeRow(set, { keys, values }),
          changed: (about, old, now) => this.#changedRow(about, old, now),
        }),
      );
    return outcome;
  }

  async insert(
    table: string,
    rows: readonly Row[],
    allocate?: { readonly column: string; readonly within?: readonly string[] },
  ): Promise<number[]> {
    const keys = await this.#transaction.insert(table, rows, allocate);
    if (traceTables.has(table.toLowerCase())) {
      if (this.#tellsMaking) this.#noteTraces(table, rows);
      return keys;
    }
    const actual = await this.#tableOf(table);
    const identity = [...(actual?.columns.values() ?? [])].find((column) => column.identity)?.name;
    const numbered = allocate?.column ?? identity;
    const names = numbered === undefined ? (actual?.primaryKey ?? []) : (allocate?.within ?? []);
    const known = numbered === undefined || names.includes(numbered) ? names : [...names, numbered];
    const set = this.#setOf(table, known);
    const kind = allocate ? 'allocate' : 'identity';
    const making: Making = numbered === undefined ? {} : { key: { column: numbered, kind } };
    rows.forEach((values, at) => {
      const held = known.map((name) => (name === numbered ? (keys[at] ?? null) : (values[name] ?? null)));
      this.changes.add(new MadeRow(set, { keys: held, values, ...(this.#tellsMaking && { making }) }));
    });
    return keys;
  }

  /** Of histories that come with no record's own row: who was given a licence, and who lost it. */
  #noteTraces(table: string, rows: readonly Row[]): void {
    for (const row of rows)
      if (Number(row['LCUserId'] ?? 0) > 0)
        this.changes.add({
          table,
          action: 'created',
          key: {},
          after: row,
          cause: this.#cause,
          making: { trace: true },
        });
  }

  async update(table: string, set: Row, where: Condition): Promise<number> {
    const actual = await this.#tableOf(table);
    const { traces = new Set(), name } = recorded.get(table.toLowerCase()) ?? {};
    const columns = Object.keys(set).filter((column) => !traces.has(column));
    const there = actual ? await this.#rowsThere(actual, columns, where, name) : [];
    const changed = await this.#transaction.update(table, set, where);
    for (const { key, old, name: called } of there)
      this.#changed({ table, key, ...(called !== undefined && { name: called }) }, old, set);
    return changed;
  }

  async #rowsThere(
    { name: table, primaryKey, columns: real }: ActualTable,
    set: readonly string[],
    where: Condition,
    name?: string,
  ) {
    const columns = set.filter((column) => real.has(column));
    if (columns.length === 0 || primaryKey.length === 0) return [];
    const resource = [...resources.values()].find((one) => one.table === table && !one.key.within);
    const keys = resource && real.has(resource.key.column) ? [resource.key.column] : primaryKey;
    const named = name !== undefined && real.has(name) ? [name] : [];
    const rows = await this.#transaction.read({
      from: table,
      columns: [...new Set([...keys, ...columns, ...named])],
      where,
    });
    return rows.map((row) => {
      const called = name === undefined ? undefined : row[name];
      return {
        key: onlyColumns(row, keys),
        old: onlyColumns(row, columns),
        ...(typeof called === 'string' && { name: called }),
      };
    });
  }

  stamp(...given: Parameters<Transaction['stamp']>): Promise<void> {
    return this.#transaction.stamp(...given);
  }

  increment(table: string, columns: readonly string[]): Promise<number> {
    return this.#transaction.increment(table, columns);
  }

  /** What rows that are made together have in common. */
  #setOf(
    table: string,
    known: readonly string[],
    constants: Row = {},
    more: Pick<MadeRowSet, 'named' | 'numbered'> = {},
  ): MadeRowSet {
    const [cause, nulls] = [this.#cause, this.#tellsMaking];
    return { table, known, constants, cause, nulls, isTrace: this.#tracesOf(table), ...more };
  }

  /** Whether a column of a table is a trace; what was found of a name is kept, since thousands of rows ask for the same ones. */
  #tracesOf(table: string): (column: string) => boolean {
    let isTrace = this.#isTrace.get(table);
    if (!isTrace) {
      const { traces } = recorded.get(table.toLowerCase()) ?? {};
      const found = new Map<string, boolean>();
      isTrace = (column) => {
        let trace = found.get(column);
        if (trace === undefined) found.set(column, (trace = traces?.has(column) === true || clockColumn.test(column)));
        return trace;
      };
      this.#isTrace.set(table, isTrace);
    }
    return isTrace;
  }

  #changed(about: About, old: Row, now: Row): void {
    const change = this.#changedRow(about, old, now);
    if (change) this.changes.add(change);
  }

  #changedRow(about: About, old: Row, now: Row): RowChange | undefined {
    const columns = changedColumns(old, now);
    return columns && { ...about, action: 'updated', ...columns, cause: this.#cause };
  }
}

function makingOf(
  { key, numbered, match, lookedFor, link, rows }: UpsertRequest,
  place: number,
  alike: readonly number[] | undefined,
): Making {
  const row = rows[place];
  return {
    key,
    ...(numbered && { numbered }),
    ...(alike && { alike }),
    match: [...match, ...(lookedFor ?? [])].filter((one) => one.by === 'columns'),
    ...(link && row?.linkId !== undefined && { link: { scope: link.scope, values: row.linkValues ?? {} } }),
  };
}
