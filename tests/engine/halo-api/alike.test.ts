import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import { comparedText } from '../../../node/src/halo-api/values/compared-text.ts';
import type { HaloRecord, HaloUpsertOptions } from '../../../node/src/halo-api/halo-api.ts';
import { haloInstance, type HaloInstance } from './halo-instance.ts';

let instance: HaloInstance;
beforeEach(async () => {
  instance = await haloInstance();
});
afterEach(async () => instance[Symbol.asyncDispose]());

const scope = { module_id: 1, details_id: 1 };
const matchFields = [['name']];

async function upsert(resource: string, records: readonly HaloRecord[], options: HaloUpsertOptions = {}) {
  await using session = await instance.api().write('a test');
  return await session.upsert(resource, records, { scope, ...options });
}

async function insert(table: string, ...rows: Row[]) {
  await using session = await instance.database.session('a test');
  await session.transaction(async (transaction) => {
    // Rows that leave a column out get its default.
    for (const row of rows) await transaction.insert(table, [row]);
  });
}

const linkTo = (client: number, id: string, more: Row = {}): Row => ({
  ...{ ELTableId: 1, ELModuleId: 1, ELHaloId: client, ELThirdPartyId: id, ELIsPrimary: true },
  ...more,
});
const links = async (id: string) =>
  (
    await instance.database.read({
      from: 'ExternalLink',
      columns: ['ELHaloId', 'ELDetailsId'],
      where: { column: 'ELThirdPartyId', is: 'equal', value: id },
      orderBy: [{ column: 'ELid' }],
    })
  ).map(({ ELHaloId, ELDetailsId }) => [ELHaloId, ELDetailsId]);

describe('texts that differ in case or in spaces at the end', () => {
  it.each([
    ['Acme', 'Acme ', true],
    ['Acme', 'ACME', true],
    ['Ärzte & Söhne', 'ÄRZTE & SÖHNE  ', true],
    ['Acme', ' Acme', false],
    ['Acme', 'Acme\t', false],
    ['', '  ', true],
  ])('%j and %j', (one, other, alike) => {
    expect(comparedText(one) === comparedText(other)).toBe(alike);
  });

  it.each([
    ['Acme Trading ', 'Acme Trading'],
    ['acme trading', 'ACME Trading  '],
    ['Ärzte & Söhne', 'ÄRZTE & SÖHNE'],
  ])('name one client: %j in Halo and %j at the vendor', async (inHalo, atVendor) => {
    const [made] = await upsert('Client', [{ fields: { name: inHalo } }]);
    const id = made && 'id' in made ? made.id : 0;
    const found = await instance.api().idsByName('Client', [atVendor]);
    expect(found.get(comparedText(atVendor))).toEqual([id]);
    const [again] = await upsert('Client', [{ fields: { name: atVendor }, third_party_id: 'x' }], { matchFields });
    expect(again).toMatchObject({ id });
  });

  it('are one third-party id', async () => {
    const fields = { name: 'Twice' };
    const both = await upsert('Client', [
      { fields, third_party_id: 'ABC-1' },
      { fields: { name: 'Thrice' }, third_party_id: 'abc-1 ' },
    ]);
    expect(both.map(({ outcome }) => outcome)).toEqual(['created', 'rejected']);
    const [created] = both;
    const id = created && 'id' in created ? created.id : 0;
    expect(await upsert('Client', [{ fields, third_party_id: 'Abc-1  ' }])).toEqual([{ outcome: 'unchanged', id }]);
    const linked = await instance.api().linkedIds('Client', scope, ['aBC-1', 'abc-1 ']);
    expect([...linked]).toEqual([
      ['aBC-1', id],
      ['abc-1 ', id],
    ]);
  });

  it('do not change a row, and are not told from it', async () => {
    const [created] = await upsert('Client', [{ fields: { name: 'Spaced' }, third_party_id: 's' }]);
    const id = created && 'id' in created ? created.id : 0;
    expect(await upsert('Client', [{ fields: { name: 'Spaced  ' }, third_party_id: 's' }])).toEqual([
      { outcome: 'unchanged', id },
    ]);
    expect(await upsert('Client', [{ fields: { name: 'SPACED' }, third_party_id: 's' }])).toEqual([
      { outcome: 'updated', id },
    ]);
  });
});

describe('links', () => {
  it('of one id to several records name none of them', async () => {
    await insert('ExternalLink', linkTo(1, 'co', { ELDetailsId: 1 }), linkTo(2, 'CO ', { ELDetailsId: 1 }));
    const linked = await instance.api().linkedIds('Client', scope, ['co', 'other']);
    expect([linked.size, linked.several]).toEqual([0, new Map([['co', [1, 2]]])]);
    const [outcome] = await upsert('Client', [{ fields: { name: 'Whose?' }, third_party_id: 'co' }]);
    expect(outcome).toMatchObject({ outcome: 'rejected', reason: expect.stringContaining('2 rows of AREA match') });
  });

  it.each([
    ['0, as its default is', {}],
    ['null', { ELDetailsId: null }],
  ])('that name no connection (%s) are followed, and get one of the connection beside them', async (_, more) => {
    await insert('ExternalLink', linkTo(2, 'older', more));
    expect([...(await instance.api().linkedIds('Client', scope, ['older']))]).toEqual([['older', 2]]);
    const record = { fields: { name: 'Brightwater Group' }, third_party_id: 'older' };
    const [outcome] = await upsert('Client', [record]);
    expect(outcome).toMatchObject({ id: 2 });
    expect(await links('older')).toEqual([
      [2, 'ELDetailsId' in more ? null : 0],
      [2, 1],
    ]);
    expect(await upsert('Client', [record])).toEqual([{ outcome: 'unchanged', id: 2 }]);
    expect(await links('older')).toHaveLength(2);
  });

  it('of the connection count before those of all', async () => {
    await insert('ExternalLink', linkTo(2, 'both'), linkTo(1, 'both', { ELDetailsId: 1 }));
    const linked = await instance.api().linkedIds('Client', scope, ['both']);
    expect([[...linked], linked.several.size]).toEqual([[['both', 1]], 0]);
    const [outcome] = await upsert('Client', [
      { fields: { name: 'Alder & Finch Solicitors' }, third_party_id: 'both' },
    ]);
    expect(outcome).toEqual({ outcome: 'unchanged', id: 1 });
  });

  it('of another connection are not followed', async () => {
    await insert('ExternalLink', linkTo(2, 'theirs', { ELDetailsId: 9 }));
    expect((await instance.api().linkedIds('Client', scope, ['theirs'])).size).toBe(0);
    expect(await upsert('Client', [{ fields: { name: 'Ours' }, third_party_id: 'theirs' }])).toMatchObject([
      { outcome: 'created' },
    ]);
  });

  it('for all keep a client from being taken for another by its name', async () => {
    await insert('ExternalLink', linkTo(2, 'somebody else'));
    const [client] = await instance.database.read({
      from: 'AREA',
      columns: ['aareadesc'],
      where: { column: 'Aarea', is: 'equal', value: 2 },
    });
    const [outcome] = await upsert('Client', [{ fields: { name: client?.['aareadesc'] }, third_party_id: 'me' }], {
      matchFields,
    });
    expect(outcome?.outcome).toBe('created');
  });
});

describe('site mappings', () => {
  const mapping = (client: number, more: Row = {}): Row => ({
    ...{ ISMHaloId: 0, ISMThirdPartyId: 'co', ISMThirdPartyName: 'a company', ISMMSid: 1 },
    ...{ ISMThirdPartyClientId: 'co', ISMHaloClientId: client },
    ...more,
  });

  it('that stand alike and name several clients name none', async () => {
    await insert('IntegrationSiteMapping', mapping(1), mapping(2, { ISMThirdPartyClientId: 'CO ' }));
    expect([...(await instance.api().siteMappings(scope))]).toEqual([
      ['co', { halo_client_id: 0, halo_id: 0, several: [1, 2] }],
    ]);
  });

  it('that stand alike and name several sites of one client name none of them', async () => {
    const sites = await instance.api().listBy('Site', 'client_id', [1, 2, 3]);
    const byClient = Map.groupBy(sites, (site) => Number(site['client_id']));
    const [client = 0, all = []] = [...byClient].find(([, some]) => some.length > 1) ?? [];
    const ids = all.slice(0, 2).map((site) => Number(site['id']));
    await insert('IntegrationSiteMapping', ...ids.map((id) => mapping(client, { ISMHaloId: id })));
    expect(await instance.api().mappedSites(scope)).toMatchObject([
      { halo_client_id: client, halo_id: 0, severalSites: ids.toSorted((a, b) => a - b) },
    ]);
  });

  it('are taken in their order: the connection’s own first, then by their sequence', async () => {
    await insert('IntegrationSiteMapping', mapping(1), mapping(2, { ismdetailsid: 1, ismseq: 2 }));
    expect((await instance.api().siteMappings(scope)).get('co')).toMatchObject({ halo_client_id: 2 });
    await insert('IntegrationSiteMapping', mapping(3, { ismdetailsid: 1, ismseq: 1 }));
    expect((await instance.api().siteMappings(scope)).get('co')).toMatchObject({ halo_client_id: 3 });
  });
});
