import type { Database } from '../database/database.ts';

/** How many links of a kind are looked at. */
const most = 50;

/** Of the links looked at, how many lead to a row that is there. */
export interface LinkSample {
  readonly links: number;
  readonly there: number;
}

/** Looks where the newest links of a kind lead. */
export async function lookInLinks(
  database: Database,
  tableId: number,
  table: string,
  key: string,
  signal?: AbortSignal,
): Promise<LinkSample> {
  const links = await database.read(
    {
      from: 'ExternalLink',
      columns: ['ELHaloId'],
      where: { column: 'ELTableId', is: 'equal', value: tableId },
      orderBy: [{ column: 'ELid', descending: true }],
      limit: most,
    },
    signal,
  );
  const ids = [...new Set(links.map((row) => Number(row['ELHaloId'])).filter(Number.isFinite))];
  if (ids.length === 0) return { links: 0, there: 0 };
  return { links: ids.length, there: await database.count(table, { column: key, is: 'in', values: ids }, key) };
}
