import { afterEach, beforeEach } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import type { HaloOutcome, HaloRecord, HaloSession } from '../../../node/src/halo-api/halo-api.ts';
import type { ConnectionSettings } from '../../../node/src/integrations/kit/descriptor/connection-settings.ts';
import type { AssetRecord } from '../../../node/src/integrations/kit/kinds/assets/asset-record.ts';
import { assets } from '../../../node/src/integrations/kit/kinds/assets/assets.ts';
import type { OwnIds } from '../../../node/src/integrations/kit/kinds/own-ids.ts';
import type { MappedRecord } from '../../../node/src/integrations/mapped-record.ts';
import { haloInstance, type HaloInstance } from '../halo-api/halo-instance.ts';

export const scope = { module_id: 9, details_id: 1 };
export const Computer = 5;
export const Phone = 6;
export const Serial = 51;
export const Model = 52;

export const mapping = (IFMfiid: number, IFMfiname: string, IFMThirdPartyName: string, more: Row = {}): Row => ({
  ...{ IFMfiid, IFMfiname, IFMThirdPartyName, IFMmsid: scope.module_id, IFMtypeid: 1 },
  ...more,
});

export const fields = (serialNumber: string, model?: string) => ({
  serial: serialNumber,
  fields: { 'system.serialNumber': serialNumber, 'system.model': model },
});
export const reasonOf = (one: MappedRecord | undefined) => (one && 'reason' in one ? one.reason : undefined);

/** What tests of assets work with: the same before each of them, in an instance of its own. */
export interface TriedAssets {
  readonly instance: HaloInstance;
  readonly session: HaloSession;
  readonly warnings: string[];
}

/** Opens such an instance before each test, and closes it behind; with what the tests do with it. */
export function assetInstance() {
  const tried = { warnings: [] as string[] } as { instance: HaloInstance; session: HaloSession; warnings: string[] };

  beforeEach(async () => {
    tried.instance = await haloInstance();
    tried.warnings = [];
    await insert('GENERIC', [{ Ggeneric: 7, gdesc: 'Hardware' }]);
    await insert('XTYPE', [
      { TTypenum: Computer, tdesc: 'Computer', Tgeneric: 7 },
      { TTypenum: Phone, tdesc: 'Phone', Tgeneric: 7 },
    ]);
    await insert('FIELD', [
      { Ykind: 'T', Yseq: Serial, Yname: 'Serial Number' },
      { Ykind: 'T', Yseq: Model, Yname: 'Model' },
    ]);
    await insert('TYPEINFO', [
      { Xkind: 'T', Xnum: Computer, Xseq: 1, Xfieldnos: Serial },
      { Xkind: 'T', Xnum: Computer, Xseq: 2, Xfieldnos: Model },
      { Xkind: 'T', Xnum: Phone, Xseq: 1, Xfieldnos: Serial },
    ]);
    await insert('IntegrationFieldMapping', [
      mapping(Serial, 'Serial Number', 'system.serialNumber', { IFMIsAssetField: true }),
      mapping(Model, 'Model', 'system.model', { IFMIsAssetField: true }),
    ]);
    await insert('LOOKUP', [
      { fid: 61, fcode: 3, fvalue: 'In use' },
      { fid: 61, fcode: 4, fvalue: 'Retired' },
    ]);
    tried.session = await tried.instance.api().write('test');
  });
  afterEach(async () => {
    await tried.session[Symbol.asyncDispose]();
    await tried.instance[Symbol.asyncDispose]();
  });

  async function insert(table: string, rows: readonly Row[]): Promise<void> {
    await using setUp = await tried.instance.database.session('test');
    await setUp.transaction((transaction) => transaction.insert(table, rows));
  }

  /** One run of devices: mapped as the kind does, and written. */
  async function bring(
    records: readonly Partial<AssetRecord>[],
    told: ConnectionSettings = {},
    ownIds: OwnIds = {},
  ): Promise<{ readonly mapped: readonly MappedRecord[]; readonly outcomes: readonly HaloOutcome[] }> {
    const api = tried.instance.api();
    const run = await assets().open({
      api,
      scope,
      vendor: 'Acme',
      ownIds,
      told: { defaultSite: 4, defaultType: Computer, ...told },
      warn: (message) => void tried.warnings.push(message),
      connection: { id: 1, name: 'Acme', moduleId: 9, enabled: true, row: {} },
      settings: {},
      http: { send: () => Promise.reject(new Error('the kind asks nobody')) } as never,
      clock: { now: () => tried.instance.now, sleep: () => Promise.resolve() },
      signal: new AbortController().signal,
    });
    const given = records.map((record): AssetRecord => ({ id: '1', name: `PC-${record.id ?? 1}`, ...record }));
    const mapped = await run.mapping.toHalo(given);
    const writable = mapped.filter((one): one is HaloRecord => 'fields' in one);
    return { mapped, outcomes: await tried.session.upsert('Asset', writable, { scope }) };
  }

  const devices = async () => {
    const rows = await tried.instance.database.read({
      from: 'DEVICE',
      columns: ['Did', 'Dsite', 'Dtype', 'dinvno', 'DStatus', 'dinactive', 'DNinjaRMMId'],
      orderBy: [{ column: 'Did' }],
    });
    return rows;
  };
  const idata = async () =>
    (
      await tried.instance.database.read({
        from: 'INFO',
        columns: ['Inum', 'Iseq', 'idata'],
        orderBy: [{ column: 'Isite' }, { column: 'Inum' }, { column: 'Iseq' }],
      })
    ).map(({ Inum, Iseq, idata: data }) => [Inum, Iseq, data]);

  return { tried: tried as TriedAssets, insert, bring, devices, idata };
}
