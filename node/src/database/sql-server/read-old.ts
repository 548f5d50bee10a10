import type { Row } from '../database.ts';
import type { UpsertOutcome } from '../upsert.ts';
import { readOld, readOldLinks, type UpsertNames } from './sql-text/upsert.ts';
import type { TransactionTools } from './transaction-tools.ts';
import type { Work } from './staged-work.ts';

/** The outcome with what the rows and links hold that are to be changed; asked before they are. */
export async function withOld(
  tools: TransactionTools,
  outcome: UpsertOutcome,
  names: UpsertNames,
  work: Work,
  whole: 'new' | 'known' | undefined,
): Promise<UpsertOutcome> {
  const has = (at: 1 | 2): boolean => [...work.rows.values()].some((row) => row[at] === 2);
  const all = { from: 0, to: Math.max(0, ...work.rows.keys()) };
  const { link } = names;
  const columns = new Map(names.compared.map((at) => [`o${at}`, names.columns[at]?.name ?? '']));
  const linkColumns = new Map((link?.columns ?? []).map(({ name }, at) => [`o${at}`, name]));
  const sought = whole === 'known' ? { ...names, whole } : names;
  const rows = has(1) ? byPlace(await tools.run(readOld(sought, all)), columns) : undefined;
  const links = link && has(2) ? byPlace(await tools.run(readOldLinks(names, link, all)), linkColumns) : undefined;
  return {
    rows: outcome.rows.map((row, place) => {
      const old = row.outcome === 'updated' ? rows?.get(place) : undefined;
      return row.outcome === 'updated' && old ? { ...row, old } : row;
    }),
    links: (outcome.links ?? []).map(({ place, there }) => ({
      place,
      ...(there && { there: { key: there.key, old: { ...there.old, ...links?.get(place) } } }),
    })),
  };
}

function byPlace(rows: readonly Row[], columns: ReadonlyMap<string, string>): ReadonlyMap<number, Row> {
  return new Map(
    rows.map((row) => [
      Number(row['n']),
      Object.fromEntries([...columns].map(([alias, name]) => [name, row[alias] ?? null])),
    ]),
  );
}
