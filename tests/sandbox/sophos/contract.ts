import type { IntegrationContract } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);

/** Sophos Central, made from our description of it. */
export const contract: IntegrationContract = {
  integration: 'Sophos',
  async prepare(_database, add) {
    await add('MODULESETUP', { MSid: 929, MSName: 'Sophos', MSActualName: 'Sophos', MSHaloIntegratorEnabled: true });
    await add('SophosDetails', { SDid: 1, SDTopLevel: 1, SDHaloIntegrator: true });
  },
  async start() {
    const server = await startSpecServer(spec, {
      counts: { Tenant: 15, License: 45 },
    });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: true,
      settings: (url) => ({
        BaseUrl: url,
        LoginUrl: url,
        ClientId: 'sandbox-client',
        ClientSecret: 'sandbox-secret',
        PartnerId: 'sandbox-partner',
        DeactivateMissing: true,
      }),
      removable: {
        entity: 'Licences',
        listing: '/licenses/v1/licenses',
        remove() {
          const [gone] = server.data.all('License');
          server.data.change('License', 0, null);
          return () => void (gone && (server.data.all('License') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
