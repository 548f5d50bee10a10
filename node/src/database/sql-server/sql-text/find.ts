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
  /** By a link of the scope, or by one for all. */
  | { readonly by: 'link'; readonly general?: true }
  | {
      readonly by: 'columns';
      readonly places: readonly number[];
      readonly whereEmpty?: string;
      /** Rows that no columns find. */
      readonly reserved?: { readonly column: string; readonly text: string };
    };

/** Which links count: those of the scope, those for all (0 or null in the general column), or either. */
type Links = 'own' | 'general' | 'either';

function scopeOf(link: LinkNames, which: Links, values: Value[]): string {
  return Object.entries(link.scope)
    .map(([name, value]) => {
      const plain = `l.${bracket(name)}`;
      const open = name === link.general ? `${plain} = 0 OR ${plain} IS NULL` : undefined;
      if (open !== undefined && which === 'general') return `(${open})`;
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

/** Links that one id has at most: two that differ are refused. */
const linksOfOne = 1000;

function linkJoin(kind: 'JOIN' | 'LEFT JOIN', link: LinkNames, which: Links, values: Value[]): string {
  const on = `s.[e] IS NOT NULL AND ${scopeOf(link, which, values)} AND l.${bracket(link.idColumn)} = s.[e]`;
  if (link.index === undefined) return ` ${kind} ${bracket(link.table)} l ON ${on}`;
  const columns = [link.rowKey, link.keyColumn, ...link.columns.map(({ name }) => name)];
  const read = [...new Set(columns)].map((name) => `l.${bracket(name)}`).join(', ');
  // TOP, which nobody's links come up to, keeps the server from reading both tables through and joining them as a whole.
  return ` ${kind === 'JOIN' ? 'CROSS' : 'OUTER'} APPLY (SELECT TOP (${linksOfOne}) ${read} FROM ${link.index} i INNER LOOP JOIN ${bracket(link.table)} l ON l.${bracket(link.rowKey)} = i.[r] WHERE i.[e] = s.[e] AND ${on}) l`;
}

/** Whether a way of finding goes by links for all. */
function linksOf(finding: Finding | undefined): Links {
  return finding?.by === 'link' && finding.general ? 'general' : 'own';
}

/** Notes the rows found in one way for those staged rows that nothing was found for yet, and answers for how many. */
export function findInto(found: string, names: UpsertNames, finding: Finding): Statement {
  const values: Value[] = [];
  const { link } = names;
  const key = `t.${bracket(names.key)}`;
  const links = finding.by === 'link' && link ? linkJoin('JOIN', link, linksOf(finding), values) : '';
  // A row that is linked to another third-party id is somebody else's; a record without an id differs from none.
  const free =
    finding.by === 'columns' && link
      ? ` AND NOT EXISTS (SELECT 1 FROM ${bracket(link.table)} l WHERE l.${bracket(link.keyColumn)} = ${key} AND ${scopeOf(link, 'either', values)} AND l.${bracket(link.idColumn)} <> s.[e])`
      : '';
  return {
    sql: `INSERT INTO ${found} ([n], [k], [several]) SELECT s.[n], MIN(${key}), CASE WHEN MIN(${key}) = MAX(${key}) THEN 1 ELSE COUNT(*) END FROM ${names.stage} s${links} ${targetJoin('INNER', names, finding)} ON ${meant(names, finding, values)} WHERE NOT EXISTS (SELECT 1 FROM ${found} f WHERE f.[n] = s.[n])${free} GROUP BY s.[n]; SELECT @@ROWCOUNT AS [n]`,
    values,
  };
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
 * For each staged row what was found, whether it differs, its old values as `b<n>`, and its link. Where there is one way of
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
  const linked = link
    ? `, l.${bracket(link.rowKey)} AS [lr], l.${bracket(link.keyColumn)} AS [lk], CASE WHEN l.${bracket(link.rowKey)} IS NULL THEN 0 ELSE ${linkChanged} END AS [lc]`
    : '';
  const links = link ? linkJoin('LEFT JOIN', link, linksOf(only), values) : '';
  const noted = found && !only ? ` LEFT JOIN ${found} f ON f.[n] = s.[n]` : '';
  return {
    sql: `SELECT s.[n], ${key} AS [k]${noted ? ', f.[several]' : ''}, CASE WHEN ${key} IS NULL THEN 0 ELSE ${changed} END AS [changed]${before}${located}${linked}
FROM ${names.stage} s${noted}${links} ${targetJoin('LEFT OUTER', names, only)} ON ${only ? meant(names, only, values) : `${key} = f.[k]`}
ORDER BY s.[n]${link ? ', [lr]' : ''}`,
    values,
  };
}
