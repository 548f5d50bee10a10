import { UnknownColumnError } from '../../errors/database-errors.ts';
import type { ActualColumn, ActualTable, Row } from '../database.ts';
import type { FoundRows } from '../decide-upsert.ts';
import type { UpsertRequest } from '../upsert.ts';
import { columnOf } from './column-of.ts';
import { findInto, readFound, type Finding } from './sql-text/find.ts';
import type { UpsertNames } from './sql-text/upsert.ts';
import type { TransactionTools } from './transaction-tools.ts';

/** The ways of finding that can find something: not by keys nobody knows, nor by links that are not kept. */
export function findingsOf(
  request: UpsertRequest,
  table: ActualTable,
  columns: readonly ActualColumn[],
): readonly Finding[] {
  return request.match.flatMap((match): Finding[] => {
    if (match.by === 'key') return request.rows.some((row) => row.key !== undefined) ? [match] : [];
    if (match.by === 'link') return request.link ? [match] : [];
    const places = match.columns.map((name) =>
      columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase()),
    );
    if (places.includes(-1)) throw new UnknownColumnError(`${match.columns.join(', ')} among the columns brought`);
    const { whereEmpty } = match;
    const { reserved } = request;
    return [
      {
        by: 'columns',
        places,
        ...(whereEmpty !== undefined && { whereEmpty: columnOf(table, whereEmpty).name }),
        ...(reserved && { reserved: { column: columnOf(table, reserved.column).name, text: reserved.text } }),
      },
    ];
  });
}

/** Whether there is one way of finding only, and it needs no look at other links. */
export function isAlone(findings: readonly Finding[], linked: boolean): boolean {
  return findings.length === 1 && !(linked && findings[0]?.by === 'columns');
}

/** Finds what the database has for the staged rows, as many as are given, each way in turn while some are open. */
export async function findRows(
  tools: TransactionTools,
  names: UpsertNames,
  findings: readonly Finding[],
  rejected: Map<number, string>,
  staged: number,
): Promise<FoundRows> {
  const { found, link } = names;
  const there: Readings = { existing: [], links: [], rejected };
  if (findings.length === 0 && !link) return there;
  const ways = findings.map((one) =>
    one.by === 'link' && link?.general !== undefined ? { ...one, orGeneral: true as const } : one,
  );
  if (found) {
    let open = staged;
    for (const [way, finding] of ways.entries()) {
      if (open <= 0) break;
      const [row] = await tools.run(findInto(found, names, finding, way));
      open -= Number(row?.['n']);
    }
  }
  take(await tools.run(readFound(names, found ? undefined : ways[0])), names, ways, there);
  return there;
}

interface Readings {
  readonly existing: FoundRows['existing'][number][];
  readonly links: FoundRows['links'][number][];
  readonly rejected: Map<number, string>;
}

/** Takes what was read. Links for all count where the scope has none, and are left as they are. */
function take(
  rows: readonly Row[],
  names: UpsertNames,
  ways: readonly Finding[],
  { existing, links, rejected }: Readings,
): void {
  const reject = (place: number, rowsThatFit: unknown, way: unknown): void =>
    void rejected.set(
      place,
      `${String(rowsThatFit)} rows of ${names.table} match by ${inWords(ways[Number(way ?? 0)], names)}`,
    );
  const own = new Set(rows.flatMap((row) => (row['lg'] === 1 || row['k'] === null ? [] : [Number(row['n'])])));
  const several = new Map<number, Set<number>>();
  for (const row of rows) {
    const place = Number(row['n']);
    const general = row['lg'] === 1;
    if (general && own.has(place)) continue;
    const there = existing[place];
    if (Number(row['several'] ?? 0) > 1) reject(place, row['several'], row['way']);
    else if (row['k'] !== null && there === undefined) existing[place] = foundRow(names, row);
    else if (row['k'] !== null && there && there.key !== Number(row['k']))
      several.set(place, (several.get(place) ?? new Set([there.key])).add(Number(row['k'])));
    if (!general && row['lr'] !== undefined && row['lr'] !== null)
      links[place] ??= {
        row: Number(row['lr']),
        key: row['lk'] === null ? null : Number(row['lk']),
        changed: row['lc'] === 1,
      };
  }
  for (const [place, keys] of several) reject(place, keys.size, 0);
}

/** What a way of finding goes by: key, link, or its columns. */
function inWords(way: Finding | undefined, { columns }: UpsertNames): string {
  return way?.by === 'columns' ? way.places.map((at) => columns[at]?.name).join(', ') : (way?.by ?? 'key');
}

function foundRow(names: UpsertNames, row: Row): NonNullable<FoundRows['existing'][number]> {
  return {
    key: Number(row['k']),
    changed: row['changed'] === 1,
    ...(names.located.length > 0 && { located: names.located.map((_, at) => Number(row[`p${at}`])) }),
    ...(names.before.length > 0 && {
      before: Object.fromEntries(names.before.map((name, at) => [name, row[`b${at}`] ?? null])) as Row,
    }),
  };
}
