import type { ActualColumn, Value } from '../../database.ts';
import type { Condition, Query } from '../../query.ts';
import { indexedLinks } from './find.ts';
import { longestIndexed } from './link-index.ts';
import { bracket, collate, plainInJson } from './names.ts';
import { bind, select, type FindColumn, type Statement } from './select.ts';

/** A query for links by a list of ids, or of the records they lead to. */
export interface SoughtLinks {
  /** The query without the list. */
  readonly query: Query;
  readonly values: readonly Value[];
  /** The column that the list is of, and the session table's for it: `e` of an id, `h` of a record. */
  readonly column: ActualColumn;
  readonly by: 'e' | 'h';
}

/** Takes the list out of a query for links; undefined where there is none that all its rows must meet. */
export function soughtIn(query: Query, keyColumn: ActualColumn, idColumn: ActualColumn): SoughtLinks | undefined {
  const { where } = query;
  if (!where || !('all' in where)) return undefined;
  for (const [column, by] of [
    [idColumn, 'e'],
    [keyColumn, 'h'],
  ] as const) {
    const is = (one: Condition): one is Extract<Condition, { readonly is: 'in' }> =>
      'is' in one && one.is === 'in' && nameOf(one.column) === column.name.toLowerCase();
    const list = where.all.find(is);
    if (!list) continue;
    const rest: Condition = { all: where.all.filter((one) => one !== list) };
    return { query: { ...query, where: rest }, values: list.values.filter((value) => value !== null), column, by };
  }
  return undefined;
}

function nameOf(column: string): string {
  return column.slice(column.lastIndexOf('.') + 1).toLowerCase();
}

/** A query for links that seeks each value of its list in a session's index of them. */
export function selectLinks(sought: SoughtLinks, index: string, rowKey: string, find?: FindColumn): Statement {
  const { query, column, by } = sought;
  const where = `l.${bracket(column.name)} = j.[v]`;
  const links = indexedLinks({ table: query.from, rowKey }, index, `i.[${by}] = j.[v]`, 'l.*', where);
  return select(query, find, (values) => `(${listOf(sought, values)}) j CROSS APPLY ${links}`);
}

/** The values, each once as the column compares. */
function listOf({ values: sought, column, by }: SoughtLinks, values: Value[]): string {
  if (by === 'h')
    return `SELECT DISTINCT CAST(x.[value] AS int) AS [v] FROM OPENJSON(${bind(values, JSON.stringify(sought))}) x`;
  // Servers that only speak the protocol may leave JSON's escapes in a text: those go by themselves.
  const texts = sought.map(String);
  const alone = texts.filter((text) => !plainInJson(text)).map((text) => `(${bind(values, text)})`);
  const json = JSON.stringify(texts.filter(plainInJson));
  const cast = (value: string): string => `CAST(${value} AS nvarchar(${longestIndexed}))${collate(column)}`;
  const among = `SELECT ${cast('x.[value]')} AS [v] FROM OPENJSON(${bind(values, json)}) x`;
  if (alone.length === 0) return among.replace('SELECT', 'SELECT DISTINCT');
  return `${among} UNION SELECT ${cast('y.[v]')} FROM (VALUES ${alone.join(', ')}) y ([v])`;
}
