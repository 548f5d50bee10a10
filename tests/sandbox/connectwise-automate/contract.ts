import type { IntegrationContract } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);

/** ConnectWise Automate, made from our description of it. */
export const contract: IntegrationContract = {
  integration: 'ConnectWiseAutomate',
  async prepare(_database, add) {
    await add('MODULESETUP', {
      MSid: 927,
      MSName: 'ConnectWise Automate',
      MSActualName: 'ConnectWise Automate',
      MSHaloIntegratorEnabled: true,
    });
    await add('CONTROL3', { rseq: 1, RCAutomateAssetDefaultSite: 1 });
    await add('XTYPE', { TTypenum: 1, tdesc: 'Computer' });
    for (const XMValue of ['Workstation', 'Server']) await add('XTypeMapping', { XMmsid: 927, XMTypeId: 1, XMValue });
    await add('CONTROL2', { rseq: 1, RAutomateDeleteDevices: true, RAutomateImportEntities: '["Devices","Software"]' });
    await add('FIELD', { Ykind: 'T', Yseq: 1, Yname: 'Noted' });
    await add('TYPEINFO', { Xkind: 'T', Xnum: 1, Xseq: 1, Xfieldnos: 1 });
    await add('IntegrationFieldMapping', {
      IFMmsid: 927,
      IFMtypeid: 0,
      IFMIsAssetField: true,
      IFMfiid: 1,
      IFMfiname: 'Noted',
      IFMThirdPartyName: 'OperatingSystemName',
    });
  },
  async start() {
    const server = await startSpecServer(spec, {
      counts: { Computer: 45, Program: 45 },
    });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: true,
      settings: (url) => ({
        ServerUrl: url,
        Username: 'sandbox',
        Password: 'sandbox-password',
        ClientId: 'sandbox-client',
      }),
      removable: {
        entity: 'Computers',
        listing: '/cwa/api/v1/Computers',
        remove() {
          const [gone] = server.data.all('Computer');
          server.data.change('Computer', 0, null);
          return () => void (gone && (server.data.all('Computer') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
