import type { ActualColumn, Row, Value } from '../../database.ts';
import { bracket, joinLive } from './names.ts';
import { bind, type Statement } from './select.ts';
import type { Slice } from '../slice.ts';

/** What the statements of one upsert are about. */
export interface UpsertNames {
  /** Session tables: the rows brought, the rows found for them, and what is to be done. */
  readonly stage: string;
  /** Undefined where rows are found in one way only, which needs no table of its own. */
  readonly found: string | undefined;
  readonly todo: string;
  /** Where the same is done with everything staged: new rows are numbered from `first` on, known ones bring their key. */
  readonly whole?: { readonly first: number } | 'known';
  readonly table: string;
  readonly key: string;
  /** Whether an index begins with the key. */
  readonly keyLeads: boolean;
  /** Columns of the primary key, by which rows found are sought where no index begins with the key; the n-th stands in `todo` as `p<n>`. */
  readonly located: readonly string[];
  /** Columns brought; the n-th stands in the stage as `v<n>`. */
  readonly columns: readonly ActualColumn[];
  /** Places of the columns that are compared: all but those written on insert only. */
  readonly compared: readonly number[];
  readonly before: readonly string[];
  readonly link?: LinkNames;
  /** The column of a second number that new rows get, which stands in the stage as `number`. */
  readonly numbered?: ActualColumn;
}

/** The link table; its n-th value column stands in the stage as `l<n>`. */
export interface LinkNames {
  readonly table: string;
  readonly rowKey: string;
  /** Whether an index begins with it. */
  readonly rowKeyLeads: boolean;
  readonly keyColumn: string;
  readonly idColumn: string;
  readonly scope: Row;
  /** The column of the scope that makes a link one for all where it is 0 or null; undefined where there can be none beside the scope's. */
  readonly general?: string;
  readonly columns: readonly ActualColumn[];
  /** A session table with the scope's links by third-party id and by record, to be sought in instead of reading the links through. */
  readonly index?: string;
}

/** The staged rows that something is done with: where they come from, in which order, and their key. */
interface Doing {
  readonly from: string;
  readonly key: string;
  readonly where: string;
  readonly order: string;
}

function doing(names: UpsertNames, values: Value[], action: string, { from, to }: Slice): Doing {
  const { whole } = names;
  const rows = whole === undefined ? 'd' : 's';
  const between = `${rows}.[n] BETWEEN ${bind(values, from)} AND ${bind(values, to)}`;
  const order = `${rows}.[n]`;
  if (whole === undefined)
    return {
      from: `${names.todo} d JOIN ${names.stage} s ON s.[n] = d.[n]`,
      key: 'd.[k]',
      where: `d.${action} AND ${between}`,
      order,
    };
  const key = whole === 'known' ? 's.[k]' : `s.[n] + ${bind(values, whole.first)}`;
  return { from: `${names.stage} s`, key, where: between, order };
}

/** Updates the rows that differ, stamps them, and answers how many there still were. */
export function updateRows(names: UpsertNames, skipped: ReadonlySet<string>, stamps: Row, part: Slice): Statement {
  const values: Value[] = [];
  const set = names.columns.flatMap(({ name }, at) => (skipped.has(name) ? [] : [`${bracket(name)} = s.[v${at}]`]));
  const stamped = Object.entries(stamps).map(([name, value]) => `${bracket(name)} = ${bind(values, value)}`);
  const { from, key, where } = doing(names, values, '[a] = 2', part);
  const located = names.located.map((name, at) => `t.${bracket(name)} = d.[p${at}]`);
  return {
    sql: `UPDATE t SET ${[...set, ...stamped].join(', ')} FROM ${from} ${joinLive(names.table, 't', names.keyLeads || located.length > 0)} ON ${located.join(' AND ') || `t.${bracket(names.key)} = ${key}`} WHERE ${where}; SELECT @@ROWCOUNT AS [n]`,
    values,
  };
}

/** What the rows that differ hold, in the columns compared: the n-th column as `o<n>`, by the place of the staged row. */
export function readOld(names: UpsertNames, part: Slice): Statement {
  const values: Value[] = [];
  const old = names.compared.map((at) => `t.${bracket(names.columns[at]?.name ?? '')} AS [o${at}]`);
  const { from, key, where, order } = doing(names, values, '[a] = 2', part);
  const located = names.located.map((name, at) => `t.${bracket(name)} = d.[p${at}]`);
  const join = joinLive(names.table, 't', names.keyLeads || located.length > 0);
  return {
    sql: `SELECT ${['s.[n]', ...old].join(', ')} FROM ${from} ${join} ON ${located.join(' AND ') || `t.${bracket(names.key)} = ${key}`} WHERE ${where} ORDER BY ${order}`,
    values,
  };
}

/** What the links that are changed hold: the n-th column as `o<n>`, by the place of the staged row. */
export function readOldLinks(names: UpsertNames, link: LinkNames, part: Slice): Statement {
  const values: Value[] = [];
  const old = link.columns.map(({ name }, at) => `l.${bracket(name)} AS [o${at}]`);
  const { from, where, order } = doing(names, values, '[la] = 2', part);
  return {
    sql: `SELECT ${['s.[n]', ...old].join(', ')} FROM ${from} ${joinLive(link.table, 'l', link.rowKeyLeads)} ON l.${bracket(link.rowKey)} = d.[lr] WHERE ${where} ORDER BY ${order}`,
    values,
  };
}

/** Inserts the new rows; where the key is an identity, answers the keys in the order of the rows. */
export function insertRows(
  names: UpsertNames,
  skipped: ReadonlySet<string>,
  constants: Row,
  identity: boolean,
  part: Slice,
): Statement {
  const values: Value[] = [];
  const columns: string[] = [];
  const given: string[] = [];
  const { from, key, where, order } = doing(names, values, '[a] = 1', part);
  if (!identity) {
    columns.push(bracket(names.key));
    given.push(key);
  }
  names.columns.forEach(({ name }, at) => {
    if (skipped.has(name)) return;
    columns.push(bracket(name));
    given.push(`s.[v${at}]`);
  });
  if (names.numbered) {
    columns.push(bracket(names.numbered.name));
    given.push('s.[number]');
  }
  for (const [name, value] of Object.entries(constants)) {
    columns.push(bracket(name));
    given.push(bind(values, value));
  }
  const into = `INSERT INTO ${bracket(names.table)} (${columns.join(', ')})`;
  const rows = `SELECT ${given.join(', ')} FROM ${from} WHERE ${where} ORDER BY ${order}`;
  return { sql: identity ? answeringKeys(into, names.key, rows) : `${into} ${rows}`, values };
}

/**
 * An ordered insert that answers the identities it made, in that order. They are made in the order of ORDER BY, which
 * OUTPUT does not promise for its rows; it goes into a variable, since tables with triggers refuse a bare OUTPUT. Nobody
 * else who adds to the table has to wait.
 */
export function answeringKeys(into: string, identity: string, rows: string): string {
  return `DECLARE @keys TABLE ([k] bigint); ${into} OUTPUT inserted.${bracket(identity)} INTO @keys ([k]) ${rows}; SELECT [k] FROM @keys ORDER BY [k]`;
}

/** Gives rows inserted with an identity their key in the list of what is to be done; `{n, k}` objects come in as JSON. */
export function keysOfInserted(names: UpsertNames, json: string): Statement {
  return {
    sql: `UPDATE d SET [k] = j.[k] FROM ${names.todo} d JOIN OPENJSON(@p0) WITH ([n] int '$.n', [k] int '$.k') j ON j.[n] = d.[n]`,
    values: [json],
  };
}

/** Turns the places of the new rows among each other, in the list of what is to be done, into their numbers. */
export function numberNew(names: UpsertNames, last: number): Statement {
  return { sql: `UPDATE d SET [k] = d.[k] + @p0 FROM ${names.todo} d WHERE d.[a] = 1`, values: [last] };
}

/** Gives staged rows their second number; `[n, number]` pairs come in as JSON. */
export function numberStaged(names: UpsertNames, json: string): Statement {
  return {
    sql: `UPDATE s SET [number] = j.[number] FROM ${names.stage} s JOIN OPENJSON(@p0) WITH ([n] int '$[0]', [number] int '$[1]') j ON j.[n] = s.[n]`,
    values: [json],
  };
}

/**
 * Where a row that is to be linked may have gone since it was found, that it is still there: what joins it, and what is asked of that. Each
 * is sought by its key; as a condition of its own a server may answer it by reading the table through.
 */
function stillThere(names: UpsertNames, key: string): { readonly join: string; readonly where: string } {
  if (names.whole !== undefined) return { join: '', where: '' };
  const by = names.located.map((name, at) => `t.${bracket(name)} = d.[p${at}]`);
  const on = by.length === 0 ? `t.${bracket(names.key)} = ${key}` : by.join(' AND ');
  const loop = names.keyLeads || by.length > 0 ? 'LOOP ' : '';
  return {
    join: ` LEFT OUTER ${loop}JOIN ${bracket(names.table)} t ON ${on}`,
    where: ` AND (d.[a] = 1 OR t.${bracket(names.key)} IS NOT NULL)`,
  };
}

/** Links rows to their third-party ids, and answers how many. */
export function insertLinks(names: UpsertNames, link: LinkNames, constants: Row, part: Slice): Statement {
  const values: Value[] = [];
  const columns = [link.keyColumn, link.idColumn, ...link.columns.map(({ name }) => name), ...Object.keys(constants)];
  const { from, key, where, order } = doing(names, values, '[la] = 1', part);
  const there = stillThere(names, key);
  const given = [key, 's.[e]', ...link.columns.map((_, at) => `s.[l${at}]`)];
  for (const value of Object.values(constants)) given.push(bind(values, value));
  return {
    sql: `INSERT INTO ${bracket(link.table)} (${columns.map(bracket).join(', ')}) SELECT ${given.join(', ')} FROM ${from}${there.join} WHERE ${where}${there.where} ORDER BY ${order}; SELECT @@ROWCOUNT AS [n]`,
    values,
  };
}

/** Points links to their row, brings their values up to date, and answers how many there still were. */
export function updateLinks(names: UpsertNames, link: LinkNames, constants: Row, part: Slice): Statement {
  const values: Value[] = [];
  const { from, key, where } = doing(names, values, '[la] = 2', part);
  const there = stillThere(names, key);
  const set = link.columns.map(({ name }, at) => `${bracket(name)} = s.[l${at}]`);
  for (const [name, value] of Object.entries(constants)) set.push(`${bracket(name)} = ${bind(values, value)}`);
  return {
    sql: `UPDATE l SET ${[`${bracket(link.keyColumn)} = ${key}`, ...set].join(', ')} FROM ${from} ${joinLive(link.table, 'l', link.rowKeyLeads)} ON l.${bracket(link.rowKey)} = d.[lr]${there.join} WHERE ${where}${there.where}; SELECT @@ROWCOUNT AS [n]`,
    values,
  };
}

/** Notes in the session's index of links where those lead that were changed. */
export function noteMovedLinks(names: UpsertNames, index: string, part: Slice): Statement {
  const values: Value[] = [];
  const { from, key, where } = doing(names, values, '[la] = 2', part);
  return { sql: `UPDATE i SET [h] = ${key} FROM ${from} JOIN ${index} i ON i.[r] = d.[lr] WHERE ${where}`, values };
}
