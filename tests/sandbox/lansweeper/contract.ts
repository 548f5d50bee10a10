import type { TestedIntegration } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);
const siteOf = (index: number): string => `site-${(index % 2) + 1}`;

/** Lansweeper's cloud, made from our description of it: two sites, both mapped. */
export const contract: TestedIntegration = {
  integration: 'Lansweeper',
  async prepare(_database, add) {
    await add('MODULESETUP', {
      MSid: 938,
      MSName: 'Halo Asset Discovery',
      MSActualName: 'Halo Asset Discovery',
      MSHaloIntegratorEnabled: true,
    });
    await add('CONTROL', { Rseq: 1, rlansweeperdefaultassettype: 1, rlansweeperassettypechoice: 0 });
    for (const number of [1, 2])
      await add('IntegrationSiteMapping', {
        ISMMSid: 938,
        ISMHaloId: number === 1 ? 1 : 4,
        ISMHaloClientId: number,
        ISMThirdPartyId: `site-${number}`,
        ISMThirdPartyName: `Network ${number}`,
        ISMThirdPartyClientId: '',
      });
    await add('XTYPE', { TTypenum: 1, tdesc: 'Computer' });
    await add('FIELD', { Ykind: 'T', Yseq: 1, Yname: 'Noted' });
    await add('TYPEINFO', { Xkind: 'T', Xnum: 1, Xseq: 1, Xfieldnos: 1 });
    await add('IntegrationFieldMapping', {
      IFMmsid: 938,
      IFMtypeid: 0,
      IFMIsAssetField: true,
      IFMfiid: 1,
      IFMfiname: 'Noted',
      IFMThirdPartyName: 'operatingSystem.version',
    });
  },
  async start() {
    const server = await startSpecServer(spec, {
      counts: { Site: 2, Asset: 45, Software: 45 },
      records: {
        Asset: (index, asset) => ({ ...asset, siteOf: siteOf(index) }),
        Software: (index, software) => ({ ...software, siteOf: siteOf(index) }),
      },
    });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: false,
      settings: (url) => ({ BaseUrl: url, Token: 'sandbox-token', DeactivateMissing: true }),
      removable: {
        entity: 'Assets',
        listing: '/api/v2/graphql',
        remove() {
          const [gone] = server.data.all('Asset');
          server.data.change('Asset', 0, null);
          return () => void (gone && (server.data.all('Asset') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
