import type { IntegrationContract } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);

/** Addigy, made from our description of it. */
export const contract: IntegrationContract = {
  integration: 'Addigy',
  async prepare(_database, add) {
    await add('MODULESETUP', { MSid: 928, MSName: 'Addigy', MSActualName: 'Addigy', MSHaloIntegratorEnabled: true });
    await add('AddigyDetails', {
      AdgDefaultAssetSite: 1,
      AdgAssetType: 1,
      AdgDeactivateAssets: true,
      AdgIntegratorEnabled: true,
      AdgImportEntities: '["Alerts","Devices"]',
    });
    await add('XTYPE', { TTypenum: 1, tdesc: 'Computer' });
    await add('FIELD', { Ykind: 'T', Yseq: 1, Yname: 'Noted' });
    await add('TYPEINFO', { Xkind: 'T', Xnum: 1, Xseq: 1, Xfieldnos: 1 });
    await add('IntegrationFieldMapping', {
      IFMmsid: 928,
      IFMtypeid: 0,
      IFMIsAssetField: true,
      IFMfiid: 1,
      IFMfiname: 'Noted',
      IFMThirdPartyName: 'agent_version',
    });
  },
  async start() {
    const server = await startSpecServer(spec, {
      counts: { Device: 45 },
    });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: false,
      settings: (url) => ({ BaseUrl: url, ApiKey: 'sandbox-key' }),
      removable: {
        entity: 'Devices',
        listing: '/api/v2/devices',
        remove() {
          const [gone] = server.data.all('Device');
          server.data.change('Device', 0, null);
          return () => void (gone && (server.data.all('Device') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
