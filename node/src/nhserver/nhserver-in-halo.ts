import type { Database } from '../database/database.ts';
import type { NhserverSigns } from './nhserver-advice.ts';

/** What Halo's own tables tell: NHServerLogs (NLTimestamp) and NHServerConfig (id). What is absent tells nothing. */
export async function nhserverInHalo(
  database: Database,
  signal?: AbortSignal,
): Promise<Pick<NhserverSigns, 'lastLog' | 'configurations'>> {
  const tables = await database.describe(['NHServerLogs', 'NHServerConfig']);
  const log = tables.get('NHServerLogs')?.columns;
  const newest =
    log?.has('NLTimestamp') && log.has('NLID')
      ? await database.read(
          {
            from: 'NHServerLogs',
            columns: ['NLTimestamp'],
            where: { column: 'NLTimestamp', is: 'not-null' },
            orderBy: [{ column: 'NLID', descending: true }],
            limit: 1,
          },
          signal,
        )
      : [];
  const written = newest[0]?.['NLTimestamp'];
  const configurations = tables.has('NHServerConfig') ? await database.count('NHServerConfig') : 0;
  return { ...(written instanceof Date && { lastLog: written }), ...(configurations > 0 && { configurations }) };
}
