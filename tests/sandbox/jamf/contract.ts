import type { IntegrationContract } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);

/** Jamf Pro, made from our description of it. */
export const contract: IntegrationContract = {
  integration: 'Jamf',
  async prepare(_database, add) {
    await add('MODULESETUP', { MSid: 922, MSName: 'Jamf', MSActualName: 'Jamf', MSHaloIntegratorEnabled: true });
    await add('JamfDetails', {
      JDUrl: 'https://other.jamfcloud.example',
      JDDefaultSite: 1,
      JDComputerAssetType: 1,
      JDHaloIntegrator: true,
      JDDeviceTypes: '["Computers"]',
    });
    await add('XTYPE', { TTypenum: 1, tdesc: 'Computer' });
    await add('FIELD', { Ykind: 'T', Yseq: 1, Yname: 'Noted' });
    await add('TYPEINFO', { Xkind: 'T', Xnum: 1, Xseq: 1, Xfieldnos: 1 });
    await add('IntegrationFieldMapping', {
      IFMmsid: 922,
      IFMtypeid: 0,
      IFMIsAssetField: true,
      IFMfiid: 1,
      IFMfiname: 'Noted',
      IFMThirdPartyName: 'model',
    });
  },
  async start() {
    const server = await startSpecServer(spec, {
      counts: { Computer: 45 },
      // Ids are numbers, written as texts.
      records: { Computer: (index, computer) => ({ ...computer, id: String(index + 1) }) },
    });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: true,
      settings: (url) => ({
        Url: url,
        ClientId: 'sandbox-client',
        ClientSecret: 'sandbox-secret',
        DeactivateMissing: true,
      }),
      removable: {
        entity: 'Computers',
        listing: '/api/v1/computers-inventory',
        remove() {
          const [gone] = server.data.all('Computer');
          server.data.change('Computer', 0, null);
          return () => void (gone && (server.data.all('Computer') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
