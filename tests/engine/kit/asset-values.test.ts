import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import type { ConnectionSettings } from '../../../node/src/integrations/kit/descriptor/connection-settings.ts';
import type { AssetRecord } from '../../../node/src/integrations/kit/kinds/assets/asset-record.ts';
import { assetInstance, scope, Computer, Phone, mapping, fields, reasonOf } from './asset-instance.ts';

const { tried, insert, bring, devices, idata } = assetInstance();

describe('the values of a vendor’s fields', () => {
  it('go where the administrator mapped them, those of no mapping nowhere', async () => {
    await insert('IntegrationFieldMapping', [mapping(0, 'notes', 'comment'), mapping(0, 'Warranty End', 'warranty')]);
    const record = { ...fields('SN-77', 'X1'), id: '7' };
    const warranty = new Date('2027-02-03T00:00:00Z');
    await bring([{ ...record, fields: { ...record.fields, comment: 'in the lab', warranty, other: 'left out' } }]);
    expect(await idata()).toEqual([
      [1, 1, 'SN-77'],
      [1, 2, 'X1'],
    ]);
    expect(await tried.instance.api().get('Asset', 1)).toMatchObject({ notes: 'in the lab', warranty_end: warranty });
  });

  it('are kept as Halo keeps them: dates as dd/mm/yyyy, and what the vendor leaves empty as it was', async () => {
    const given = (value: AssetRecord['fields']) => bring([{ id: '7', fields: value ?? {} }]);
    await given({ 'system.model': new Date('2026-03-09T23:30:00Z'), 'system.serialNumber': 4711 });
    expect((await idata()).map((row) => row[2])).toEqual(['4711', '09/03/2026']);
    const { outcomes } = await given({ 'system.model': '  ', 'system.serialNumber': null });
    expect(outcomes[0]?.outcome).toBe('unchanged');
    expect((await idata()).map((row) => row[2])).toEqual(['4711', '09/03/2026']);
  });

  it.each(['UTC', 'Asia/Tokyo', 'America/Los_Angeles'])(
    'that are dates of the asset’s own are the same in %s',
    (TZ) => {
      const written = [
        ...['2026-12-31', '2026-12-31 22:30:00', '12/31/2026', 'Thu, 31 Dec 2026 08:00:00 GMT'],
        ...['Thu, 31 Dec 2026 08:00:00 +0200', '12', '31', '1767225600'],
      ];
      // A process of its own, since a time zone is a process's.
      const script = `
      const { readFieldMap } = await import(${JSON.stringify(new URL('../../../node/src/integrations/kit/kinds/assets/field-map.ts', import.meta.url).href)});
      const rows = [{ IFMid: 1, IFMThirdPartyName: 'warranty', IFMfiname: 'Warranty End' }];
      const api = { settingsRows: async (table) => (table === 'IntegrationFieldMapping' ? rows : []) };
      const map = await readFieldMap({ api, scope: {}, told: {}, warn: () => {} });
      const read = (warranty) => map.valuesOf({ id: '7', name: 'PC', fields: { warranty } }).own.warranty_end ?? null;
      console.log(JSON.stringify(${JSON.stringify(written)}.map(read)));`;
      const { stdout } = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
        env: { ...process.env, TZ },
        encoding: 'utf8',
      });
      const day = (time: string) => `2026-12-31T${time}.000Z`;
      expect(JSON.parse(stdout)).toEqual([
        ...[day('00:00:00'), day('22:30:00'), day('00:00:00'), day('08:00:00'), day('06:00:00'), null, null, null],
      ]);
    },
  );

  it('are those of new assets only, or fill what is empty, where a mapping says so', async () => {
    await insert('FIELD', [{ Ykind: 'T', Yseq: 60, Yname: 'Purpose' }]);
    await insert('TYPEINFO', [{ Xkind: 'T', Xnum: Computer, Xseq: 3, Xfieldnos: 60 }]);
    await insert('IntegrationFieldMapping', [
      mapping(60, 'Purpose', 'purpose', { IFMIsAssetField: true, IFMDontUpdate: true }),
    ]);
    const pass = (purpose: string) => bring([{ id: '7', fields: { purpose } }]);
    await pass('lab');
    await pass('office');
    expect(await idata()).toEqual([[1, 3, 'lab']]);
  });

  it('whose mapping names what Halo has not are left out, which is said', async () => {
    await insert('IntegrationFieldMapping', [mapping(99, 'Gone', 'gone', { IFMIsAssetField: true })]);
    await bring([{ id: '7', fields: { gone: 'x' } }]);
    expect(tried.warnings).toEqual([expect.stringContaining('"gone" to "Gone"')]);
  });
});

describe('the type of an asset', () => {
  const typeOf = async (type: string | undefined, told: ConnectionSettings = {}) => {
    const { mapped } = await bring([{ id: type ?? 'none', type }], told);
    const [one] = mapped;
    return one && 'fields' in one ? (one.fields['assettype_id'] ?? one.fields['assettype_config']) : reasonOf(one);
  };
  const row = (XMTypeId: number, XMValue: string, more: Row = {}): Row => ({
    ...{ XMTypeId, XMValue, XMmsid: scope.module_id, XMSeq: 50 },
    ...more,
  });

  it('is that of the first mapping that fits, in their order, equal before partial', async () => {
    await insert('XTypeMapping', [
      row(Phone, 'WINDOWS', { XMPartialMatch: true }),
      row(Computer, 'Windows Phone'),
      row(Phone, 'Linux Server'),
      row(Computer, 'linux', { XMPartialMatch: true, XMSeq: 10 }),
      row(Phone, 'other module', { XMmsid: 8 }),
      row(Phone, 'other connection', { XMDetailsId: 2 }),
      row(77, 'gone'),
    ]);
    expect(await typeOf('windows phone')).toBe(Computer);
    expect(await typeOf('WINDOWS_WORKSTATION')).toBe(Phone);
    expect(await typeOf('Linux Server')).toBe(Computer);
    for (const type of ['other module', 'other connection', 'gone', undefined])
      expect(await typeOf(type)).toBe(Computer);
    expect(tried.warnings).toContainEqual(expect.stringContaining('asset type 77'));
    expect(await typeOf('unknown', { defaultType: undefined as never })).toContain('No asset type is mapped');
  });

  it('is made of a field where the connection says so, with the mapped fields, in the default group', async () => {
    const told = { typeChoice: 1, typeField: 'class', defaultGroup: 7 };
    const record = (id: string, kind: string) => ({
      ...fields(`SN-${id}x`),
      id,
      fields: { ...fields(`SN-${id}x`).fields, class: kind },
    });
    await bring(
      [record('1', 'Printer'), record('2', 'PRINTER '), record('3', 'computer'), record('4', 'Switch')],
      told,
    );
    const types = await tried.instance.database.read({
      from: 'XTYPE',
      columns: ['TTypenum', 'tdesc', 'Tgeneric'],
      orderBy: [{ column: 'TTypenum' }],
    });
    expect(types.slice(2)).toEqual([
      { TTypenum: 7, tdesc: 'Printer', Tgeneric: 7 },
      { TTypenum: 8, tdesc: 'Switch', Tgeneric: 7 },
    ]);
    expect((await devices()).map(({ Dtype }) => Dtype)).toEqual([7, 7, Computer, 8]);
    expect((await idata()).map((one) => one[2])).toEqual(['SN-1x', 'SN-2x', 'SN-3x', 'SN-4x']);
    const { outcomes } = await bring([record('1', 'Printer')], told);
    expect(outcomes[0]?.outcome).toBe('unchanged');
  });

  it('is made without a default group, too: beside the default type, or in no group, which is said', async () => {
    const made = async (type: string, defaultType: number | undefined) => {
      const { outcomes } = await bring([{ id: type, type }], { typeChoice: 1, defaultType: defaultType as never });
      expect(outcomes).toMatchObject([{ outcome: 'created' }]);
      const where = { column: 'tdesc', is: 'equal', value: type } as const;
      return (await tried.instance.database.read({ from: 'XTYPE', columns: ['Tgeneric'], where }))[0]?.['Tgeneric'];
    };
    expect(await made('Printer', Phone)).toBe(7);
    expect(tried.instance.warnings).toEqual([]);
    expect(await made('Switch', undefined)).toBeNull();
    expect(tried.instance.warnings).toEqual([expect.stringContaining('"Switch" is made in no group')]);
  });

  it('stays where the connection does not change types', async () => {
    await bring([{ id: '1' }]);
    await bring([{ id: '1' }], { defaultType: Phone, dontChangeType: true });
    expect((await devices())[0]?.['Dtype']).toBe(Computer);
    await bring([{ id: '1' }], { defaultType: Phone });
    expect((await devices())[0]?.['Dtype']).toBe(Phone);
  });
});
