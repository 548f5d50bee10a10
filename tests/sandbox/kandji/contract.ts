import type { IntegrationContract } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);

/** Kandji, made from our description of it. */
export const contract: IntegrationContract = {
  integration: 'Kandji',
  async prepare(_database, add) {
    await add('MODULESETUP', { MSid: 923, MSName: 'Kandji', MSActualName: 'Kandji', MSHaloIntegratorEnabled: true });
    await add('KandjiDetails', { KDdevicesite: 1, KDdtype: 1, KDdeletedevices: true, KDenableintegrator: true });
    await add('XTYPE', { TTypenum: 1, tdesc: 'Computer' });
    await add('FIELD', { Ykind: 'T', Yseq: 1, Yname: 'Noted' });
    await add('TYPEINFO', { Xkind: 'T', Xnum: 1, Xseq: 1, Xfieldnos: 1 });
    await add('IntegrationFieldMapping', {
      IFMmsid: 923,
      IFMtypeid: 0,
      IFMIsAssetField: true,
      IFMfiid: 1,
      IFMfiname: 'Noted',
      IFMThirdPartyName: 'os_version',
    });
  },
  async start() {
    const server = await startSpecServer(spec, {
      counts: { Device: 45 },
      records: {
        Device: (index, device) => ({ ...device, is_removed: index === 44, user: index % 2 ? '' : device['user'] }),
      },
    });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: false,
      settings: (url) => ({ ApiUrl: url, ApiToken: 'sandbox-token' }),
      removable: {
        entity: 'Devices',
        listing: '/api/v1/devices',
        remove() {
          const [gone] = server.data.all('Device');
          server.data.change('Device', 0, null);
          return () => void (gone && (server.data.all('Device') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
