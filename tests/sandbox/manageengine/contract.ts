import type { IntegrationContract } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);

/** Endpoint Central, made from our description of it. */
export const contract: IntegrationContract = {
  integration: 'ManageEngine',
  async prepare(_database, add) {
    await add('MODULESETUP', {
      MSid: 926,
      MSName: 'ManageEngine',
      MSActualName: 'ManageEngine',
      MSHaloIntegratorEnabled: true,
    });
    await add('ManageEngineDetails', { MEdevicesite: 1, MEdtype: 1, MEdeletedevices: true, MEenableintegrator: true });
    await add('XTYPE', { TTypenum: 1, tdesc: 'Computer' });
    await add('FIELD', { Ykind: 'T', Yseq: 1, Yname: 'Noted' });
    await add('TYPEINFO', { Xkind: 'T', Xnum: 1, Xseq: 1, Xfieldnos: 1 });
    await add('IntegrationFieldMapping', {
      IFMmsid: 926,
      IFMtypeid: 0,
      IFMIsAssetField: true,
      IFMfiid: 1,
      IFMfiname: 'Noted',
      IFMThirdPartyName: 'os_name',
    });
  },
  async start() {
    const server = await startSpecServer(spec, {
      counts: { Computer: 45 },
      records: { Computer: (index, computer) => ({ ...computer, installation_status: index === 44 ? 23 : 22 }) },
    });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: false,
      settings: (url) => ({ ServerUrl: url, AuthToken: 'sandbox-key' }),
      removable: {
        entity: 'Computers',
        listing: '/api/1.4/som/computers',
        remove() {
          const [gone] = server.data.all('Computer');
          server.data.change('Computer', 0, null);
          return () => void (gone && (server.data.all('Computer') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
