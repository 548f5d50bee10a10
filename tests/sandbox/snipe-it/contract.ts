import type { TestedIntegration } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);

/** Snipe-IT, made from our description of it. */
export const contract: TestedIntegration = {
  integration: 'SnipeIt',
  async prepare(_database, add) {
    await add('MODULESETUP', {
      MSid: 930,
      MSName: 'Snipe-IT',
      MSActualName: 'Snipe-IT',
      MSHaloIntegratorEnabled: true,
    });
    await add('SnipeITDetails', {
      SDname: 'Assets',
      SDtopLevel: 1,
      SDenableintegrator: true,
      SDdeletedevices: true,
      SDhalointegratorimportlist: '["Customers","Assets"]',
    });
    await add('XTYPE', { TTypenum: 1, tdesc: 'Laptop' });
    await add('XTypeMapping', { XMmsid: 930, XMTypeId: 1, XMValue: 'Laptops' });
    const fields = ['Model', 'Warranty card', 'Bought'];
    for (const [index, Yname] of fields.entries()) {
      await add('FIELD', { Ykind: 'T', Yseq: index + 1, Yname });
      await add('TYPEINFO', { Xkind: 'T', Xnum: 1, Xseq: index + 1, Xfieldnos: index + 1 });
      await add('IntegrationFieldMapping', {
        ...{ IFMmsid: 930, IFMtypeid: 0, IFMIsAssetField: true, IFMfiid: index + 1, IFMfiname: Yname },
        IFMThirdPartyName: ['model', 'Warranty card', 'purchase_date'][index] ?? '',
      });
    }
  },
  async start() {
    const server = await startSpecServer(spec, { counts: { Company: 12, Hardware: 45 } });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: false,
      settings: (url) => ({ Url: url, ApiToken: 'sandbox-token' }),
      removable: {
        entity: 'Assets',
        listing: '/api/v1/hardware',
        remove() {
          const [gone] = server.data.all('Hardware');
          server.data.change('Hardware', 0, null);
          return () => void (gone && (server.data.all('Hardware') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
