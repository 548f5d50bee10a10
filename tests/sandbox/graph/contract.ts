import type { Listing } from '../kit/listings.ts';
import type { IntegrationContract } from '../kit/contract.ts';
import { startGraphSandbox } from './graph-sandbox.ts';

const listing = (path: string): Listing => ({
  method: 'GET',
  path: `/v1.0${path}`,
  records: 'value',
  id: 'id',
  paging: 'link',
  parameter: '$skiptoken',
  next: '@odata.nextLink',
});

/** Entra ID, by its own sandbox. */
export const contract: IntegrationContract = {
  integration: 'EntraId',
  entities: ['Users', 'Licences', 'Devices'],
  moduleIds: { EntraId: 61 },
  async start() {
    const sandbox = await startGraphSandbox({ users: 60, devices: 40, seed: 5 });
    sandbox.faults.pageSizeCap = 15;
    const tenant = sandbox.tenants[0];
    return {
      ...sandbox,
      givesTokens: true,
      listings: [listing('/users'), listing('/subscribedSkus'), listing('/deviceManagement/managedDevices')],
      settings: (url) => ({
        ClientId: sandbox.clientId,
        ClientSecret: sandbox.clientSecret,
        LoginUrl: url,
        GraphUrl: url,
      }),
      removable: {
        entity: 'Users',
        listing: '/v1.0/users',
        remove() {
          tenant?.change('users', 1, null);
          return () => tenant?.change('users', 1, {});
        },
      },
    };
  },
  prepare: (_database, add) =>
    add('AzureADConnection', {
      ACName: 'Contoso',
      ACDirectoryID: '7e1a0000-0000-4000-8000-00000000a001',
      ACHaloIntegratorEnabled: true,
      ACGUID: '0c0ffee0-0000-4000-8000-000000000001',
      ACDefaultSite: 1,
      ACIntuneEnabled: true,
      ACDefaultAssetType: 12,
      aclicenceimportclient: 1,
      accreateunmatchedusers: true,
      acdeactivateentities: true,
    }),
};
