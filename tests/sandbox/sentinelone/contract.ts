import type { IntegrationContract } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);

/** SentinelOne, made from our description of it. */
export const contract: IntegrationContract = {
  integration: 'SentinelOne',
  async prepare(_database, add) {
    await add('MODULESETUP', {
      MSid: 910,
      MSName: 'SentinelOne',
      MSActualName: 'SentinelOne',
      MSHaloIntegratorEnabled: true,
    });
    await add('SentinelOneDetails', {
      SODTopLevel: 1,
      SODIntegratorEnabled: true,
      SODIntegratorTypes: '["Accounts/Sites","Endpoints","Threats"]',
      SODDeleteDevices: true,
      SODAssetTypeChoice: 1,
      SODDefaultAssetGroup: 1,
    });
    await add('FIELD', { Ykind: 'T', Yseq: 1, Yname: 'Operating System' });
    await add('IntegrationFieldMapping', {
      IFMmsid: 910,
      IFMtypeid: 0,
      IFMIsAssetField: true,
      IFMfiid: 1,
      IFMfiname: 'Operating System',
      IFMThirdPartyName: 'osName',
    });
  },
  async start() {
    const server = await startSpecServer(spec, {
      counts: { Site: 12, Agent: 45 },
      // The last one is out of use from the beginning, and is not brought.
      records: { Agent: (index, agent) => ({ ...agent, isDecommissioned: index === 44 }) },
    });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: false,
      settings: (url) => ({ Url: url, ApiToken: 'sandbox-token' }),
      removable: {
        entity: 'Endpoints',
        listing: '/web/api/v2.1/agents',
        remove() {
          const [gone] = server.data.all('Agent');
          server.data.change('Agent', 0, null);
          return () => void (gone && (server.data.all('Agent') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
