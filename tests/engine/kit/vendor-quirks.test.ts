import { describe, expect, it } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import type { IntegrationContract } from '../../sandbox/kit/contract.ts';
import { contract as addigy } from '../../sandbox/addigy/contract.ts';
import { contract as auvik } from '../../sandbox/auvik/contract.ts';
import { contract as automate } from '../../sandbox/connectwise-automate/contract.ts';
import { contract as datto } from '../../sandbox/datto-rmm/contract.ts';
import { contract as jamf } from '../../sandbox/jamf/contract.ts';
import { contract as kandji } from '../../sandbox/kandji/contract.ts';
import { contract as manageEngine } from '../../sandbox/manageengine/contract.ts';
import { contract as nCentral } from '../../sandbox/n-central/contract.ts';
import { contract as sophos } from '../../sandbox/sophos/contract.ts';
import { contract as prtg } from '../../sandbox/prtg/contract.ts';
import { assets, change, opened, resultOf, vendorOf } from './vendor-instance.ts';

describe('Datto RMM', () => {
  it('reads devices by site, never the account’s list, and sets none inactive where a site has more than came', async () => {
    await using instance = await opened(datto);
    const vendor = vendorOf(instance);
    await instance.sync();
    vendor.data.change('Device', 0, null);
    const result = await resultOf(instance, 'Devices');
    expect(result).toMatchObject({
      deactivated: 0,
      note: expect.stringContaining('6 records were promised and 5 came'),
    });
    const paths = new Set(vendor.requests.map(({ path }) => path));
    expect([...paths].some((path) => path.endsWith('/account/devices'))).toBe(false);
    // The site of on-demand devices is no customer's.
    expect(paths).not.toContain('/api/v2/site/site-7/devices');
  });

  it('leaves out a device that is deleted, and sets one inactive that becomes so', async () => {
    await using instance = await opened(datto);
    const vendor = vendorOf(instance);
    await instance.sync();
    vendor.data.change('Device', 0, { deleted: true });
    await instance.sync();
    const inactive = (await assets(instance, ['dinvno', 'dinactive'])).filter((one) => one['dinactive'] === true);
    expect(inactive.map((one) => one['dinvno'])).toEqual(['PC-1']);
  });
});

interface OwnId {
  readonly contract: IntegrationContract;
  readonly entity: string;
  readonly id: string;
  readonly scope: string;
  readonly other: Row;
}

describe.each<OwnId>([
  { contract: prtg, entity: 'Devices', id: 'DPRTGId', scope: 'dprtgdetailsid', other: { dprtgdetailsid: 99 } },
  { contract: jamf, entity: 'Computers', id: 'djamfid', scope: 'djamfdetailsid', other: { djamfdetailsid: 99 } },
  { contract: jamf, entity: 'Computers', id: 'djamfid', scope: 'djamftype', other: { djamftype: 'mobile' } },
])('$contract.integration', ({ contract, entity, id, scope, other }) => {
  it(`takes ${id} for its own only with ${scope}`, async () => {
    await using instance = await opened(contract);
    await instance.sync();
    for (const number of [1, 2]) {
      const [asset] = await instance.database.read({
        from: 'DEVICE',
        columns: ['Did'],
        where: { column: id, is: 'equal', value: number },
      });
      const did = Number(asset?.['Did']);
      // Without its link, its name and its serial number, only the own id is left to tell it by.
      await change(instance, 'DEVICE', { dinvno: `renamed ${number}`, ...(number === 1 && other) }, 'Did', did);
      await change(instance, 'ExternalLink', { ELThirdPartyId: `gone-${number}` }, 'ELHaloId', did);
    }
    expect(await resultOf(instance, entity)).toMatchObject({ created: 1, rejected: 0 });
  });
});

describe('PRTG', () => {
  it('reads texts that are escaped for HTML, and keeps its key out of the log', async () => {
    await using instance = await opened(prtg);
    await instance.sync();
    const names = (await assets(instance, ['dinvno'])).map((one) => one['dinvno']);
    expect(names).toContain('router-1 & switch');
    expect(await instance.logged()).not.toContain('sandbox-token');
  });
});

describe('Auvik', () => {
  it('asks for large pages of each tenant by itself, and not for those that only hold others', async () => {
    await using instance = await opened(auvik);
    const vendor = vendorOf(instance);
    await instance.sync();
    const asked = vendor.requests.filter(({ path }) => path.endsWith('/device/info')).map(({ query }) => query);
    const first = asked.map((query) => new URLSearchParams(query));
    expect(new Set(first.map((one) => one.get('page[first]')))).toEqual(new Set(['1000']));
    expect(new Set(first.map((one) => one.get('tenants'))).size).toBe(6);
    expect(first.some((one) => one.get('tenants') === 'tenant-7')).toBe(false);
  });
});

describe('Kandji', () => {
  it('asks for 300 at most, takes a user that is an empty text, and a missing device for one that may come back', async () => {
    await using instance = await opened(kandji);
    const vendor = vendorOf(instance);
    expect(await resultOf(instance, 'Devices')).toMatchObject({ created: 44, rejected: 0 });
    vendor.data.change('Device', 0, { is_missing: true });
    vendor.data.change('Device', 1, { is_removed: true });
    await instance.sync();
    const inactive = (await assets(instance, ['dinvno', 'dinactive'])).filter((one) => one['dinactive'] === true);
    expect(inactive.map((one) => one['dinvno'])).toEqual(['Mac-2']);
    const limits = vendor.requests.map(({ query }) => Number(new URLSearchParams(query).get('limit')));
    expect(Math.max(...limits)).toBe(300);
  });
});

describe('A device that is out of use and was never in Halo', () => {
  it('does not have the others on its page looked at anew', async () => {
    await using instance = await opened(kandji);
    await instance.sync();
    await instance.sync();
    expect(await resultOf(instance, 'Devices')).toMatchObject({ created: 0, updated: 0, unchanged: 45 });
  });
});

describe('Endpoint Central', () => {
  it('asks for 1000 at most, takes -- for nothing, and a computer without its agent for out of use', async () => {
    await using instance = await opened(manageEngine);
    const vendor = vendorOf(instance);
    vendor.data.change('Computer', 0, { full_name: '--' });
    await instance.sync();
    const names = (await assets(instance, ['dinvno'])).map((one) => one['dinvno']);
    expect(names).toContain('PC-1');
    expect(names).not.toContain('--');
    vendor.data.change('Computer', 1, { installation_status: 23 });
    await instance.sync();
    const inactive = (await assets(instance, ['dinvno', 'dinactive'])).filter((one) => one['dinactive'] === true);
    expect(inactive.map((one) => one['dinvno'])).toEqual(['PC-2.acme.example']);
    const limits = vendor.requests.map(({ query }) => Number(new URLSearchParams(query).get('pagelimit')));
    expect(Math.max(...limits)).toBe(1000);
  });
});

describe('Automate', () => {
  it('finds computers by the id that Halo’s own integrator left', async () => {
    await using instance = await opened(automate);
    await instance.sync();
    const own = (await assets(instance, ['dinvno', 'dcautomateid'])).filter((one) => one['dinvno'] === 'PC-7');
    expect(own).toEqual([expect.objectContaining({ dcautomateid: 7 })]);
  });
});

describe('Addigy', () => {
  it('takes a fact that failed or is not there for one that is not said', async () => {
    await using instance = await opened(addigy);
    const vendor = vendorOf(instance);
    vendor.data.change('Device', 0, {
      facts: { serial_number: { value: 'AD-1-7' }, device_name: { error_msg: 'failed' } },
    });
    vendor.data.change('Device', 1, { facts: null });
    expect(await resultOf(instance, 'Devices')).toMatchObject({ created: 44, rejected: 1 });
    const names = (await assets(instance, ['dinvno'])).map((one) => one['dinvno']);
    expect(names).toContain('AD-1-7');
  });
});

describe('N-central', () => {
  it('leaves a device out whose site has not come yet, and puts it there afterwards, never at the main site', async () => {
    await using instance = await opened(nCentral);
    const vendor = vendorOf(instance);
    vendor.data.change('Site', 6, { parentId: 99 });
    const [customers, sites, devices] = (await instance.sync()).results;
    expect([customers?.created, sites?.created, devices?.created]).toEqual([13, 11, 40]);
    const said = await instance.logged();
    expect(said).toContain('is not in Halo yet: sync Sites, or map it to a site of the client');
    vendor.data.change('Site', 6, { parentId: 1 });
    expect(await resultOf(instance, 'Devices')).toMatchObject({ created: 4, rejected: 0 });
    const [site] = await instance.database.read({
      from: 'DEVICE',
      columns: ['site.sdesc'],
      joins: [{ kind: 'inner', table: 'SITE', as: 'site', on: [['DEVICE.Dsite', 'site.Ssitenum']] }],
      where: { column: 'dinvno', is: 'equal', value: 'PC-1' },
    });
    expect(site).toEqual({ sdesc: 'Branch 7' });
  });

  it('brings probes only where Halo says so, and asks for pages of 500', async () => {
    await using instance = await opened(nCentral);
    const vendor = vendorOf(instance);
    expect(await resultOf(instance, 'Devices')).toMatchObject({ created: 44 });
    await change(instance, 'NCentralDetails', { ncignoreprobes: false }, 'NCDTopLevel', 1);
    expect(await resultOf(instance, 'Devices')).toMatchObject({ created: 1 });
    const sizes = vendor.requests
      .filter(({ method }) => method === 'GET')
      .map(({ query }) => new URLSearchParams(query));
    expect(new Set(sizes.map((query) => query.get('pageSize')))).toEqual(new Set(['500']));
  });
});

describe('Sophos', () => {
  it('asks for 100 tenants a page with the number of pages, and for licences in each tenant’s name', async () => {
    await using instance = await opened(sophos);
    const vendor = vendorOf(instance);
    vendor.data.change('License', 0, { unlimited: true, quantity: null });
    const { results } = await instance.sync();
    expect(results).toMatchObject([
      { entity: 'Tenants', created: 15, rejected: 0 },
      { entity: 'Licences', created: 44, rejected: 0 },
    ]);
    const pages = vendor.requests
      .filter(({ path }) => path.endsWith('/tenants'))
      .map(({ query }) => new URLSearchParams(query));
    expect(new Set(pages.map((page) => `${page.get('pageSize')} ${page.get('pageTotal')}`))).toEqual(
      new Set(['100 true']),
    );
    expect(vendor.requests.filter(({ path }) => path === '/licenses/v1/licenses')).toHaveLength(15);
    const [licence] = await instance.database.read({
      from: 'Licence',
      columns: ['LDesc', 'client.aareadesc'],
      joins: [{ kind: 'inner', table: 'AREA', as: 'client', on: [['Licence.Larea', 'client.Aarea']] }],
      where: { column: 'LDesc', is: 'equal', value: 'PRODUCT-2' },
    });
    expect(licence).toMatchObject({ aareadesc: 'Sophos customer 2' });
    expect(await instance.logged()).toContain('unlimited licences');
  });
});
