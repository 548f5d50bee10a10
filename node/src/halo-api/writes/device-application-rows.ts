import type { Row, Transaction } from '../../database/database.ts';

/** Rows of DeviceApplications that were found by their key, and what they hold from now on: the same columns in each. */
export async function updateDeviceApplications(
  transaction: Transaction,
  rows: readonly { readonly key: number; readonly values: Row }[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  await transaction.upsert({
    table: 'DeviceApplications',
    key: { column: 'DAID', kind: 'allocate' },
    columns: Object.keys(first.values),
    rows,
    match: [{ by: 'key' }],
    onInsert: {},
    stamps: {},
  });
}

/**
 * Adds rows to DeviceApplications: rows of the module that nobody uses are taken first, new ones made for the rest.
 * @param onInsert what a new row holds beside
 */
export async function addDeviceApplications(
  transaction: Transaction,
  moduleId: number,
  added: readonly Row[],
  onInsert: Row = {},
): Promise<void> {
  if (added.length === 0) return;
  const free = await transaction.read({
    from: 'DeviceApplications',
    columns: ['DAID'],
    where: {
      all: [
        { column: 'damsid', is: 'equal', value: moduleId },
        { column: 'DADID', is: 'equal', value: 0 },
        { column: 'dauserid', is: 'equal', value: 0 },
      ],
    },
    orderBy: [{ column: 'DAID' }],
    limit: added.length,
  });
  await updateDeviceApplications(
    transaction,
    free.map(({ DAID }, at) => ({ key: Number(DAID), values: added[at] ?? {} })),
  );
  const rest = added.slice(free.length).map((row) => ({ ...row, ...onInsert }));
  if (rest.length > 0) await transaction.insert('DeviceApplications', rest, { column: 'DAID' });
}
