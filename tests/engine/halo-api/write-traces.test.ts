import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HaloRecord } from '../../../node/src/halo-api/halo-api.ts';
import { haloInstance, type HaloInstance } from './halo-instance.ts';

const scope = { module_id: 1, details_id: 1 };
let instance: HaloInstance;

beforeAll(async () => {
  instance = await haloInstance();
});
afterAll(async () => instance[Symbol.asyncDispose]());

const linked = (id: string, fields: HaloRecord['fields']): HaloRecord[] => [{ fields, third_party_id: id }];

describe('what a write leaves beside the record', () => {
  it('has no history of a field that is left alone on update', async () => {
    await using session = await instance.api({ HistoryFieldIds: { UserSite: 77 } }).write('test');
    const write = (site_id: number, title: string, insertOnly: string[]) =>
      session.upsert('Users', linked('history', { name: 'Hist', site_id, title }), { scope, insertOnly });
    const changes = () => instance.database.count('UserChange', { column: 'UCFieldId', is: 'equal', value: 77 });
    await write(1, 'a', ['site_id']);
    expect((await write(2, 'b', ['site_id']))[0]?.outcome).toBe('updated');
    expect(await changes()).toBe(0);
    await write(2, 'b', []);
    expect(await changes()).toBe(1);
  });

  it('says of a site whose address alone changed that it was changed', async () => {
    const api = instance.api();
    await using session = await api.write('test');
    const write = (line: string, whatIf = false) =>
      session.upsert('Site', linked('address', { name: 'Addr', client_id: 1, delivery_address_line1: line }), {
        scope,
        whatIf,
      });
    const site = async () => {
      const [row] = await instance.database.read({
        from: 'SITE',
        columns: ['SLastUpdate', 'Schangeseq'],
        where: { column: 'sdesc', is: 'equal', value: 'Addr' },
      });
      return { updated: row?.['SLastUpdate'], clock: Number(row?.['Schangeseq']) };
    };
    await write('1 High Street');
    const before = await site();
    instance.now = new Date('2026-03-01T00:00:00Z');
    expect((await write('1 High Street'))[0]?.outcome).toBe('unchanged');
    expect((await write('2 High Street', true))[0]?.outcome).toBe('updated');
    expect(await site()).toEqual(before);
    expect((await write('2 High Street'))[0]?.outcome).toBe('updated');
    const after = await site();
    expect(after.updated).toEqual(instance.now);
    expect(after.clock).toBeGreaterThan(before.clock);
  });
});

describe('text that fits no column as it is', () => {
  it.each([
    ['longer, with a pair where it is cut', `${'x'.repeat(254)}😀tail`],
    ['with half a pair', 'Lone \ud83d high'],
    ['with the character that ends texts', 'nul \0 in it'],
  ])('is written once and then unchanged: %s', async (_, name) => {
    await using session = await instance.api().write('test');
    const record = [
      { fields: { name, site_id: 1 }, third_party_id: `id ${name}`, third_party_desc: `${'d'.repeat(3999)}😀` },
    ];
    expect((await session.upsert('Users', record, { scope }))[0]?.outcome).toBe('created');
    expect((await session.upsert('Users', record, { scope }))[0]?.outcome).toBe('unchanged');
  });

  it('of nothing finds nobody', async () => {
    await using session = await instance.api().write('test');
    const fields = { site_id: 1, emailaddress: '' };
    const [first] = await session.upsert('Users', [{ fields: { ...fields, name: 'Nobody’s' } }]);
    const options = { scope, matchFields: [['emailaddress']] };
    const [second] = await session.upsert('Users', linked('empty', { ...fields, name: 'Taker' }), options);
    expect([first?.outcome, second?.outcome]).toEqual(['created', 'created']);
  });

  it('in the place of a number is no id', async () => {
    await using session = await instance.api().write('test');
    const [outcome] = await session.upsert('Users', [{ fields: { id: '5', name: 'Five', site_id: 1 } }]);
    expect(outcome).toEqual({ outcome: 'rejected', reason: 'the field "id" should be an int and is "5"' });
  });
});
