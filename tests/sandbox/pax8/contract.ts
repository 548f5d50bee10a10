import type { Listing } from '../kit/listings.ts';
import type { IntegrationContract } from '../kit/contract.ts';
import { startPax8Sandbox } from './pax8-sandbox.ts';

const listing = (path: string): Listing => ({
  method: 'GET',
  path: `/v1${path}`,
  records: 'content',
  id: 'id',
  paging: 'page',
  parameter: 'page',
  firstPage: '0',
  total: 'page.totalElements',
  pages: 'page.totalPages',
});

/** Pax8, by its own sandbox. */
export const contract: IntegrationContract = {
  integration: 'Pax8',
  async prepare(database) {
    await using session = await database.session('test');
    await session.transaction((transaction) =>
      transaction.update(
        'Pax8Details',
        { pa8deactivatemissinglicenses: true },
        { column: 'PA8ID', is: 'equal', value: 1 },
      ),
    );
  },
  async start() {
    const sandbox = await startPax8Sandbox({
      companies: 12,
      subscriptions: 70,
      products: 30,
      contactsPerCompany: 3,
      seed: 11,
    });
    sandbox.faults.pageSizeCap = 10;
    return {
      ...sandbox,
      givesTokens: true,
      listings: [
        listing('/companies'),
        listing('/companies/{companyId}/contacts'),
        listing('/products'),
        listing('/subscriptions'),
      ],
      settings: (url) => ({ BaseUrl: url, ClientId: sandbox.clientId, ClientSecret: sandbox.clientSecret }),
      removable: {
        entity: 'Subscriptions',
        listing: '/v1/subscriptions',
        remove() {
          sandbox.change('subscriptions', 1, null);
          return () => sandbox.change('subscriptions', 1, {});
        },
      },
    };
  },
};
