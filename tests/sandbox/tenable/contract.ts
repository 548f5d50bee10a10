import type { IntegrationContract } from '../kit/contract.ts';
import { listingsOf } from '../kit/listings.ts';
import { startSpecServer } from '../kit/spec-server.ts';
import { readVendorSpec } from '../kit/vendor-spec.ts';

const spec = readVendorSpec(import.meta.url);

/** Tenable, made from our description of it: an export of five parts, which is ready at once. */
export const contract: IntegrationContract = {
  integration: 'Tenable',
  async prepare(_database, add) {
    await add('MODULESETUP', { MSid: 937, MSName: 'Tenable', MSActualName: 'Tenable', MSHaloIntegratorEnabled: true });
    await add('TenableDetails', { TDdevicesite: 1, TDdtype: 1, TDdeletedevices: true, TDenableintegrator: true });
    await add('XTYPE', { TTypenum: 1, tdesc: 'Computer' });
    await add('FIELD', { Ykind: 'T', Yseq: 1, Yname: 'Noted' });
    await add('TYPEINFO', { Xkind: 'T', Xnum: 1, Xseq: 1, Xfieldnos: 1 });
    await add('IntegrationFieldMapping', {
      IFMmsid: 937,
      IFMtypeid: 0,
      IFMIsAssetField: true,
      IFMfiid: 1,
      IFMfiname: 'Noted',
      IFMThirdPartyName: 'operating_systems',
    });
  },
  async start() {
    const server = await startSpecServer(spec, {
      counts: { Chunk: 5, Asset: 45 },
      records: {
        Asset: (index, asset) => ({
          ...asset,
          chunk: (index % 5) + 1,
          terminated_at: null,
          deleted_at: index === 44 ? '2026-01-01T00:00:00Z' : null,
        }),
      },
    });
    return {
      ...server,
      listings: listingsOf(spec),
      givesTokens: false,
      settings: (url) => ({ Url: url, AccessKey: 'sandbox-access', SecretKey: 'sandbox-secret' }),
      removable: {
        entity: 'Assets',
        listing: '/assets/export/export-1/chunks/{chunk}',
        remove() {
          const [gone] = server.data.all('Asset');
          server.data.change('Asset', 0, null);
          return () => void (gone && (server.data.all('Asset') as unknown[]).unshift(gone));
        },
      },
    };
  },
};
