import type { IntegrationContract } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);

/** StreamOne Ion, made from our description of it. */
export const contract: IntegrationContract = {
  integration: 'StreamOneIon',
  async prepare(_database, add) {
    await add('MODULESETUP', {
      MSid: 936,
      MSName: 'StreamOne Ion',
      MSActualName: 'StreamOne Ion',
      MSHaloIntegratorEnabled: true,
    });
    await add('StreamOneIonDetails', {
      SOIDname: 'Ion',
      SOIDaccountid: '42',
      SOIDImportEntities: '["Customers","Subscriptions"]',
      SOIDTopLevel: 1,
      SOIDHaloIntegrator: true,
    });
  },
  async start() {
    const server = await startSpecServer(spec, {
      counts: { Customer: 23, Subscription: 45 },
      records: {
        Subscription: (index, subscription) => ({
          ...subscription,
          customerId: String((index % 10) + 1),
          // As a number, and as a text.
          totalLicense: index % 2 ? String(index + 1) : index + 1,
        }),
      },
    });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: true,
      settings: (url) => ({ BaseUrl: url, RefreshToken: 'sandbox-refresh', DeactivateMissing: true }),
      removable: {
        entity: 'Subscriptions',
        listing: '/api/v3/accounts/42/subscriptions',
        remove() {
          const [gone] = server.data.all('Subscription');
          server.data.change('Subscription', 0, null);
          return () => void (gone && (server.data.all('Subscription') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
