import { describe, expect, it } from '@jest/globals';
import { hostileRecords } from '../../sandbox/hostile-values.ts';
import { startScriptedVendor } from '../../sandbox/scripted-vendor.ts';
import { entraInstance } from './entra-instance.ts';

const guid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const many = <T>(one: (number: number) => T): readonly T[] => Array.from({ length: 60 }, (_, at) => one(at + 5000));

const aUser = (number: number) => ({
  id: guid(number),
  displayName: `User ${number}`,
  mail: `u${number}@contoso.example`,
  userPrincipalName: `u${number}@contoso.example`,
  accountEnabled: true,
});
const aDevice = (number: number) => ({ id: guid(number), deviceName: `PC ${number}`, operatingSystem: 'Windows' });
const aProduct = (number: number) => ({
  id: `tenant_${guid(number)}`,
  skuId: guid(number),
  skuPartNumber: `PART_${number}`,
  capabilityStatus: 'Enabled',
  consumedUnits: 1,
  prepaidUnits: { enabled: 2, warning: 0 },
});

const entities = [
  {
    entity: 'Users',
    path: '/v1.0/users',
    good: many(aUser),
    hostile: hostileRecords(aUser, {
      id: 'text',
      displayName: 'text',
      givenName: 'text',
      surname: 'text',
      mail: 'text',
      userPrincipalName: 'text',
      jobTitle: 'text',
      mobilePhone: 'text',
      businessPhones: 'text',
      accountEnabled: 'text',
      userType: 'text',
      onPremisesSamAccountName: 'text',
      department: 'text',
      '@removed': 'object',
    }),
  },
  {
    entity: 'Devices',
    path: '/v1.0/deviceManagement/managedDevices',
    good: many(aDevice),
    hostile: hostileRecords(aDevice, {
      id: 'text',
      deviceName: 'text',
      serialNumber: 'text',
      operatingSystem: 'text',
      managementAgent: 'text',
      userId: 'text',
    }),
  },
  {
    entity: 'Licences',
    path: '/v1.0/subscribedSkus',
    good: many(aProduct),
    hostile: hostileRecords(aProduct, {
      id: 'text',
      skuId: 'text',
      skuPartNumber: 'text',
      capabilityStatus: 'text',
      consumedUnits: 'number',
      prepaidUnits: 'object',
    }),
  },
] as const;

/** Intune's switch, without which no device is read. */
const connection = { ACIntuneEnabled: true };

describe('a record with a value that Graph should never give', () => {
  it.each(entities)(
    'is written or set aside by name, and ends nothing: $entity',
    async ({ entity, path, good, hostile }) => {
      await using vendor = await startScriptedVendor();
      await using instance = await entraInstance({ users: 0, devices: 0, entities: ['Users', entity], connection });
      instance.configure({ LoginUrl: vendor.url, GraphUrl: vendor.url });
      await instance.set({
        ACDefaultSite: 1,
        accreateunmatchedusers: true,
        ACDefaultAssetType: 1,
        aclicenceimportclient: 1,
      });
      const lists = (records: readonly unknown[]): void =>
        vendor.answer((url) => ({ body: { value: url.pathname === path ? records : [] } }));
      lists(good);
      expect((await instance.sync({ entities: [entity] })).results[0]).toMatchObject({
        status: 'succeeded',
        created: good.length,
      });
      lists([...hostile, ...good]);
      for (let time = 0; time < 2; time++) {
        const [result] = (await instance.sync({ entities: [entity] })).results;
        expect([result?.status, result?.error]).toEqual(['succeeded-with-rejections', undefined]);
        expect(result?.read).toBe(hostile.length + good.length);
        expect(result?.unchanged).toBeGreaterThanOrEqual(good.length);
        expect(result?.deactivated).toBe(0);
        for (const { record, reason } of result?.rejections ?? []) {
          expect(record).not.toBe('');
          expect(reason).not.toMatch(/is not a function|undefined|cannot read/i);
        }
      }
      lists(good);
      expect((await instance.sync({ entities: [entity] })).results[0]).toMatchObject({
        unchanged: good.length,
        rejected: 0,
      });
    },
  );
});
