import type { IntegrationContract } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);

/** PRTG, made from our description of it. */
export const contract: IntegrationContract = {
  integration: 'Prtg',
  async prepare(_database, add) {
    await add('MODULESETUP', { MSid: 921, MSName: 'PRTG', MSActualName: 'PRTG', MSHaloIntegratorEnabled: true });
    await add('PrtgDetails', { PRTDefSite: 1, PRTDefAssetType: 1, PRTHaloIntegratorEnabled: true });
    await add('XTYPE', { TTypenum: 1, tdesc: 'Computer' });
    await add('FIELD', { Ykind: 'T', Yseq: 1, Yname: 'Noted' });
    await add('TYPEINFO', { Xkind: 'T', Xnum: 1, Xseq: 1, Xfieldnos: 1 });
    await add('IntegrationFieldMapping', {
      IFMmsid: 921,
      IFMtypeid: 0,
      IFMIsAssetField: true,
      IFMfiid: 1,
      IFMfiname: 'Noted',
      IFMThirdPartyName: 'host',
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
      settings: (url) => ({ Url: url, ApiToken: 'sandbox-token', DeactivateMissing: true }),
      removable: {
        entity: 'Devices',
        listing: '/api/table.json',
        remove() {
          const [gone] = server.data.all('Device');
          server.data.change('Device', 0, null);
          return () => void (gone && (server.data.all('Device') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
