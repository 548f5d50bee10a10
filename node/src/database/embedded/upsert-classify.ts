import type { SQLInputValue } from 'node:sqlite';
import { UnknownColumnError } from '../../errors/database-errors.ts';
import type { UpsertMatch, UpsertRequest } from '../upsert.ts';
import { comparingEncoder } from './column-values.ts';
import type { Connection, KnownTable } from './connection.ts';
import { quote } from './table-definitions.ts';
import { differs } from './upsert-stage.ts';
import type { Stage } from './upsert-stage.ts';

/** What becomes of each staged row, by its place. */
export interface Classification {
  /** Key of the row found; undefined where there is none. */
  readonly keys: (number | undefined)[];
  readonly changed: boolean[];
  readonly rejected: ReadonlyMap<number, string>;
  /** Row id of the link there is for the third-party id, with the key it carries and whether its values differ. */
  readonly links: ({ readonly row: number; readonly key: number | null; readonly changed: boolean } | undefined)[];
}

type Found = [place: number, key: number | null, changed: number];
type FoundLink = [...Found, linkRow: number, linkKey: number | null, linkChanged: number];

/** `l.scope = ?` for each scope column, with the values to bind. */
export function scopeCondition(
  link: KnownTable,
  scope: Readonly<Record<string, Parameters<ReturnType<typeof comparingEncoder>>[0]>>,
): { readonly sql: string; readonly parameters: SQLInputValue[] } {
  const parameters: SQLInputValue[] = [];
  const parts = Object.entries(scope).map(([name, value]) => {
    const column = link.column(name);
    const encoded = comparingEncoder(column)(value);
    if (encoded === null) return `l.${quote(column.name)} IS NULL`;
    parameters.push(encoded);
    return `l.${quote(column.name)} = ?`;
  });
  return { sql: parts.length === 0 ? '1' : parts.join(' AND '), parameters };
}

/** Finds the existing row of each staged row by the matches in turn, reading only. */
export function classify(
  connection: Connection,
  request: UpsertRequest,
  stage: Stage,
  target: KnownTable,
  link: KnownTable | undefined,
): Classification {
  const count = request.rows.length;
  const keys = new Array<number | undefined>(count).fill(undefined);
  const changed = new Array<boolean>(count).fill(false);
  const links = new Array<Classification['links'][number]>(count).fill(undefined);
  const rejected = new Map(stage.refused);
  const keyColumn = quote(target.column(request.key.column).name);
  const ignored = new Set((request.insertOnly ?? []).map((name) => target.column(name).name));
  const different = differs('t', target, stage.columns, 'v', ignored);
  const settled = new Uint8Array(count);
  for (const place of rejected.keys()) settled[place] = 1;
  let open = count - rejected.size;

  const take = (found: readonly (Found | FoundLink)[], words: string): void => {
    for (let at = 0; at < found.length;) {
      const first = found[at] as Found;
      const place = first[0];
      let several: Set<number> | undefined;
      for (at++; at < found.length && found[at]?.[0] === place; at++) {
        const other = found[at]?.[1];
        if (other !== first[1] && typeof other === 'number') {
          several ??= new Set(first[1] === null ? [] : [first[1]]);
          several.add(other);
        }
      }
      if (settled[place] || (first[1] === null && !several)) continue;
      settled[place] = 1;
      open--;
      if (several && several.size > 1) {
        rejected.set(place, `${several.size} rows of ${target.name} match by ${words}`);
      } else {
        keys[place] = first[1] ?? undefined;
        changed[place] = first[2] !== 0;
      }
    }
  };

  let byLink: FoundLink[] = [];
  if (link && request.link) {
    const scope = scopeCondition(link, request.link.scope);
    const linkKey = `l.${quote(link.column(request.link.keyColumn).name)}`;
    byLink = connection.rows<FoundLink>(
      `SELECT s.n, t.${keyColumn}, ${different}, l.rowid, ${linkKey}, s.kept AND ${differs('l', link, stage.linkColumns, 'l', new Set())}
       FROM ${stage.name} s CROSS JOIN ${quote(link.name)} l
         ON ${scope.sql} AND l.${quote(link.column(request.link.idColumn).name)} = s.e
       LEFT JOIN ${quote(target.name)} t ON t.${keyColumn} = ${linkKey}
       WHERE s.e IS NOT NULL ORDER BY s.n, t.${keyColumn} IS NULL`,
      scope.parameters,
    );
    for (const [place, , , row, key, linkChanged] of byLink) {
      links[place] ??= { row, key, changed: linkChanged !== 0 };
    }
  }
  for (const match of request.match) {
    if (open === 0) break;
    if (match.by === 'link') take(byLink, 'link');
    else
      take(
        foundBy(connection, match, request, stage, target, different, open < count ? settled : undefined, link),
        wordsOf(match),
      );
  }
  return { keys, changed, rejected, links };
}

function wordsOf(match: UpsertMatch): string {
  return match.by === 'columns' ? match.columns.join(', ') : match.by;
}

/** The rows a key or column match finds for the staged rows that are still open. */
function foundBy(
  connection: Connection,
  match: Exclude<UpsertMatch, { by: 'link' }>,
  request: UpsertRequest,
  stage: Stage,
  target: KnownTable,
  different: string,
  settled: Uint8Array | undefined,
  link: KnownTable | undefined,
): Found[] {
  const keyColumn = quote(target.column(request.key.column).name);
  let from = `${stage.name} s`;
  if (settled) {
    const open = connection.temporaryTable('n INTEGER PRIMARY KEY /* open */');
    connection.database.exec(`DELETE FROM ${open}`);
    const places: number[] = [];
    settled.forEach((is, place) => is === 0 && places.push(place));
    connection.prepare(`INSERT INTO ${open} SELECT value FROM json_each(?)`).run(JSON.stringify(places));
    from = `${open} o CROSS JOIN ${stage.name} s ON s.n = o.n`;
  }
  const equal =
    match.by === 'key'
      ? [`t.${keyColumn} = s.k`]
      : match.columns.map((name) => {
          const column = target.column(name).name;
          const at = stage.columns.indexOf(column);
          if (at < 0) throw new UnknownColumnError(`${column} among the columns brought`);
          return `t.${quote(column)} = s.v${at}`;
        });
  const free = match.by === 'columns' && link ? notLinkedElsewhere(request, link, keyColumn) : undefined;
  return connection.rows<Found>(
    `SELECT s.n, t.${keyColumn}, ${different} FROM ${from} CROSS JOIN ${quote(target.name)} t
       ON ${equal.join(' AND ')}${free ? ` AND ${free.sql}` : ''} ORDER BY s.n`,
    free?.parameters,
  );
}

/** A row that is linked to another third-party id is that record's, however alike the two are. */
function notLinkedElsewhere(request: UpsertRequest, link: KnownTable, keyColumn: string) {
  if (!request.link) return undefined;
  const scope = scopeCondition(link, request.link.scope);
  const [linkKey, id] = [link.column(request.link.keyColumn).name, link.column(request.link.idColumn).name];
  return {
    sql: `(s.e IS NULL OR NOT EXISTS (SELECT 1 FROM ${quote(link.name)} l WHERE l.${quote(linkKey)} = t.${keyColumn} AND ${scope.sql} AND l.${quote(id)} <> s.e))`,
    parameters: scope.parameters,
  };
}
