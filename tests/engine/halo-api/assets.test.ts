import { describe, expect, it } from '@jest/globals';
import { haloInstance } from './halo-instance.ts';

describe('Assets through the built-in API', () => {
  it('are numbered within their site, listed with their client and type, and keep their site', async () => {
    await using instance = await haloInstance();
    await using setUp = await instance.database.session('test');
    await setUp.transaction((transaction) =>
      transaction.insert('XTYPE', [{ TTypenum: 5, tdesc: 'Computer', Tgeneric: 1 }]),
    );
    const api = instance.api();
    await using session = await api.write('test');
    const made = await session.upsert('Asset', [
      { fields: { inventory_number: 'A', site_id: 4, assettype_id: 5 } },
      { fields: { inventory_number: 'B', site_id: 4, assettype_id: 5 } },
      { fields: { inventory_number: 'C', site_id: 7, assettype_id: 5 } },
      { fields: { inventory_number: 'nowhere' } },
    ]);
    expect(made.slice(0, 3)).toEqual([1, 2, 3].map((id) => ({ outcome: 'created', id })));
    expect(made[3]).toMatchObject({ outcome: 'rejected', reason: expect.stringContaining('site_id') });
    const numbers = await instance.database.read({
      from: 'DEVICE',
      columns: ['Did', 'Dsite', 'ddevnum'],
      orderBy: [{ column: 'Did' }],
    });
    expect(numbers).toEqual([
      { Did: 1, Dsite: 4, ddevnum: 1 },
      { Did: 2, Dsite: 4, ddevnum: 2 },
      { Did: 3, Dsite: 7, ddevnum: 1 },
    ]);
    expect(await api.list('Asset', { client_id: '2', order: 'inventory_number' })).toMatchObject({
      record_count: 2,
      assets: [
        { id: 1, inventory_number: 'A', site_name: 'Main', client_id: 2, assettype_name: 'Computer', inactive: false },
        { id: 2, inventory_number: 'B' },
      ],
    });
    expect(await session.upsert('Asset', [{ fields: { id: 1, inventory_number: 'A2', site_id: 7 } }])).toEqual([
      { outcome: 'updated', id: 1 },
    ]);
    expect(await api.get('Asset', 1)).toMatchObject({ inventory_number: 'A2', site_id: 4 });
    expect(await api.list('AssetType', { assetgroup_id: '1' })).toMatchObject([{ id: 5, name: 'Computer' }]);
  });

  it('are of the one type of a name in the group, else the only one, and set aside where it may be several', async () => {
    await using instance = await haloInstance();
    await using setUp = await instance.database.session('test');
    const types = [
      { TTypenum: 51, tdesc: 'Printer', Tgeneric: 1 },
      { TTypenum: 52, tdesc: 'Printer', Tgeneric: 2 },
      { TTypenum: 53, tdesc: 'Switch', Tgeneric: 1 },
    ];
    await setUp.transaction((transaction) => transaction.insert('XTYPE', types));
    const api = instance.api();
    await using session = await api.write('test');
    const asset = (name: string, assetgroup_id: number) => ({
      fields: { inventory_number: `${name} ${assetgroup_id}`, site_id: 4, assettype_config: { name, assetgroup_id } },
    });
    const made = await session.upsert('Asset', [asset('Printer', 2), asset('printer', 3), asset('Switch', 3)]);
    expect(made.map(({ outcome }) => outcome)).toEqual(['created', 'rejected', 'created']);
    expect(made[1]).toMatchObject({ reason: expect.stringContaining('2 asset types "printer" (51, 52)') });
    const rows = await instance.database.read({ from: 'DEVICE', columns: ['Dtype'], orderBy: [{ column: 'Did' }] });
    expect(rows.map(({ Dtype }) => Dtype)).toEqual([52, 53]);
  });

  it('take the next number when somebody else made one in between', async () => {
    await using instance = await haloInstance();
    const api = instance.api();
    await using session = await api.write('test');
    await session.upsert('Asset', [{ fields: { inventory_number: 'A', site_id: 4 } }]);
    await using other = await instance.database.session('web app');
    await other.transaction((transaction) =>
      transaction.insert('DEVICE', [{ Did: 40, Dsite: 4, ddevnum: 9, dinvno: 'By the web app' }]),
    );
    expect(await session.upsert('Asset', [{ fields: { inventory_number: 'B', site_id: 4 } }])).toEqual([
      { outcome: 'created', id: 41 },
    ]);
    const [row] = await instance.database.read({
      from: 'DEVICE',
      columns: ['ddevnum'],
      where: { column: 'Did', is: 'equal', value: 41 },
    });
    expect(row).toEqual({ ddevnum: 10 });
  });
});

describe('Records that only update', () => {
  it('are skipped where Halo has not got them, and change what Halo has', async () => {
    await using instance = await haloInstance();
    const api = instance.api();
    await using session = await api.write('test');
    const before = await instance.database.count('USERS');
    const outcomes = await session.upsert(
      'Users',
      [
        { fields: { emailaddress: 'nobody@example.com', inactive: true }, update_only: true },
        { fields: { emailaddress: 'amelia.hart@alderfinch.example', inactive: true }, update_only: true },
      ],
      { matchFields: [['emailaddress']] },
    );
    expect(outcomes).toEqual([{ outcome: 'skipped' }, { outcome: 'updated', id: 1 }]);
    expect(await instance.database.count('USERS')).toBe(before);
    expect(await api.get('Users', 1)).toMatchObject({ inactive: true });
  });

  it('are found once for all the shapes they have, each by its own fields', async () => {
    await using instance = await haloInstance();
    const api = instance.api();
    await using session = await api.write('test');
    const options = { matchFields: [['azureoid'], ['emailaddress']], scope: { module_id: 1, details_id: 1 } };
    const outcomes = await session.upsert(
      'Users',
      [
        { fields: { azureoid: 'a', emailaddress: 'amelia.hart@alderfinch.example', title: 'Partner' } },
        { fields: { azureoid: 'b', site_id: 1, name: 'New' } },
        { fields: { azureoid: 'c', emailaddress: 'ben.osei@alderfinch.example' } },
        { fields: { azureoid: 'd', name: 'Again', emailaddress: 'AMELIA.HART@alderfinch.example' } },
      ].map((record) => ({ ...record, third_party_id: record.fields.azureoid })),
      options,
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['updated', 'created', 'updated', 'rejected']);
    expect(outcomes[0]).toEqual({ outcome: 'updated', id: 1 });
    expect(outcomes[3]).toMatchObject({ reason: expect.stringContaining('matched by an earlier record') });
  });
});
