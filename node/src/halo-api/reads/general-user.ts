import type { Database, DatabaseSession } from '../../database/database.ts';

/** The name that the general user of each site has, unless Halo's settings say another. */
const usualName = 'General User';
/** The column that has it. */
export const userName = 'uusername';

/**
 * The name of the general user (CONTROL2.RGeneralUser): the user of a site whom tickets belong to that are nobody's. No person of a
 * vendor is him, and nothing that is synced changes him.
 */
export async function generalUserName(
  database: Pick<Database, 'describe'>,
  reading: Pick<DatabaseSession, 'read'>,
): Promise<string> {
  const control = (await database.describe(['CONTROL2'])).get('CONTROL2');
  if (!control?.columns.has('RGeneralUser')) return usualName;
  const [row] = await reading.read({ from: 'CONTROL2', columns: ['RGeneralUser'], limit: 1 });
  const name = row?.['RGeneralUser'];
  return typeof name === 'string' && name.trim() !== '' ? name : usualName;
}
