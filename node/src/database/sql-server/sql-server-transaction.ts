import type { TransactionTools } from './transaction-tools.ts';
import { AllocationConflictError, DatabaseConstraintError } from '../../errors/database-errors.ts';
import type { ActualTable, Row, Transaction, Value } from '../database.ts';
import { schemaTable } from '../schema/index.ts';
import type { FingerprintRequest } from '../fingerprint.ts';
import type { Condition, Query } from '../query.ts';
import type { PutOutcome, PutRequest } from '../put.ts';
import type { UpsertOutcome, UpsertRequest } from '../upsert.ts';
import { columnOf } from './column-of.ts';
import { fingerprint } from './fingerprint.ts';
import { columnValue } from './column-value.ts';
import { comparedColumns } from './compared-columns.ts';
import { checkNumbers, numbersWithin, takeNumbers } from './number-allocation.ts';
import { put } from './put.ts';
import { readRows } from './read-rows.ts';
import { insertStaged } from './sql-text/insert.ts';
import { increment, stamp, update } from './sql-text/update.ts';
import { collate, isText, stagedType } from './sql-text/names.ts';
import type { Statement } from './sql-text/select.ts';
import { partsOf, rowsInserted, rowsUpdated, slicesOf } from './slice.ts';
import { numberColumn } from './sql-text/stage.ts';
import { isKeyTaken } from './transient-errors.ts';
import { upsert } from './upsert.ts';

/** Turns a taken number into its own error. */
export async function insertAllocated(
  run: (statement: Statement) => Promise<Row[]>,
  statement: Statement,
  table: string,
  key: string,
): Promise<Row[]> {
  try {
    return await run(statement);
  } catch (error) {
    if (isKeyTaken(error)) throw new AllocationConflictError(table, key, error);
    throw error;
  }
}

/** A value for a column of a newer Halo that must have one: nothing, zero, or no date. */
export function fillersOf(table: ActualTable, given: ReadonlySet<string>): Row {
  const known = schemaTable(table.name);
  const fillers: Record<string, Value> = {};
  for (const column of table.columns.values()) {
    if (column.nullable || column.hasDefault || column.identity || column.computed) continue;
    if (given.has(column.name) || known?.columns.has(column.name) || column.type === 'timestamp') continue;
    fillers[column.name] = nothingOf(column.type);
  }
  return fillers;
}

function nothingOf(type: string): Value {
  if (/char|text|xml|sql_variant/.test(type)) return '';
  if (/date/.test(type)) return new Date(Date.UTC(1900, 0, 1));
  if (type === 'time') return '00:00:00';
  if (type === 'uniqueidentifier') return '00000000-0000-0000-0000-000000000000';
  if (/binary|image/.test(type)) return new Uint8Array();
  return type === 'bit' ? false : 0;
}

/** Writing on one connection, inside the transaction its session has begun. */
export class SqlServerTransaction implements Transaction {
  readonly alone = false;
  readonly #tools: TransactionTools;

  constructor(tools: TransactionTools) {
    this.#tools = tools;
  }

  async read(query: Query): Promise<Row[]> {
    return readRows(query, this.#tools);
  }

  fingerprint(request: FingerprintRequest): Promise<string> {
    return fingerprint(request, this.#tools);
  }

  upsert(request: UpsertRequest): Promise<UpsertOutcome> {
    this.#tools.touched(request.table);
    return upsert(this.#tools, request);
  }

  put(request: PutRequest): Promise<PutOutcome> {
    this.#tools.touched(request.table);
    return put(this.#tools, request);
  }

  async insert(
    tableName: string,
    rows: readonly Row[],
    allocate?: { readonly column: string; readonly within?: readonly string[] },
  ): Promise<number[]> {
    if (rows.length === 0) return [];
    const table = await this.#tools.table(tableName);
    if (!allocate) return this.#insertSets(table, rows);
    const column = columnOf(table, allocate.column);
    const within = (allocate.within ?? []).map((name) => columnOf(table, name));
    const numbered = (numbers: readonly number[]): Row[] =>
      rows.map((row, at) => ({ ...row, [allocate.column]: numbers[at] ?? 0 }));
    if (within.length > 0) {
      const numbers = await numbersWithin(this.#tools, table, column, within, rows);
      await this.#insertSets(table, numbered(numbers));
      return numbers;
    }
    const taken = await takeNumbers(this.#tools, table, column, rows.length);
    const numbers = rows.map((_, at) => taken.last + 1 + at);
    await this.#insertSets(table, numbered(numbers));
    await checkNumbers(this.#tools, table, column, taken);
    return numbers;
  }

  async update(table: string, set: Row, where: Condition): Promise<number> {
    this.#tools.touched(table);
    const values = await this.#checked(table, set);
    let changed = 0;
    const find = await comparedColumns({ from: table, where }, this.#tools.table);
    const actual = await this.#tools.table(table);
    const atOnce = rowsUpdated(
      actual,
      Object.keys(values).map((name) => columnOf(actual, name)),
    );
    for (const part of partsOf(where, atOnce))
      changed += Number((await this.#tools.run(update(table, values, part, find)))[0]?.['n']);
    return changed;
  }

  async stamp(
    name: string,
    set: Row,
    columns: readonly string[],
    keys: readonly (readonly (number | string)[])[],
  ): Promise<void> {
    this.#tools.touched(name);
    const table = await this.#tools.table(name);
    const values = await this.#checked(name, set);
    const [first, ...others] = columns.map((column) => columnOf(table, column));
    if (!first) return;
    const names = [first, ...others].map((column) => column.name);
    const types = [first, ...others].map(stagedType);
    const collations = [first, ...others].map((column) => (isText(column) ? collate(column) : ''));
    const atOnce = rowsUpdated(
      table,
      Object.keys(values).map((column) => columnOf(table, column)),
    );
    for (const { from, to } of slicesOf(keys.length, atOnce)) {
      const part = JSON.stringify(keys.slice(from, to + 1));
      await this.#tools.run(stamp(table.name, values, names, first.leadsIndex === true, part, types, collations));
    }
  }

  async increment(table: string, columns: readonly string[]): Promise<number> {
    const [row] = await this.#tools.run(increment(table, columns));
    if (!row) throw new DatabaseConstraintError(`${table} has no row to count in`);
    return Number(row['v']);
  }

  async #checked(table: string, values: Row): Promise<Row> {
    const actual = await this.#tools.table(table);
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const column = columnOf(actual, name);
        return [column.name, columnValue(column, value)];
      }),
    );
  }

  /** Rows that bring the same columns go together; a row that brings others goes by itself, so that defaults stay defaults. */
  async #insertSets(table: ActualTable, rows: readonly Row[]): Promise<number[]> {
    const identity = [...table.columns.values()].find((column) => column.identity)?.name;
    const keys: number[] = [];
    for (const set of setsOf(rows)) keys.push(...(await this.#insertSet(table, set, identity)));
    return keys;
  }

  async #insertSet(table: ActualTable, rows: readonly Row[], identity: string | undefined): Promise<number[]> {
    const columns = Object.keys(rows[0] ?? {}).map((name) => columnOf(table, name));
    const given = new Set(columns.map(({ name }) => name));
    // Giving one takes the right to alter the table.
    if (identity !== undefined && given.has(identity))
      throw new DatabaseConstraintError(`${table.name}.${identity} is given by the database`);
    const missing = table.primaryKey.find((name) => !columnOf(table, name).identity && !given.has(name));
    if (missing) throw new DatabaseConstraintError(`${table.name}.${missing} takes no null`);
    const fillers = Object.entries(this.#tools.fillers(table, given));
    const all = [...columns, ...fillers.map(([name]) => columnOf(table, name))];
    const stage = this.#tools.nameStage();
    await this.#tools.stage(
      stage,
      [numberColumn('n'), ...all.map((column, at) => ({ name: `v${at}`, column }))],
      rows.map((row, place) => [
        place,
        ...Object.values(row).map((value, at) => columnValue(columns[at] as (typeof columns)[0], value)),
        ...fillers.map(([, value]) => value),
      ]),
    );
    const names = all.map(({ name }) => name);
    const keys: number[] = [];
    for (const part of slicesOf(rows.length, rowsInserted(table))) {
      const statement = insertStaged(stage, table.name, names, identity, part);
      const inserted = await this.#tools.insert(statement, table.name, table.primaryKey[0] ?? '');
      keys.push(...inserted.map((row) => Number(row['k'])));
    }
    await this.#tools.drop([stage]);
    return keys;
  }
}

/** Neighbouring rows with the same columns, in order. */
function setsOf(rows: readonly Row[]): Row[][] {
  const sets: { name: string; rows: Row[] }[] = [];
  for (const row of rows) {
    const name = Object.keys(row).join('\n');
    const last = sets.at(-1);
    if (last?.name === name) last.rows.push(row);
    else sets.push({ name, rows: [row] });
  }
  return sets.map((set) => set.rows);
}
