import { describe, expect, it } from '@jest/globals';
import { hostileRecords } from '../../sandbox/hostile-values.ts';
import { pax8Page } from '../../sandbox/scripted-vendor.ts';
import { company, scriptedPax8, subscription, type ScriptedPax8 } from './scripted-pax8.ts';

const goodOnes = 300;
const many = <T>(one: (number: number) => T): readonly T[] => Array.from({ length: goodOnes }, (_, at) => one(at));
const aCompany = (number: number) => ({
  ...company,
  id: `company ${number}`,
  name: `Hostile & Co ${number}`,
  website: 'https://example.com',
  phone: '1',
  address: { street: 'A street', city: 'A town' },
});
const aProduct = (number: number) => ({ id: `product ${number}`, name: `Product ${number}`, sku: 'S' });
const aContact = (number: number) => ({
  id: `contact ${number}`,
  firstName: 'A',
  lastName: `B ${number}`,
  email: `b${number}@example.com`,
});

const entities = [
  {
    entity: 'Customers',
    path: '/companies',
    good: [company, ...many((at) => aCompany(at + 5000))],
    hostile: hostileRecords(aCompany, {
      id: 'text',
      name: 'text',
      website: 'text',
      phone: 'text',
      status: 'text',
      address: 'object',
    }),
  },
  {
    entity: 'Contacts',
    path: '/companies/c1/contacts',
    good: many((at) => aContact(at + 5000)),
    hostile: hostileRecords(aContact, {
      id: 'text',
      firstName: 'text',
      lastName: 'text',
      email: 'text',
      phone: 'text',
    }),
  },
  {
    entity: 'Products',
    path: '/products',
    good: many((at) => aProduct(at + 5000)),
    hostile: hostileRecords(aProduct, {
      id: 'text',
      name: 'text',
      shortDescription: 'text',
      sku: 'text',
      vendorSku: 'text',
      vendorName: 'text',
    }),
  },
  {
    entity: 'Subscriptions',
    path: '/subscriptions',
    good: many((at) => subscription(at + 5000)),
    hostile: hostileRecords((at) => subscription(at), {
      id: 'text',
      companyId: 'text',
      productId: 'text',
      productName: 'text',
      quantity: 'number',
      price: 'number',
      partnerCost: 'number',
      startDate: 'date',
      endDate: 'date',
      createdDate: 'date',
      status: 'text',
      billingTerm: 'text',
      vendorSubscriptionId: 'text',
      vendorSkuId: 'text',
      commitmentTerm: 'object',
    }),
  },
] as const;

/** Good records among the hostile ones, which come first. */
function answers(vendor: ScriptedPax8, path: string, records: readonly unknown[]): void {
  vendor.answer((asked, page) => (asked === path ? { body: pax8Page(records, page) } : undefined));
}

describe('a record with a value that no vendor should give', () => {
  it.each(entities)(
    'is written or set aside by name, and ends nothing: $entity',
    async ({ entity, path, good, hostile }) => {
      await using vendor = await scriptedPax8();
      answers(vendor, path, good);
      const alone = await vendor.sync(entity);
      expect(alone).toMatchObject({ status: 'succeeded', rejected: 0 });
      answers(vendor, path, [...hostile, ...good]);
      for (let time = 0; time < 2; time++) {
        const { status, error, read, created, updated, unchanged, rejected, rejections } = await vendor.sync(entity);
        expect({ status, error }).toEqual({ status: 'succeeded-with-rejections', error: undefined });
        expect(read).toBe(hostile.length + good.length);
        expect(created + updated + unchanged + rejected).toBeGreaterThanOrEqual(read);
        expect(unchanged).toBeGreaterThanOrEqual(good.length);
        for (const { record, reason } of rejections) {
          expect(record).not.toBe('');
          expect(reason).not.toMatch(/is not a function|undefined|cannot read/i);
          expect(reason.length).toBeLessThan(400);
        }
      }
      // What was written of them is whole: the rest is still found as it was.
      answers(vendor, path, good);
      expect(await vendor.sync(entity)).toMatchObject({ status: 'succeeded', unchanged: good.length });
    },
  );
});
