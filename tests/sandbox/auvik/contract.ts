import type { IntegrationContract } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);

/** Auvik, made from our description of it. */
export const contract: IntegrationContract = {
  integration: 'Auvik',
  async prepare(_database, add) {
    await add('MODULESETUP', { MSid: 924, MSName: 'Auvik', MSActualName: 'Auvik', MSHaloIntegratorEnabled: true });
    await add('Control4', { rseq: 1, rauvikdeletedevices: true });
    await add('XTYPE', { TTypenum: 1, tdesc: 'Computer' });
    for (const XMValue of ['switch', 'router']) await add('XTypeMapping', { XMmsid: 924, XMTypeId: 1, XMValue });
    await add('CONTROL2', { rseq: 1, RAuvikTopLevel: 1 });
    await add('FIELD', { Ykind: 'T', Yseq: 1, Yname: 'Noted' });
    await add('TYPEINFO', { Xkind: 'T', Xnum: 1, Xseq: 1, Xfieldnos: 1 });
    await add('IntegrationFieldMapping', {
      IFMmsid: 924,
      IFMtypeid: 0,
      IFMIsAssetField: true,
      IFMfiid: 1,
      IFMfiname: 'Noted',
      IFMThirdPartyName: 'makeModel',
    });
  },
  async start() {
    const server = await startSpecServer(spec, {
      counts: { Tenant: 7, Device: 42 },
      records: {
        Tenant: (index, tenant) => ({
          ...tenant,
          attributes: { domainPrefix: `acme${index + 1}`, tenantType: index === 6 ? 'multiClient' : 'client' },
        }),
      },
    });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: false,
      settings: (url) => ({ BaseUrl: url, Username: 'sandbox', ApiKey: 'sandbox-key' }),
      removable: {
        entity: 'Devices',
        listing: '/v1/inventory/device/info',
        remove() {
          const [gone] = server.data.all('Device');
          server.data.change('Device', 0, null);
          return () => void (gone && (server.data.all('Device') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
