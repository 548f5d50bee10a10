import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import type { BatchMark } from '../../../node/src/halo-api/halo-api.ts';
import { haloInstance, type HaloInstance } from './halo-instance.ts';

let instance: HaloInstance;
beforeEach(async () => {
  instance = await haloInstance();
});
afterEach(async () => instance[Symbol.asyncDispose]());

const scope = { module_id: 1, details_id: 1 };
const monday = new Date('2026-02-02T09:30:00Z');

async function row(table: string, key: string, value: number | string, ...columns: string[]): Promise<Row | undefined> {
  const [found] = await instance.database.read({ from: table, columns, where: { column: key, is: 'equal', value } });
  return found;
}
const sequence = () => row('CHANGESEQ', 'id', 1, 'lastseq', 'users', 'area');

describe('writing as Halo’s web application does', () => {
  it('answers each record in order, with the reason of a rejection, and goes on', async () => {
    await using session = await instance.api().write('a test');
    const outcomes = await session.upsert(
      'Client',
      [
        { fields: { name: 'New & Old Ltd' }, third_party_id: 'a' },
        { fields: { name: 'Broken', nonsense: 1 } },
        { fields: { id: 1, name: 'Alder & Finch Solicitors' } },
        { fields: { id: 2, name: 'Brightwater Group' } },
        { fields: { id: 4711, name: 'Nobody' } },
        { fields: { name: 12 } },
      ],
      { scope },
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      'created',
      'rejected',
      'unchanged',
      'updated',
      'rejected',
      'rejected',
    ]);
    expect(outcomes[1]).toMatchObject({ reason: 'Client has no field "nonsense"' });
    expect(outcomes[4]).toMatchObject({ reason: 'AREA has no row 4711' });
  });

  it('rejects the record whose row the database refuses, and writes the others', async () => {
    const allow = await instance.refuse('AREA', 'aareadesc', 'poison');
    await using session = await instance.api().write('a test');
    const names = Array.from({ length: 9 }, (_, at) => (at === 2 || at === 6 ? `poison ${at}` : `sound ${at}`));
    const outcomes = await session.upsert(
      'Client',
      names.map((name, at) => ({ fields: { name }, third_party_id: `p${at}` })),
      { scope },
    );
    await allow();
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(
      names.map((name) => (name.startsWith('poison') ? 'rejected' : 'created')),
    );
    expect(outcomes[2]).toMatchObject({ reason: expect.stringContaining('constraint') });
    expect(await instance.database.count('AREA', { column: 'aareadesc', is: 'starts-with', value: 'sound' })).toBe(7);
    expect(await instance.database.count('ExternalLink')).toBe(7);
  });

  it('commits a mark with the records it is for, or neither', async () => {
    const ADRelatedGuid = '11111111-2222-3333-4444-555555555555';
    const values = { ADNextDelta: 'https://vendor/next', ADLastUpdated: monday };
    const link = {
      table: 'AzureDelta',
      known: { ADRelatedGuid, ADTenantId: ADRelatedGuid, ADEntity: 1 },
      values,
    };
    const marks = () => row('AzureDelta', 'ADEntity', 1, 'ADNextDelta');
    const kept: string[] = [];
    await using session = await instance.api().write('a test');
    const upsert = (name: string, rows: BatchMark['rows']) =>
      session.upsert(
        'Client',
        [name, `${name} Two`].map((one) => ({ fields: { name: one }, third_party_id: one })),
        { scope, mark: { rows, kept: () => void kept.push(name) } },
      );
    const lost = upsert('Lost Ltd', (outcomes) => {
      expect(outcomes).toMatchObject([{ outcome: 'created' }, { outcome: 'created' }]);
      throw new RangeError('no mark');
    });
    await expect(lost).rejects.toThrow('no mark');
    expect(await row('AREA', 'aareadesc', 'Lost Ltd', 'aareadesc')).toBeUndefined();

    await upsert('Sound Ltd', () => [link]);
    expect(await row('AREA', 'aareadesc', 'Sound Ltd', 'aareadesc')).toBeDefined();
    expect(await marks()).toEqual({ ADNextDelta: 'https://vendor/next' });

    // Records of a set that had to be written in parts are no whole, so the mark is left to the caller.
    const allow = await instance.refuse('AREA', 'aareadesc', 'poison');
    await upsert('poison', () => [{ ...link, values: { ...values, ADNextDelta: 'https://vendor/later' } }]);
    await allow();
    expect(await marks()).toEqual({ ADNextDelta: 'https://vendor/next' });
    expect(kept).toEqual(['Sound Ltd']);
  });

  it('stamps last update and change clock on what changes, and on nothing else', async () => {
    const before = await sequence();
    await using session = await instance.api().write('a test');
    instance.now = monday;
    await session.upsert('Users', [{ fields: { id: 1, surname: 'Hartley' } }, { fields: { id: 2, surname: 'Osei' } }]);
    const after = await sequence();
    expect(after).toMatchObject({
      lastseq: Number(before?.lastseq) + 1,
      users: Number(before?.users) + 1,
      area: before?.area,
    });
    expect(await row('USERS', 'Uid', 1, 'ULastUpdate', 'Uchangeseq')).toEqual({
      ULastUpdate: monday,
      Uchangeseq: after?.lastseq,
    });
    expect((await row('USERS', 'Uid', 2, 'ULastUpdate'))?.ULastUpdate).not.toEqual(monday);
    await session.upsert('Users', [{ fields: { id: 1, surname: 'Hartley' } }]);
    expect(await sequence()).toEqual(after);
  });

  it('leaves the change clock alone where the settings say so', async () => {
    const before = await sequence();
    await using session = await instance.api({ ChangeClock: false }).write('a test');
    await session.upsert('Users', [{ fields: { id: 1, surname: 'Hartley' } }]);
    expect(await sequence()).toEqual(before);
  });

  it('gives a new record its creation date and every column that takes no null', async () => {
    await using session = await instance.api().write('a test');
    instance.now = monday;
    const [created] = await session.upsert('Users', [{ fields: { name: 'Zoe Quill', site_id: 1 } }]);
    if (created?.outcome !== 'created') throw new Error(JSON.stringify(created));
    expect(await row('USERS', 'Uid', created.id, 'udatecreated', 'ULastUpdate', 'Usite')).toEqual({
      udatecreated: monday,
      ULastUpdate: monday,
      Usite: 1,
    });
  });

  it('cuts text to its column, and finds it unchanged the next time', async () => {
    const name = 'x'.repeat(5000);
    await using session = await instance.api().write('a test');
    const record = { fields: { name, client_id: 1, count: 3 }, third_party_id: 's1' };
    const [created] = await session.upsert('SoftwareLicence', [record], { scope });
    expect(created).toMatchObject({ outcome: 'created' });
    expect((await session.upsert('SoftwareLicence', [record], { scope }))[0]).toMatchObject({ outcome: 'unchanged' });
  });

  it('writes history by the field id that is set, with old and new value', async () => {
    await using session = await instance.api({ HistoryFieldIds: { LicenceCount: 7 } }).write('a test');
    const licence = (count: number) => ({ fields: { name: 'Suite', client_id: 1, count }, third_party_id: 's1' });
    const [created] = await session.upsert('SoftwareLicence', [licence(3)], { scope });
    instance.now = monday;
    await session.upsert('SoftwareLicence', [licence(5)], { scope });
    await session.upsert('SoftwareLicence', [licence(5)], { scope });
    expect(
      await instance.database.read({
        from: 'LicenceChange',
        columns: ['LCLid', 'LCFieldId', 'LCOldValue', 'LCNewValue', 'LCWho', 'LCWhen'],
        where: { column: 'LCFieldId', is: 'equal', value: 7 },
      }),
    ).toEqual([
      {
        LCLid: created && 'id' in created ? created.id : 0,
        LCFieldId: 7,
        LCOldValue: '3',
        LCNewValue: '5',
        LCWho: 'Halo DB Integrator',
        LCWhen: monday,
      },
    ]);
  });

  it('writes nothing under what-if and says the same', async () => {
    await using session = await instance.api().write('a test');
    const records = [{ fields: { name: 'New Ltd' }, third_party_id: 'a' }, { fields: { id: 2, name: 'Other' } }];
    const before = [
      await instance.database.count('AREA'),
      await instance.database.count('ExternalLink'),
      await sequence(),
    ];
    const said = await session.upsert('Client', records, { scope, whatIf: true });
    expect(said.map(({ outcome }) => outcome)).toEqual(['created', 'updated']);
    expect([
      await instance.database.count('AREA'),
      await instance.database.count('ExternalLink'),
      await sequence(),
    ]).toEqual(before);
  });

  it('keeps a site’s delivery address with the site', async () => {
    const site = (line: string | null) => ({
      fields: { id: 1, delivery_address_line1: line, delivery_address_line5: 'AB1 2CD' },
    });
    const stored = () =>
      instance.database.read({ from: 'ADDRESSSTORE', columns: ['ASSiteID', 'ASLine1', 'ASLine5', 'ASPrimary'] });
    await using session = await instance.api().write('a test');
    expect((await session.upsert('Site', [site('1 High St')]))[0]?.outcome).toBe('updated');
    expect((await session.upsert('Site', [site('1 High St')]))[0]?.outcome).toBe('unchanged');
    expect((await session.upsert('Site', [site('2 High St')]))[0]?.outcome).toBe('updated');
    const kept = { insertOnly: ['delivery_address_line1', 'delivery_address_line5'] };
    expect((await session.upsert('Site', [site('3 High St')], kept))[0]?.outcome).toBe('unchanged');
    expect((await session.upsert('Site', [{ fields: { id: 4, delivery_address_line1: null } }]))[0]?.outcome).toBe(
      'unchanged',
    );
    expect(await stored()).toEqual([{ ASSiteID: 1, ASLine1: '2 High St', ASLine5: 'AB1 2CD', ASPrimary: true }]);
  });

  it('deactivates only what is linked, active and was not seen', async () => {
    await using session = await instance.api().write('a test');
    const licence = (id: string) => ({
      fields: { name: id, client_id: 1, count: 1, is_active: id !== 'c' },
      third_party_id: id,
    });
    await session.upsert('SoftwareLicence', [licence('a'), licence('b'), licence('c')], { scope });
    await session.upsert('SoftwareLicence', [{ fields: { name: 'by hand', client_id: 1, count: 1, is_active: true } }]);
    await session.upsert('SoftwareLicence', [licence('a')], { scope, rememberAs: 'seen' });
    expect(await session.countMissing('SoftwareLicence', scope, 'seen')).toEqual({ missing: 1, total: 2 });
    expect(await session.deactivateMissing('SoftwareLicence', scope, 'seen')).toBe(1);
    const active = await instance.database.read({
      from: 'Licence',
      columns: ['LDesc'],
      where: { column: 'LIsActive', is: 'equal', value: true },
      orderBy: [{ column: 'LID' }],
    });
    expect(active.map(({ LDesc }) => LDesc)).toEqual(['a', 'by hand']);
  });
});
