import type { IntegrationContract } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);

/** N-central, made from our description of it. */
export const contract: IntegrationContract = {
  integration: 'NCentral',
  async prepare(_database, add) {
    await add('MODULESETUP', {
      MSid: 935,
      MSName: 'N-Central',
      MSActualName: 'N-Central',
      MSHaloIntegratorEnabled: true,
    });
    await add('NCentralDetails', {
      NCDTopLevel: 1,
      NCDEnableIntegrator: true,
      NCDDeactivateAssets: true,
      ncddefaultassettype: 1,
      ncdassettypechoice: 0,
    });
    await add('XTYPE', { TTypenum: 1, tdesc: 'Computer' });
    await add('FIELD', { Ykind: 'T', Yseq: 1, Yname: 'Noted' });
    await add('TYPEINFO', { Xkind: 'T', Xnum: 1, Xseq: 1, Xfieldnos: 1 });
    await add('IntegrationFieldMapping', {
      IFMmsid: 935,
      IFMtypeid: 0,
      IFMIsAssetField: true,
      IFMfiid: 1,
      IFMfiname: 'Noted',
      IFMThirdPartyName: 'supportedOs',
    });
  },
  async start() {
    const server = await startSpecServer(spec, {
      counts: { Customer: 13, Site: 12, Device: 45 },
      records: {
        // Ids are counted over customers and sites alike.
        Site: (index, site) => ({
          ...site,
          siteId: index + 101,
          siteName: `Branch ${index + 1}`,
          parentId: (index % 6) + 1,
        }),
        Device: (index, device) => ({
          ...device,
          customerId: (index % 6) + 1,
          // Some on the first page of devices are at sites of the second page of sites.
          siteId: ((index + 6) % 12) + 101,
          isProbe: index === 44,
        }),
      },
    });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: true,
      settings: (url) => ({ Url: url, UserApiToken: 'sandbox-jwt' }),
      removable: {
        entity: 'Devices',
        listing: '/api/devices',
        remove() {
          const [gone] = server.data.all('Device');
          server.data.change('Device', 0, null);
          return () => void (gone && (server.data.all('Device') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
