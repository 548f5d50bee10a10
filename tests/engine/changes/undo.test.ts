import { describe, expect, it } from '@jest/globals';
import { openChanges } from '../../../node/src/changes/read-changes.ts';
import type { Database, Row } from '../../../node/src/database/database.ts';
import { syncAll } from '../../../node/src/sync/run.ts';
import { undoRun, type ShownUndo } from '../../../node/src/sync/undo-run.ts';
import { pax8Instance, type Pax8Instance } from '../sync/pax8-instance.ts';

const never = (): AbortSignal => new AbortController().signal;
/** Columns that tell of a change itself: when it was, and the number of the change clock. */
const trace = /changeseq$|lastupdate|dateupdated|lastsync/i;
const tables = ['AREA', 'SITE', 'USERS', 'ITEM', 'Licence', 'ExternalLink', 'ADDRESSSTORE'];

async function sync(instance: Pax8Instance): Promise<string> {
  return (await syncAll({ whatIf: false }, await instance.parts(), () => {}, never())).runId;
}

async function undo(instance: Pax8Instance, run: string, whatIf = false) {
  const parts = await instance.parts();
  const all: ShownUndo[] = [];
  await using changes = await openChanges(instance.folder, run, parts.environment);
  if (!changes) throw new Error(`no changes of ${run}`);
  const items = async (some: readonly ShownUndo[]): Promise<void> => void all.push(...some);
  return { report: await undoRun({ changes, whatIf, signal: never(), items }, parts), all };
}

/** All that the tables hold, but for traces. */
async function contentOf(database: Database): Promise<Record<string, Row[]>> {
  const content: Record<string, Row[]> = {};
  for (const [name, table] of await database.describe(tables)) {
    const columns = [...table.columns.keys()].filter((column) => !trace.test(column));
    const orderBy = table.primaryKey.map((column) => ({ column }));
    content[name] = await database.read({ from: name, columns, orderBy });
  }
  return content;
}

async function change(database: Database, table: string, set: Row, column: string, value: number): Promise<void> {
  await using session = await database.session('somebody');
  await session.transaction((transaction) => transaction.update(table, set, { column, is: 'equal', value }));
}

async function licences(database: Database): Promise<Row[]> {
  return database.read({
    from: 'Licence',
    columns: ['LID', 'LCount', 'LDesc', 'LIsActive'],
    orderBy: [{ column: 'LID' }],
  });
}

describe('Undoing a run', () => {
  it('leaves every table as it was before the run, but for the traces', async () => {
    await using instance = await pax8Instance({});
    const { database } = instance;
    await sync(instance);
    const [one, other] = await licences(database);
    await change(database, 'Licence', { LCount: 4711, LDesc: 'As an agent wrote it' }, 'LID', Number(one?.['LID']));
    await change(database, 'Licence', { LCount: 4712 }, 'LID', Number(other?.['LID']));
    const before = await contentOf(database);
    const run = await sync(instance);
    expect(await contentOf(database)).not.toEqual(before);

    const foreseen = await undo(instance, run, true);
    expect(foreseen.report).toMatchObject({ putBack: 2, setInactive: 0, leftAlone: 0, whatIf: true });
    expect(await contentOf(database)).not.toEqual(before);

    const history = await database.count('LicenceChange');
    const { report, all } = await undo(instance, run);
    expect(report).toMatchObject({ putBack: 2, leftAlone: 0 });
    expect(await contentOf(database)).toEqual(before);
    expect(all.find(({ id }) => id === String(other?.['LID']))).toMatchObject({
      outcome: 'put back',
      resource: 'SoftwareLicence',
      fields: [{ field: 'count', before: other?.['LCount'], after: 4712 }],
      reason: '',
    });
    expect(await database.count('LicenceChange')).toBeGreaterThan(history);

    const again = await undo(instance, run);
    expect(again.report).toMatchObject({ putBack: 0, leftAlone: 2 });
    expect(again.all[0]?.reason).toContain('it is as it was before the run');
    // What an undoing changed is a run's changes as well.
    await undo(instance, report.undoRunId);
    expect(await licences(database)).toContainEqual(
      expect.objectContaining({ LID: other?.['LID'], LCount: other?.['LCount'] }),
    );
  });

  it('sets inactive what the run made, and leaves alone what somebody changed since', async () => {
    await using instance = await pax8Instance({ entities: { Customers: true } });
    const { database } = instance;
    const before = await contentOf(database);
    const run = await sync(instance);
    const made = (await database.read({ from: 'AREA', columns: ['Aarea'], orderBy: [{ column: 'Aarea' }] }))
      .map(({ Aarea }) => Number(Aarea))
      .filter((id) => !before['AREA']?.some(({ Aarea }) => Number(Aarea) === id));
    expect(made.length).toBeGreaterThan(1);
    const [changed, ...others] = made;
    await change(database, 'AREA', { aareadesc: 'Renamed since' }, 'Aarea', Number(changed));
    const { all } = await undo(instance, run);
    const of = (id: number | undefined) => all.find((one) => one.table === 'AREA' && one.id === String(id));
    expect(of(changed)).toMatchObject({ outcome: 'left alone', reason: 'it was changed since: aareadesc' });
    for (const id of others) expect(of(id)).toMatchObject({ outcome: 'set inactive', reason: '' });
    const inactive = await database.read({
      from: 'AREA',
      columns: ['Aarea'],
      where: { column: 'AIsInactive', is: 'equal', value: true },
    });
    expect(inactive.map(({ Aarea }) => Number(Aarea)).filter((id) => made.includes(id))).toEqual(others);
    const after = await contentOf(database);
    const was = new Set(before['AREA']?.map(({ Aarea }) => Number(Aarea)));
    expect(after['AREA']?.filter(({ Aarea }) => was.has(Number(Aarea)))).toEqual(before['AREA']);
  });

  it('puts back the columns that still stand where another was changed since', async () => {
    await using instance = await pax8Instance({ entities: { Customers: true, Subscriptions: true } });
    const { database } = instance;
    await sync(instance);
    const [one] = await licences(database);
    const id = Number(one?.['LID']);
    await change(database, 'Licence', { LCount: 4711, LDesc: 'As an agent wrote it' }, 'LID', id);
    const run = await sync(instance);
    await change(database, 'Licence', { LCount: 5000 }, 'LID', id);
    const { all } = await undo(instance, run);
    expect(all).toMatchObject([{ outcome: 'put back', reason: 'it was changed since: LCount' }]);
    expect((await licences(database))[0]).toMatchObject({ LCount: 5000, LDesc: 'As an agent wrote it' });
  });
});
