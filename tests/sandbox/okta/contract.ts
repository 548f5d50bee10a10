import type { TestedIntegration } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);

/** Okta, made from our description of it: "Staff" is mapped to a site, "Helpdesk" to agents. */
export const contract: TestedIntegration = {
  integration: 'Okta',
  async prepare(_database, add) {
    await add('MODULESETUP', { MSid: 939, MSName: 'Okta', MSActualName: 'Okta', MSHaloIntegratorEnabled: true });
    await add('CONTROL2', { rseq: 1, ROktaDeactivateEntities: true });
    await add('OktaMapping', { OGroupName: 'Staff', OSiteID: 4 });
    await add('OktaMapping', { OGroupName: 'Helpdesk', ORoleID: 1 });
    await add('UNAME', { Unum: 801, uname: 'Helper', usmtp: 'person45@acme.example', Uisdisabled: false });
    await add('UNAME', { Unum: 802, uname: 'Second', usmtp: 'person44@acme.example', Uisdisabled: false });
  },
  async start() {
    const server = await startSpecServer(spec, {
      counts: { User: 45, Group: 3, Member: 45, App: 1, AppUser: 12 },
      records: {
        Group: (index, group) => ({ ...group, profile: { name: ['Staff', 'Helpdesk', 'Others'][index] } }),
        // The last five are of the help desk.
        Member: (index) => ({ id: `user-${index + 1}`, groupId: index < 40 ? 'group-1' : 'group-2' }),
        AppUser: (index) => ({ id: `user-${index + 1}`, appId: 'app-1' }),
        User: (index, user) => ({
          ...user,
          profile: { ...Object(user['profile']), displayName: `Person No ${index + 1}` },
        }),
      },
    });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: false,
      settings: (url) => ({ Url: url, ApiToken: 'sandbox-token' }),
      removable: {
        entity: 'Users',
        listing: '/api/v1/users',
        remove() {
          const [gone] = server.data.all('User');
          server.data.change('User', 0, null);
          return () => void (gone && (server.data.all('User') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
