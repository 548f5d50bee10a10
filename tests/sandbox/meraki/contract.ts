import type { IntegrationContract } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);

/** Meraki, made from our description of it. */
export const contract: IntegrationContract = {
  integration: 'Meraki',
  async prepare(_database, add) {
    await add('MODULESETUP', {
      MSid: 901,
      MSName: 'Cisco Meraki',
      MSActualName: 'Meraki',
      MSHaloIntegratorEnabled: true,
    });
    await add('Control4', {
      rseq: 1,
      rmerakitoplevel: 1,
      rmerakidefaultgroup: 1,
      rmerakiaassettypechoice: 1,
      rmerakiimportentities: '["Organisations","Devices"]',
    });
    await add('FIELD', { Ykind: 'T', Yseq: 1, Yname: 'Serial Number' });
    await add('FIELD', { Ykind: 'T', Yseq: 2, Yname: 'Model' });
    const mapping = { IFMmsid: 901, IFMtypeid: 0, IFMIsAssetField: true };
    await add('IntegrationFieldMapping', {
      ...mapping,
      IFMfiid: 1,
      IFMfiname: 'Serial Number',
      IFMThirdPartyName: 'serial',
    });
    await add('IntegrationFieldMapping', { ...mapping, IFMfiid: 2, IFMfiname: 'Model', IFMThirdPartyName: 'model' });
  },
  async start() {
    const server = await startSpecServer(spec, { counts: { Organization: 7, Device: 42 } });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: false,
      settings: (url) => ({ BaseUrl: url, ApiKey: 'sandbox-key', DeactivateMissing: true }),
      removable: {
        entity: 'Devices',
        listing: '/api/v1/organizations/{organizationId}/devices',
        remove() {
          const [gone] = server.data.all('Device');
          server.data.change('Device', 0, null);
          return () => void (gone && (server.data.all('Device') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
