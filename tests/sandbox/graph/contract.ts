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

/** The first group of the sandbox's tenant. */
const group = 'a0010005-0003-4000-8000-000000000000';

/** Entra ID, by its own sandbox. */
export const contract: IntegrationContract = {
  integration: 'EntraId',
  moduleIds: { EntraId: 61 },
  async start() {
    const sandbox = await startGraphSandbox({ users: 60, devices: 40, seed: 5 });
    sandbox.faults.pageSizeCap = 15;
    const tenant = sandbox.tenants[0];
    return {
      ...sandbox,
      givesTokens: true,
      listings: [
        listing('/users'),
        listing('/groups/{groupId}/transitiveMembers'),
        listing('/subscribedSkus'),
        listing('/deviceManagement/managedDevices'),
      ],
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
  async prepare(_database, add) {
    // Of those whom the mapping with a role is about, one is an agent.
    await add('UNAME', { Unum: 90, uname: 'B. Osei', ufirstname: 'B', usmtp: 'ben.osei.1@a001.example' });
    await add(
      'AzureADMapping',
      { AMConnectionID: 1, AMSiteID: 1, AMFilterField: 'group', AMFilterType: 0, AMFilterValue: group },
      { AMConnectionID: 1, AMRoleID: 2, AMNoFilter: true },
    );
    await add('AzureADConnection', {
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
    });
  },
};
