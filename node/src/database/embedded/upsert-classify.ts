import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { UnknownColumnError } from '../../errors/database-errors.ts';
import type { Row } from '../database.ts';
import type { FoundRows } from '../decide-upsert.ts';
import { comparedText } from '../compared-text.ts';
import { leftAlone, readBefore } from '../upsert.ts';
import type { UpsertMatch, UpsertRequest } from '../upsert.ts';
import { comparingEncoder, decoderOf } from './column-values.ts';
import { comparand, isTextType, spelt } from './compared.ts';
import { comparedColumn, type Connection, type KnownTable } from './connection.ts';
import { quote, storageOf } from './table-definitions.ts';
import { isSame } from './upsert-stage.ts';
import type { Stage } from './upsert-stage.ts';

type Existing = NonNullable<FoundRows['existing'][number]>;
type ExistingLink = NonNullable<FoundRows['links'][number]>;

/** `place, key, …target's columns`, in order of place; the link's row id, key and columns come last where it was joined. */
type Found = readonly [place: number, key: number | null, ...SQLOutputValue[]];

/**
 * Which links count: those of the scope, those for all (0 or null in the general column, asked for one at a time, since an index is sought
 * by neither where a condition has both), or any of them.
 */
type Links = 'own' | 'zero' | 'null' | 'either';

/** `l.scope = ?` for each scope column, with the values to bind. */
function scopeCondition(
  link: KnownTable,
  { scope, general }: NonNullable<UpsertRequest['link']>,
  which: Links,
): { readonly sql: string; readonly parameters: SQLInputValue[] } {
  const parameters: SQLInputValue[] = [];
  const parts = Object.entries(scope).map(([name, value]) => {
    const column = link.column(name);
    const plain = `l.${quote(column.name)}`;
    const isGeneral = name === general;
    if (isGeneral && which === 'zero') return `${plain} = 0`;
    if (isGeneral && which === 'null') return `${plain} IS NULL`;
    const encoded = comparingEncoder(column)(value);
    if (encoded !== null) parameters.push(encoded);
    const own = encoded === null ? `${plain} IS NULL` : `${plain} = ?`;
    return isGeneral && which === 'either' ? `(${own} OR ${plain} = 0 OR ${plain} IS NULL)` : own;
  });
  return { sql: parts.length === 0 ? '1' : parts.join(' AND '), parameters };
}

/** Whether there can be links for all beside those of the scope. */
function hasGeneral({ scope, general }: NonNullable<UpsertRequest['link']>): boolean {
  return general !== undefined && Number(scope[general] ?? 0) !== 0;
}

/** Finds the existing row of each staged row by the matches in turn, one reading for each match, writing nothing. */
export function classify(
  connection: Connection,
  request: UpsertRequest,
  stage: Stage,
  target: KnownTable,
  link: KnownTable | undefined,
): FoundRows {
  const count = request.rows.length;
  const existing = new Array<Existing | undefined>(count).fill(undefined);
  const links = new Array<ExistingLink | undefined>(count).fill(undefined);
  const rejected = new Map(stage.refused);
  const key = `t.${quote(target.column(request.key.column).name)}`;
  const before = readBefore(request).map((name) => target.column(name));
  const decoders = before.map(decoderOf);
  const read = [key, ...[...stage.columns, ...before].map(({ name }) => `t.${quote(name)}`)].join(', ');
  const valuesAt = 2;
  const beforeAt = valuesAt + stage.columns.length;
  const linkAt = beforeAt + before.length;
  const ignored = new Set(leftAlone(request).map((name) => target.column(name).name));
  const compared = stage.columns.flatMap(({ name }, at) => (ignored.has(name) ? [] : [at]));
  const settled = new Uint8Array(count);
  for (const place of rejected.keys()) settled[place] = 1;
  let open = count - rejected.size;

  const stored = request.tellOld ? stage.columns.map(decoderOf) : [];
  const oldOf = (found: Found): Row =>
    Object.fromEntries(
      compared.map((at) => [stage.columns[at]?.name ?? '', stored[at]?.(found[valuesAt + at]) ?? null]),
    );

  const existingOf = (found: Found): Existing => {
    const values = stage.rows[found[0]]?.values;
    const changed = compared.some((at) => !isSame(values?.[at], found[valuesAt + at]));
    return {
      key: Number(found[1]),
      changed,
      ...(changed && request.tellOld && { old: oldOf(found) }),
      ...(before.length > 0 && {
        before: Object.fromEntries(before.map(({ name }, at) => [name, decoders[at]?.(found[beforeAt + at]) ?? null])),
      }),
    };
  };

  const { reserved } = request;
  const reservedText = reserved && comparedText(reserved.text);
  const reservedAt = beforeAt + readBefore(request).indexOf(reserved?.column ?? '');
  const isFree = (found: Found): boolean => !reserved || comparedText(found[reservedAt]) !== reservedText;

  const take = (found: readonly Found[], words: string): void => {
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
      if (settled[place] || first[1] === null) continue;
      settled[place] = 1;
      open--;
      if (several && several.size > 1) rejected.set(place, `${several.size} rows of ${target.name} match by ${words}`);
      else existing[place] = existingOf(first);
    }
  };

  const linked = (which: Links): Found[] => {
    if (!link || !request.link) return [];
    const scope = scopeCondition(link, request.link, which);
    if (which !== 'own' && !isAnyLink(connection, link, scope)) return [];
    const linkKey = `l.${quote(link.column(request.link.keyColumn).name)}`;
    const linkRead = ['l.rowid', linkKey, ...stage.linkColumns.map(({ name }) => `l.${quote(name)}`)].join(', ');
    return connection.rows<Found>(
      `SELECT s.n, ${read}, ${linkRead}
       FROM ${stage.name} s CROSS JOIN ${quote(link.name)} l
         ON ${scope.sql} AND ${comparedColumn(link, request.link.idColumn, 'l')} = ${staged('s.e')}
       LEFT JOIN ${quote(target.name)} t ON ${key} = ${linkKey}
       WHERE s.e IS NOT NULL ORDER BY s.n, ${key} IS NULL`,
      scope.parameters,
    );
  };
  const byLink = linked('own');
  const storedInLink = request.tellOld ? stage.linkColumns.map(decoderOf) : [];
  for (const found of byLink) {
    const values = stage.rows[found[0]]?.linkValues;
    const changed = values?.some((value, at) => !isSame(value, found[linkAt + 2 + at])) ?? false;
    links[found[0]] ??= {
      row: Number(found[linkAt]),
      key: found[linkAt + 1] as number | null,
      changed,
      ...(changed && {
        old: Object.fromEntries(
          storedInLink.map((stored, at) => [stage.linkColumns[at]?.name ?? '', stored(found[linkAt + 2 + at])]),
        ),
      }),
    };
  }
  for (const match of request.match) {
    if (open === 0) break;
    if (match.by === 'link') {
      take(byLink, 'link');
      if (open > 0 && request.link && hasGeneral(request.link))
        take(inOrder([...linked('zero'), ...linked('null')]), 'link');
    } else if (match.by === 'columns')
      take(
        foundByColumns(connection, match, request, stage, target, read, settled, link).filter(isFree),
        match.columns.join(', '),
      );
    else if (stage.hasKeys)
      take(
        connection.rows<Found>(
          `SELECT s.n, ${read} FROM ${stage.name} s CROSS JOIN ${quote(target.name)} t ON ${key} = s.k ORDER BY s.n`,
        ),
        'key',
      );
  }
  return { existing, links, rejected };
}

/** Whether there is any link that counts: mostly none is for all connections, and that is one look in place of one for each row. */
function isAnyLink(connection: Connection, link: KnownTable, { sql, parameters }: ReturnType<typeof scopeCondition>) {
  return connection.rows(`SELECT 1 FROM ${quote(link.name)} l WHERE ${sql} LIMIT 1`, parameters).length > 0;
}

/** In the order of their places. */
function inOrder(found: readonly Found[]): readonly Found[] {
  return found.toSorted((one, other) => one[0] - other[0]);
}

/** The rows that equal the staged rows that are still open on these columns. */
function foundByColumns(
  connection: Connection,
  match: Extract<UpsertMatch, { by: 'columns' }>,
  request: UpsertRequest,
  stage: Stage,
  target: KnownTable,
  read: string,
  settled: Uint8Array,
  link: KnownTable | undefined,
): Found[] {
  const places = match.columns.map((name) => {
    const at = stage.columns.indexOf(target.column(name));
    if (at < 0) throw new UnknownColumnError(`${name} among the columns brought`);
    return at;
  });
  const columns = places.map((at) => stage.columns[at]).filter((column) => column !== undefined);
  const open = connection.temporaryTable(
    ['n INTEGER, e TEXT', ...columns.map(({ type }, at) => `v${at} ${storageOf(type)}`)].join(', '),
  );
  connection.database.exec(`DELETE FROM ${open}`);
  const insert = connection.prepare(`INSERT INTO ${open} VALUES (?, ?${', ?'.repeat(columns.length)})`);
  let some = false;
  stage.rows.forEach((row, place) => {
    // Nothing never matches nothing, and without anything to look for the table need not be read.
    if (!row || settled[place] || places.some((at) => comparand(row.values[at] ?? '') === '')) return;
    some = true;
    for (const values of spelt(places.map((at) => row.values[at] ?? null)))
      insert.run(place, comparand(row.id), ...values);
  });
  if (!some) return [];
  const equal = columns
    .map(
      ({ name, type }, at) =>
        `${comparedColumn(target, name, 't')} = ${isTextType(type) ? staged(`s.v${at}`) : `s.v${at}`}`,
    )
    .join(' AND ');
  const unowned = match.whereEmpty && comparedColumn(target, match.whereEmpty, 't');
  const empty = unowned ? ` AND (${unowned} = '' OR ${unowned} IS NULL)` : '';
  const free = link && notLinkedElsewhere(request, link, `t.${quote(target.column(request.key.column).name)}`);
  return connection.rows<Found>(
    `SELECT s.n, ${read} FROM ${open} s CROSS JOIN ${quote(target.name)} t
       ON ${equal}${empty}${free ? ` AND ${free.sql}` : ''} ORDER BY s.rowid`,
    free?.parameters,
  );
}

/**
 * A staged text that a text column, as it is compared, is sought by. The plus takes its affinity away: an index on an expression has none,
 * and SQLite would read all of the index for each staged row instead.
 */
function staged(column: string): string {
  return `+${column}`;
}

/** A row that is linked to another third-party id is that record's, however alike the two are. */
function notLinkedElsewhere(request: UpsertRequest, link: KnownTable, key: string) {
  if (!request.link) return undefined;
  const scope = scopeCondition(link, request.link, 'either');
  const [linkKey, id] = [link.column(request.link.keyColumn).name, comparedColumn(link, request.link.idColumn, 'l')];
  // A record without an id differs from none.
  return {
    sql: `NOT EXISTS (SELECT 1 FROM ${quote(link.name)} l WHERE l.${quote(linkKey)} = ${key} AND ${scope.sql} AND ${id} <> s.e)`,
    parameters: scope.parameters,
  };
}
