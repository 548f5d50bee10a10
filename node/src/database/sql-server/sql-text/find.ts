import type { ActualColumn, Value } from '../../database.ts';
import { bracket, comparable, isText } from './names.ts';
import { bind, type Statement } from './select.ts';
import type { LinkNames, UpsertNames } from './upsert.ts';

/**
 * One way of finding the rows that staged ones stand for; `places` are those of the columns that must be equal, `whereEmpty` a column
 * that must hold nothing.
 */
export type Finding =
  | { readonly by: 'key' }
  /** By a link of the scope, or, where there is none, by one for all: `orGeneral` looks for both at once. */
  | { readonly by: 'link'; readonly orGeneral?: true }
  | {
      readonly by: 'columns';
      readonly places: readonly number[];
      readonly whereEmpty?: string;
      /** Rows that no columns find. */
      readonly reserved?: { readonly column: string; readonly text: string };
    };

/** Which links count: those of the scope, or those for all (0 or null in the general column) as well. */
type Links = 'own' | 'either';

function scopeOf(link: LinkNames, which: Links, values: Value[]): string {
  return Object.entries(link.scope)
    .map(([name, value]) => {
      const plain = `l.${bracket(name)}`;
      const open = name === link.general ? `${plain} = 0 OR ${plain} IS NULL` : undefined;
      const own = value === null ? `${plain} IS NULL` : `${plain} = ${bind(values, value)}`;
      return open !== undefined && which === 'either' ? `(${own} OR ${open})` : own;
    })
    .join(' AND ');
}

/** How a row of the table `t` is the one meant. */
function meant(names: UpsertNames, finding: Finding, values: Value[]): string {
  const key = `t.${bracket(names.key)}`;
  if (finding.by === 'key') return `${key} = s.[k]`;
  if (finding.by === 'link') return `${key} = l.${bracket(names.link?.keyColumn ?? '')}`;
  const equal = finding.places.map((at) => {
    const column = names.columns[at];
    const plain = `t.${bracket(column?.name ?? '')}`;
    const something = column && isText(column) ? ` AND s.[v${at}] <> N''` : '';
    return `${column?.type === 'ntext' ? `CAST(${plain} AS nvarchar(max))` : plain} = s.[v${at}]${something}`;
  });
  const empty = finding.whereEmpty === undefined ? [] : [`ISNULL(t.${bracket(finding.whereEmpty)}, N'') = N''`];
  const { reserved } = finding;
  const free = reserved ? [`ISNULL(t.${bracket(reserved.column)}, N'') <> ${bind(values, reserved.text)}`] : [];
  return [...equal, ...empty, ...free].join(' AND ');
}

/**
 * Joins the table whose rows are looked for. By its key each is sought there, however large it is: for thousands of rows a server may
 * think it cheaper to read the table through. (Servers that only speak the protocol take the hint behind OUTER alone.) By other columns it decides, as their index may begin with one that many rows share.
 */
function targetJoin(kind: 'INNER' | 'LEFT OUTER', names: UpsertNames, finding?: Finding): string {
  return `${kind} ${names.keyLeads && finding?.by !== 'columns' ? 'LOOP ' : ''}JOIN ${bracket(names.table)} t`;
}

/** More links than there can be. */
const everyLink = 2 ** 31 - 1;

/**
 * The links `l` that a session's index has for something, each sought by its own key and then asked whether it still is as that says. TOP keeps
 * a server from reading both tables through and joining them as a whole, and what is asked of a link comes behind it, so that it is not
 * thought to be rare enough to look for it first.
 */
export function indexedLinks(
  { table, rowKey }: Pick<LinkNames, 'table' | 'rowKey'>,
  index: string,
  sought: string,
  read: string,
  where: string,
): string {
  const link = `SELECT TOP (1) y.* FROM ${bracket(table)} y WHERE y.${bracket(rowKey)} = i.[r]`;
  return `(SELECT ${read} FROM (SELECT TOP (${everyLink}) x.* FROM ${index} i CROSS APPLY (${link}) x WHERE ${sought}) l WHERE ${where})`;
}

function linkJoin(kind: 'JOIN' | 'LEFT JOIN', link: LinkNames, which: Links, values: Value[]): string {
  const on = `s.[e] IS NOT NULL AND ${scopeOf(link, which, values)} AND l.${bracket(link.idColumn)} = s.[e]`;
  if (link.index === undefined) return ` ${kind} ${bracket(link.table)} l ON ${on}`;
  const columns = [link.rowKey, link.keyColumn, ...link.columns.map(({ name }) => name), link.general ?? link.rowKey];
  const read = [...new Set(columns)].map((name) => `l.${bracket(name)}`).join(', ');
  const links = indexedLinks(link, link.index, 'i.[e] = s.[e]', read, on);
  return ` ${kind === 'JOIN' ? 'CROSS' : 'OUTER'} APPLY ${links} l`;
}

/** Which links a way of finding goes by. */
function linksOf(finding: Finding | undefined): Links {
  return finding?.by === 'link' && finding.orGeneral ? 'either' : 'own';
}

/** Whether a link found is the scope's own, where one for all may be found as well. */
function isOwn({ general = '', scope }: LinkNames, values: Value[]): string {
  return `l.${bracket(general)} = ${bind(values, scope[general] ?? null)}`;
}

/** The one row found for each staged one and 1, or how many there are; rows of the scope's own links count before those of links for all. */
function theOneFound(key: string, own: string | undefined): string {
  const one = (of: string, count: string): string => `CASE WHEN MIN(${of}) = MAX(${of}) THEN 1 ELSE ${count} END`;
  if (own === undefined) return `MIN(${key}), ${one(key, 'COUNT(*)')}`;
  const first = `CASE WHEN ${own} THEN ${key} END`;
  return `ISNULL(MIN(${first}), MIN(${key})), CASE WHEN COUNT(${first}) > 0 THEN ${one(first, `COUNT(${first})`)} ELSE ${one(key, 'COUNT(*)')} END`;
}

/** Notes the rows found in one way, the `way`th, for those staged rows that nothing was found for yet, and answers for how many. */
export function findInto(found: string, names: UpsertNames, finding: Finding, way: number): Statement {
  const values: Value[] = [];
  const { link } = names;
  const key = `t.${bracket(names.key)}`;
  const which = linksOf(finding);
  const links = finding.by === 'link' && link ? linkJoin('JOIN', link, which, values) : '';
  const one = theOneFound(key, link && which === 'either' ? isOwn(link, values) : undefined);
  const joined = `${targetJoin('INNER', names, finding)} ON ${meant(names, finding, values)}`;
  const free = finding.by === 'columns' && link ? unlinkedElse(names, link, values) : { join: '', where: '' };
  return {
    sql: `INSERT INTO ${found} ([n], [k], [several], [way]) SELECT s.[n], ${one}, ${way} FROM ${names.stage} s${links} ${joined}${free.join} WHERE NOT EXISTS (SELECT 1 FROM ${found} f WHERE f.[n] = s.[n])${free.where} GROUP BY s.[n]; SELECT @@ROWCOUNT AS [n]`,
    values,
  };
}

/** That a row is not linked to another third-party id, which makes it somebody else's; a record without an id differs from none. */
function unlinkedElse(
  names: UpsertNames,
  link: LinkNames,
  values: Value[],
): { readonly join: string; readonly where: string } {
  const key = `t.${bracket(names.key)}`;
  const where = `l.${bracket(link.keyColumn)} = ${key} AND ${scopeOf(link, 'either', values)} AND l.${bracket(link.idColumn)} <> s.[e]`;
  if (link.index === undefined)
    return { join: '', where: ` AND NOT EXISTS (SELECT 1 FROM ${bracket(link.table)} l WHERE ${where})` };
  const links = indexedLinks(link, link.index, `i.[h] = ${key}`, 'TOP (1) 1 AS [there]', where);
  return { join: ` OUTER APPLY ${links} x`, where: ' AND x.[there] IS NULL' };
}

/** 1 where a pair differs; null equals null. */
function differs(alias: string, columns: readonly (readonly [ActualColumn | undefined, string])[]): string {
  const same = columns.flatMap(([column, staged]) => {
    if (!column) return [];
    const equal = `${comparable(alias, column.name, column)} = ${comparable('s', staged, column)}`;
    return [`(${equal} OR (${alias}.${bracket(column.name)} IS NULL AND s.${bracket(staged)} IS NULL))`];
  });
  return same.length === 0 ? 'CAST(0 AS int)' : `CASE WHEN ${same.join(' AND ')} THEN 0 ELSE 1 END`;
}

/**
 * For each staged row what was found, whether it differs, its old values as `b<n>`, and its link; `lg` says that this is one for all. Where there is one way of
 * finding only, it is found here, and a staged row comes once for each row that fits.
 */
export function readFound(names: UpsertNames, only?: Finding): Statement {
  const values: Value[] = [];
  const { link, found } = names;
  const key = `t.${bracket(names.key)}`;
  const changed = differs(
    't',
    names.compared.map((at) => [names.columns[at], `v${at}`]),
  );
  const before = names.before.map((name, at) => `, t.${bracket(name)} AS [b${at}]`).join('');
  const located = names.located.map((name, at) => `, t.${bracket(name)} AS [p${at}]`).join('');
  const linkChanged = differs(
    'l',
    (link?.columns ?? []).map((column, at) => [column, `l${at}`]),
  );
  const either = link && linksOf(only) === 'either';
  const general = either
    ? `, CASE WHEN ${isOwn(link, values)} OR l.${bracket(link.rowKey)} IS NULL THEN 0 ELSE 1 END AS [lg]`
    : '';
  const linked = link
    ? `, l.${bracket(link.rowKey)} AS [lr], l.${bracket(link.keyColumn)} AS [lk], CASE WHEN l.${bracket(link.rowKey)} IS NULL THEN 0 ELSE ${linkChanged} END AS [lc]${general}`
    : '';
  const links = link ? linkJoin('LEFT JOIN', link, linksOf(only), values) : '';
  const noted = found && !only ? ` LEFT JOIN ${found} f ON f.[n] = s.[n]` : '';
  return {
    sql: `SELECT s.[n], ${key} AS [k]${noted ? ', f.[several], f.[way]' : ''}, CASE WHEN ${key} IS NULL THEN 0 ELSE ${changed} END AS [changed]${before}${located}${linked}
FROM ${names.stage} s${noted}${links} ${targetJoin('LEFT OUTER', names, only)} ON ${only ? meant(names, only, values) : `${key} = f.[k]`}
ORDER BY s.[n]${link ? ', [lr]' : ''}`,
    values,
  };
}
