import type { TestedIntegration } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);

/** NinjaOne, made from our description of it. */
export const contract: TestedIntegration = {
  integration: 'NinjaOne',
  async prepare(_database, add) {
    await add('MODULESETUP', {
      MSid: 900,
      MSName: 'NinjaOne',
      MSActualName: 'NinjaOne',
      MSHaloIntegratorEnabled: true,
    });
    await add('CONTROL2', { rseq: 1, RNinjaDeleteDevices: true });
    await add('CONTROL3', { Rseq: 1, RNinjaTopLevel: 1, RNinjaRMMDefaultGroup: 1 });
    await add('Control4', { rseq: 1, rninjaimportlist: '["Organizations","Devices","Software"]' });
    await add('FIELD', { Ykind: 'T', Yseq: 1, Yname: 'Serial Number' });
    await add('FIELD', { Ykind: 'T', Yseq: 2, Yname: 'Model' });
    const mapping = { IFMmsid: 900, IFMtypeid: 0, IFMIsAssetField: true };
    await add('IntegrationFieldMapping', {
      ...mapping,
      IFMfiid: 1,
      IFMfiname: 'Serial Number',
      IFMThirdPartyName: 'system.serialNumber',
    });
    await add('IntegrationFieldMapping', { ...mapping, IFMfiid: 2, IFMfiname: 'Model', IFMThirdPartyName: 'model' });
  },
  async start() {
    const server = await startSpecServer(spec, {
      counts: { Organization: 12, Device: 45, ComputerSystem: 45, OperatingSystem: 45, LastUser: 45, Program: 90 },
    });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: true,
      settings: (url) => ({ BaseUrl: url, ClientId: 'sandbox-client', ClientSecret: 'sandbox-secret' }),
      removable: {
        entity: 'Devices',
        listing: '/v2/devices-detailed',
        remove() {
          const [gone] = server.data.all('Device');
          server.data.change('Device', 0, null);
          return () => void (gone && (server.data.all('Device') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
