import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { licences, type LicenceRecord } from '../../../node/src/integrations/kit/kinds/licences.ts';
import { suppliers } from '../../../node/src/integrations/kit/kinds/suppliers.ts';
import { kindInstance, link, mapped, type KindInstance } from './kind-instance.ts';

const backup: LicenceRecord = {
  id: 'l1',
  name: 'Backup',
  client: 'c1',
  quantity: 5,
  price: 3,
  cost: null,
  active: true,
};
const columns = [
  'LID',
  'LDesc',
  'Larea',
  'LSite',
  'LCount',
  'LVendor',
  'LDistributor',
  'LType',
  'LIsActive',
  'LPurchaseDate',
];
const kind = licences({ type: 1, vendor: 'Acme' });
let halo: KindInstance;

beforeEach(async () => {
  halo = await kindInstance();
  await halo.insert('ExternalLink', link('Client', 2, 'c1'));
});
afterEach(async () => halo[Symbol.asyncDispose]());

const named = (name: string) => halo.rows('Licence', columns, 'LDesc', name);

describe('licences', () => {
  it('are made for the client that is certain, and written again only where they differ', async () => {
    expect((await halo.bring(kind, [backup])).outcomes).toMatchObject([{ outcome: 'created' }]);
    expect(await named('Backup')).toMatchObject([
      { Larea: 2, LCount: 5, LVendor: 'Acme', LDistributor: 'Acme', LType: 1, LIsActive: true },
    ]);
    expect((await halo.bring(kind, [backup])).outcomes).toMatchObject([{ outcome: 'unchanged' }]);
    expect((await halo.bring(kind, [{ ...backup, quantity: 6 }])).outcomes).toMatchObject([{ outcome: 'updated' }]);
    expect(await named('Backup')).toMatchObject([{ LCount: 6 }]);
  });

  it('are set aside where the client, the quantity, the name or the start is not certain', async () => {
    await halo.insert('AREA', { Aarea: 90, aareadesc: 'Twins' }, { Aarea: 91, aareadesc: 'Twins' });
    const { reasons, outcomes } = await halo.bring(licences({ vendor: 'Acme', needsStart: true }), [
      { ...backup, start: '2026-01-01', client: null },
      { ...backup, start: '2026-01-01', client: 'c7', clientName: 'Twins' },
      { ...backup, start: '2026-01-01', quantity: undefined },
      { ...backup, start: '2026-01-01', name: ' ' },
      { ...backup, start: ['', 'soon'] },
    ]);
    expect(reasons).toEqual([
      'Acme gives no client for it.',
      expect.stringContaining('2 clients in Halo are named "Twins"'),
      'Acme gives no quantity for it.',
      'Acme gives no product name for it.',
      'Acme gives no readable start date for it.',
    ]);
    expect(outcomes).toEqual([]);
  });

  it('take the first date that can be read, and whole numbers only', async () => {
    await halo.bring(kind, [{ ...backup, quantity: 2.5, start: [null, 'soon', '2026-02-03', '2026-01-01'] }]);
    const [row] = await named('Backup');
    expect(row).toMatchObject({ LCount: 2 });
    expect((row?.['LPurchaseDate'] as Date).toISOString()).toBe('2026-02-03T00:00:00.000Z');
    expect(halo.warnings).toEqual([expect.stringContaining('a fraction')]);
  });

  it('that went to another client leave the site of the one they had, for the one that was mapped', async () => {
    await halo.bring(kind, [backup]);
    await halo.update('Licence', { LSite: 4 }, 'LDesc', 'Backup');
    // At a site of its client it stays.
    await halo.bring(kind, [{ ...backup, quantity: 9 }]);
    expect(await named('Backup')).toMatchObject([{ Larea: 2, LSite: 4 }]);
    await halo.insert('IntegrationSiteMapping', mapped('c3', 3, { vendor: '', halo: 7 }), mapped('c8', 1));
    await halo.bring(kind, [{ ...backup, client: 'c3' }]);
    expect(await named('Backup')).toMatchObject([{ Larea: 3, LSite: 7 }]);
    await halo.bring(kind, [{ ...backup, client: 'c8' }]);
    expect(await named('Backup')).toMatchObject([{ Larea: 1, LSite: 0 }]);
  });

  it('go by what Halo’s row says of those that are gone, unless the vendor’s entity has a say', async () => {
    const missing = async (options: Parameters<typeof licences>[0], told = {}) =>
      (await licences(options).open(halo.context(told))).missing;
    expect(await missing({ vendor: 'Acme' })).toBe('left');
    expect(await missing({ vendor: 'Acme' }, { deactivateLicences: true })).toBe('deactivated');
    expect(await missing({ vendor: 'Acme', deactivates: () => false }, { deactivateLicences: true })).toBe('left');
  });

  it('of a maker who does not resell are found by its own fields, and keep the client and name they were given', async () => {
    const own = licences({
      vendor: 'Maker',
      resells: false,
      insertOnly: ['name', 'client_id'],
      matchFields: [['tenant_id', 'vendor_product_sku']],
    });
    const seat: LicenceRecord = {
      ...{ id: 'l2', name: 'Seat', quantity: 1, vendorSku: 'SKU', own: { tenant_id: 'T' }, found: { client_id: 1 } },
    };
    await halo.insert('Licence', {
      LID: 900,
      LDesc: 'Seats of ours',
      Larea: 4,
      LTenantId: 'T',
      lvendorproductsku: 'sku',
    });
    expect((await halo.bring(own, [seat])).outcomes).toMatchObject([{ outcome: 'updated', id: 900 }]);
    expect(await halo.rows('Licence', columns, 'LID', 900)).toMatchObject([
      { LDesc: 'Seats of ours', Larea: 4, LCount: 1, LVendor: 'Maker', LDistributor: null },
    ]);
    // Once it is linked, Halo need not say whose it is; one that is not linked is not written.
    const unsaid = { found: { unmatched: 'Map its tenant.' } };
    const again = await halo.bring(own, [
      { ...seat, ...unsaid, quantity: 2 },
      { ...seat, ...unsaid, id: 'l3' },
    ]);
    expect(again.reasons).toEqual([undefined, 'Map its tenant.']);
    expect(await halo.rows('Licence', columns, 'LID', 900)).toMatchObject([{ Larea: 4, LCount: 2 }]);
  });
});

describe('suppliers', () => {
  const shop = { id: 's1', name: 'Shop', email: 'a@shop.example', phone: '1', website: 'https://shop.example' };
  const rows = (name: string) => halo.rows('COMPANY', ['Cnum', 'cdesc', 'cwebsite'], 'cdesc', name);

  it('are found by their name, and what Halo knows of them is left', async () => {
    await halo.insert('COMPANY', { Cnum: 50, cdesc: 'SHOP', cwebsite: 'https://typed.example' });
    const { outcomes, run } = await halo.bring(suppliers(), [shop, { ...shop, id: 's2', name: 'New one' }]);
    expect(outcomes).toMatchObject([{ id: 50 }, { outcome: 'created' }]);
    expect(await halo.rows('COMPANY', ['cwebsite'], 'Cnum', 50)).toEqual([{ cwebsite: 'https://typed.example' }]);
    expect(await rows('New one')).toMatchObject([{ cwebsite: 'https://shop.example' }]);
    expect(run.missing).toBe('left');
    const again = await halo.bring(suppliers(), [
      { ...shop, id: 's2', name: 'New one', website: 'https://other.example' },
    ]);
    expect(again.outcomes).toMatchObject([{ outcome: 'unchanged' }]);
  });

  it('without a name are set aside', async () => {
    const { reasons } = await halo.bring(suppliers(), [{ id: 's3', name: '  ' }]);
    expect(reasons).toEqual(['Acme gives no name for it.']);
  });
});
