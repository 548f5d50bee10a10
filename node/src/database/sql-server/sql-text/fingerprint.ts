import type { ActualColumn, Value } from '../../database.ts';
import type { FingerprintRequest, RowsBeside } from '../../fingerprint.ts';
import { indexedLinks } from './find.ts';
import { bracket, comparable, isText } from './names.ts';
import { bind, type Statement } from './select.ts';

/** Stands between two values, and in the place of none; no form or page lets anybody type them. */
const between = 'NCHAR(31)';
const nothing = 'NCHAR(1)';

/** More rows than there can be. */
const everyRow = 2 ** 31 - 1;

/**
 * For each row, and each link of it as `r`, its key and a hash of its values, which the server makes: a row never leaves it. In no order, since a
 * server may sort whole rows, and asks for memory for that as if each had the length it could have.
 *
 * @param index a session table with the links of the scope by the record they lead to
 */
export function rowHashes(
  request: FingerprintRequest,
  columnOf: (table: string, name: string) => ActualColumn,
  index?: string,
): Statement {
  const { table, key, link } = request;
  const values: Value[] = [];
  const ranges = bind(values, JSON.stringify(request.keys));
  const texts = request.columns.map((name) => textOf('t', columnOf(table, name)));
  const own = `t.${bracket(key)}`;
  let joined = '';
  if (link) {
    texts.push(...[link.rowKey, ...link.columns].map((name) => textOf('l', columnOf(link.table, name))));
    const scope = Object.entries(link.scope).map(([name, value]) =>
      value === null ? ` AND l.${bracket(name)} IS NULL` : ` AND l.${bracket(name)} = ${bind(values, value)}`,
    );
    const on = `l.${bracket(link.keyColumn)} = ${own}${scope.join('')}`;
    joined =
      index === undefined
        ? ` LEFT JOIN ${bracket(link.table)} l ON ${on}`
        : ` OUTER APPLY ${indexedLinks(link, index, `i.[h] = ${own}`, 'l.*', on)} l`;
  }
  const text = together(texts);
  const row = link ? `, l.${bracket(link.rowKey)} AS [r]` : '';
  return {
    sql: `SELECT ${own} AS [k]${row}, CAST(HASHBYTES('SHA2_256', ${text}) AS binary(32)) AS [h]
FROM ${rowsWithin(table, key, ranges)}${joined}`,
    values,
  };
}

/**
 * For each row, how many rows of another table belong to it and the sums of the halves of their hashes' beginnings, which no order matters
 * to: one line for a row, however many belong to it.
 */
export function besideHashes(
  { table, key, keys }: FingerprintRequest,
  beside: RowsBeside,
  columnOf: (table: string, name: string) => ActualColumn,
): Statement {
  const values: Value[] = [];
  const ranges = bind(values, JSON.stringify(keys));
  const own = `t.${bracket(key)}`;
  const on = beside.on.map(([mine, theirs]) => `b.${bracket(theirs)} = t.${bracket(mine)}`);
  for (const [name, value] of Object.entries(beside.scope)) on.push(`b.${bracket(name)} = ${bind(values, value)}`);
  const texts = beside.columns.map((name) => textOf('b', columnOf(beside.table, name)));
  const text = together(texts);
  const half = (from: number): string => `SUM(CAST(CAST(SUBSTRING(y.[h], ${from}, 8) AS bigint) AS decimal(38, 0)))`;
  return {
    sql: `SELECT ${own} AS [k], CONCAT(COUNT(*), N' ', ${half(1)}, N' ', ${half(9)}) AS [h]
FROM ${rowsWithin(table, key, ranges)}
JOIN ${bracket(beside.table)} b ON ${on.join(' AND ')}
CROSS APPLY (SELECT CAST(HASHBYTES('SHA2_256', ${text}) AS binary(32)) AS [h]) y
GROUP BY ${own}`,
    values,
  };
}

/** The rows `t` of ranges of keys, each range sought by itself: a server may think that there are so many that it reads the table through. */
function rowsWithin(table: string, key: string, ranges: string): string {
  const rows = `SELECT TOP (${everyRow}) x.* FROM ${bracket(table)} x WHERE x.${bracket(key)} BETWEEN r.[a] AND r.[b]`;
  return `OPENJSON(${ranges}) WITH ([a] int '$[0]', [b] int '$[1]') r CROSS APPLY (${rows}) t`;
}

/** Arguments that CONCAT takes. */
const mostJoined = 254;

/** Texts one behind the other, each with a sign behind it. An empty text of no fixed length keeps CONCAT from cutting its answer at 4,000 characters. */
function together(texts: readonly string[]): string {
  const parts = texts.flatMap((text) => [text, between]);
  const concat = (some: readonly string[]): string => `CONCAT(CAST(N'' AS nvarchar(max)), ${some.join(', ')})`;
  const some = mostJoined - 1;
  if (parts.length <= some) return concat(parts);
  const whole: string[] = [];
  for (let from = 0; from < parts.length; from += some) whole.push(concat(parts.slice(from, from + some)));
  return concat(whole);
}

/** A value as text that loses nothing of it. */
function textOf(alias: string, column: ActualColumn): string {
  const plain = `${alias}.${bracket(column.name)}`;
  if (isText(column)) return `ISNULL(${comparable(alias, column.name, column)}, ${nothing})`;
  const style = styleOf(column.type);
  const type = /binary|image/.test(column.type) ? 'nvarchar(max)' : 'nvarchar(60)';
  const value = column.type === 'image' ? `CAST(${plain} AS varbinary(max))` : plain;
  return `ISNULL(CONVERT(${type}, ${value}${style === undefined ? '' : `, ${style}`}), ${nothing})`;
}

/** Styles of CONVERT: all 17 digits of a float, four of money, a time to its last digit, bytes as hexadecimal digits. */
function styleOf(type: string): number | undefined {
  if (type === 'float' || type === 'real') return 3;
  if (/money/.test(type)) return 2;
  if (/date/.test(type)) return 126;
  return /binary|image/.test(type) ? 1 : undefined;
}
