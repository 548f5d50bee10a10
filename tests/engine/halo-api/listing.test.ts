import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HaloApi } from '../../../node/src/halo-api/halo-api.ts';
import facts from '../../facts/halo-api.json' with { type: 'json' };
import { haloInstance, type HaloInstance } from './halo-instance.ts';

interface Clients {
  readonly record_count: number;
  readonly clients: readonly { readonly id: number; readonly name: string; readonly toplevel_name?: string }[];
}

let instance: HaloInstance;
let api: HaloApi;

beforeAll(async () => {
  instance = await haloInstance();
  api = instance.api();
});
afterAll(async () => instance[Symbol.asyncDispose]());

const clients = async (query: Record<string, string>) => (await api.list('Client', query)) as unknown as Clients;

describe('listing as Halo does', () => {
  it('answers the envelope with published names and joined names', async () => {
    const { record_count, clients: all } = await clients({});
    expect(record_count).toBe(8);
    expect(all[0]).toMatchObject({ id: 1, name: 'Alder & Finch Solicitors', toplevel_name: 'Customers' });
  });

  it('pages, and counts all the same', async () => {
    const seen: number[] = [];
    for (const page_no of ['1', '2', '3']) {
      const page = await clients({ pageinate: 'true', page_size: '3', page_no });
      expect(page.record_count).toBe(8);
      seen.push(...page.clients.map(({ id }) => id));
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect((await clients({ count: '2' })).clients).toHaveLength(2);
  });

  it('searches text as it is, whatever wildcards are in it', async () => {
    expect((await clients({ search: 'CALDER' })).clients.map(({ name }) => name)).toEqual(['Calder Valley Brewing']);
    expect((await clients({ search: '%' })).clients).toEqual([]);
    expect((await clients({ search: "'; DROP TABLE AREA; --" })).clients).toEqual([]);
    expect((await clients({ search: '& Finch' })).clients).toHaveLength(1);
  });

  it('orders by a field, also downwards', async () => {
    const { clients: down } = await clients({ order: 'name', orderdesc: 'true' });
    expect(down[0]?.name).toBe('Harbour Light Hotels');
  });

  it('leaves inactive records out unless asked', async () => {
    await using session = await api.write('a test');
    await session.upsert('Client', [{ fields: { id: 8, inactive: true } }]);
    expect((await clients({})).record_count).toBe(7);
    expect((await clients({ includeinactive: 'true' })).record_count).toBe(8);
    await session.upsert('Client', [{ fields: { id: 8, inactive: false } }]);
  });

  it('filters by the resource’s own parameters and by last update', async () => {
    const sites = (await api.request('GET', '/Site?client_id=2')) as { sites: { client_name: string }[] };
    expect(sites.sites).toHaveLength(3);
    expect(sites.sites[0]?.client_name).toBe('Brightwater Dental Group');
    expect((await clients({ lastupdatefromdate: '2026-01-06T00:00:00Z' })).record_count).toBeLessThan(8);
    expect((await clients({ lastupdatefromdate: '2026-01-05T00:00:00Z' })).record_count).toBe(8);
  });

  it('gets one record, and says which is not there', async () => {
    await expect(api.request('GET', 'Client/3')).resolves.toMatchObject({ id: 3, name: 'Calder Valley Brewing' });
    await expect(api.get('Client', 99)).rejects.toMatchObject({ code: 'RecordNotFound', exitCode: 2 });
  });

  it('tells which instance this is, by published names', async () => {
    const info = (await api.request('GET', '/InstanceInfo')) as Record<string, unknown>;
    expect(info).toEqual({ hostname: 'halo.example.com', version: expect.any(String), isself: true });
    expect(Object.keys(facts.schemas.Instance)).toEqual(expect.arrayContaining(Object.keys(info)));
  });

  it('refuses what it does not know in one line', async () => {
    await expect(api.list('Clint')).rejects.toMatchObject({ code: 'UnknownResource' });
    await expect(api.list('Client', { serch: 'x' })).rejects.toMatchObject({ code: 'UnknownParameter' });
    await expect(api.list('Client', { pageinate: 'perhaps' })).rejects.toMatchObject({ code: 'ParameterValue' });
    await expect(api.list('Client', { order: 'colour' })).rejects.toMatchObject({ code: 'ParameterValue' });
    await expect(api.request('GET', '/Client/%ZZ')).rejects.toMatchObject({ code: 'ParameterValue' });
  });
});
