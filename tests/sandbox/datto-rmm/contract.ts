import type { IntegrationContract } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);
const status = (devices: number) => ({ devicesStatus: { numberOfDevices: devices } });

/** Datto RMM, made from our description of it. */
export const contract: IntegrationContract = {
  integration: 'DattoRmm',
  async prepare(_database, add) {
    await add('MODULESETUP', {
      MSid: 920,
      MSName: 'Datto RMM',
      MSActualName: 'Datto RMM',
      MSHaloIntegratorEnabled: true,
    });
    await add('DattoRmmDetails', {
      DRDid: 1,
      DRDTopLevel: 1,
      DRDHaloIntegrator: true,
      DRDDeleteDevices: true,
      DRDAssetTypeGroup: 1,
    });
    await add('XTYPE', { TTypenum: 1, tdesc: 'Computer' });
    for (const XMValue of ['Desktop', 'Laptop', 'Server'])
      await add('XTypeMapping', { XMmsid: 920, XMTypeId: 1, XMValue });
    await add('FIELD', { Ykind: 'T', Yseq: 1, Yname: 'Operating System' });
    await add('TYPEINFO', { Xkind: 'T', Xnum: 1, Xseq: 1, Xfieldnos: 1 });
    await add('IntegrationFieldMapping', {
      IFMmsid: 920,
      IFMtypeid: 0,
      IFMIsAssetField: true,
      IFMfiid: 1,
      IFMfiname: 'Operating System',
      IFMThirdPartyName: 'operatingSystem',
    });
  },
  async start() {
    const server = await startSpecServer(spec, {
      counts: { Site: 7, Device: 42 },
      records: {
        // The last one holds on-demand devices, and is no customer.
        Site: (index, site) => ({ ...site, ...status(6), onDemand: index === 6 }),
        Device: (index, device) => ({ ...device, siteName: `Acme ${(index % 7) + 1} Ltd`, deleted: index === 41 }),
      },
    });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: true,
      settings: (url) => ({ Url: url, ApiKey: 'sandbox-key', ApiSecret: 'sandbox-secret' }),
      removable: {
        entity: 'Devices',
        listing: '/api/v2/site/{siteUid}/devices',
        remove() {
          const [gone] = server.data.all('Device');
          server.data.change('Device', 0, null);
          server.data.change('Site', 0, status(5));
          return () => {
            if (gone) (server.data.all('Device') as unknown[]).unshift(gone);
            server.data.change('Site', 0, status(6));
          };
        },
      },
    };
  },
};
