import { generateKeyPairSync } from 'node:crypto';
import type { TestedIntegration } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);

/** Google Workspace, made from our description of it: the unit /Staff is mapped to a site, /Helpdesk to agents. */
export const contract: TestedIntegration = {
  integration: 'GoogleWorkspace',
  async prepare(_database, add) {
    await add('MODULESETUP', {
      MSid: 940,
      MSName: 'Google Workspace',
      MSActualName: 'Google Workspace',
      MSHaloIntegratorEnabled: true,
    });
    await add('GWorkspaceDetails', {
      GWDName: 'Acme',
      GWDIntegratorEnabled: true,
      GWDIntegratorImportTypes: '["Users","Agents"]',
    });
    const filter = { GMFilter: true, GMFilterField: 'orgUnitPath', GMFilterType: 0 };
    await add('GoogleWorkplaceMapping', { ...filter, GMFilterValue: '/Staff', GMSiteID: 4, gmgwdid: 1 });
    await add('GoogleWorkplaceMapping', { ...filter, GMFilterValue: '/Helpdesk', GMRoleID: 1 });
    await add('UNAME', { Unum: 801, uname: 'Helper', usmtp: 'person45@acme.example', Uisdisabled: false });
    await add('UNAME', { Unum: 802, uname: 'Second', usmtp: 'person44@acme.example', Uisdisabled: false });
  },
  async start() {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const server = await startSpecServer(spec, {
      counts: { User: 45 },
      records: { User: (index, user) => ({ ...user, orgUnitPath: index < 40 ? '/Staff' : '/Helpdesk' }) },
    });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: true,
      settings: (url) => ({
        BaseUrl: url,
        Subject: 'admin@acme.example',
        KeyFile: JSON.stringify({
          client_email: 'integrator@acme.example',
          private_key: privateKey,
          token_uri: `${url}/token`,
        }),
        DeactivateUsers: true,
      }),
      removable: {
        entity: 'Users',
        listing: '/admin/directory/v1/users',
        remove() {
          const [gone] = server.data.all('User');
          server.data.change('User', 0, null);
          return () => void (gone && (server.data.all('User') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
