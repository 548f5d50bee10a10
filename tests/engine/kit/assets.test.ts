import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import type { HaloOutcome, HaloRecord, HaloSession } from '../../../node/src/halo-api/halo-api.ts';
import type { ConnectionSettings } from '../../../node/src/integrations/kit/descriptor/connection-settings.ts';
import type { AssetRecord } from '../../../node/src/integrations/kit/kinds/assets/asset-record.ts';
import { assets } from '../../../node/src/integrations/kit/kinds/assets/assets.ts';
import { knownIds } from '../../../node/src/integrations/kit/kinds/known-ids.ts';
import type { OwnIds } from '../../../node/src/integrations/kit/kinds/own-ids.ts';
import type { MappedRecord } from '../../../node/src/integrations/mapped-record.ts';
import { haloInstance, type HaloInstance } from '../halo-api/halo-instance.ts';

const scope = { module_id: 9, details_id: 1 };
const Computer = 5;
const Phone = 6;
const Serial = 51;
const Model = 52;
let instance: HaloInstance;
let session: HaloSession;
let warnings: string[];

beforeEach(async () => {
  instance = await haloInstance();
  warnings = [];
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
  session = await instance.api().write('test');
});
afterEach(async () => {
  await session[Symbol.asyncDispose]();
  await instance[Symbol.asyncDispose]();
});

const mapping = (IFMfiid: number, IFMfiname: string, IFMThirdPartyName: string, more: Row = {}): Row => ({
  ...{ IFMfiid, IFMfiname, IFMThirdPartyName, IFMmsid: scope.module_id, IFMtypeid: 1 },
  ...more,
});

async function insert(table: string, rows: readonly Row[]): Promise<void> {
  await using setUp = await instance.database.session('test');
  await setUp.transaction((transaction) => transaction.insert(table, rows));
}

/** One run of devices: mapped as the kind does, and written. */
async function bring(
  records: readonly Partial<AssetRecord>[],
  told: ConnectionSettings = {},
  ownIds: OwnIds = {},
): Promise<{ readonly mapped: readonly MappedRecord[]; readonly outcomes: readonly HaloOutcome[] }> {
  const api = instance.api();
  const run = await assets().open({
    api,
    scope,
    vendor: 'Acme',
    ownIds,
    told: { defaultSite: 4, defaultType: Computer, ...told },
    warn: (message) => void warnings.push(message),
    connection: { id: 1, name: 'Acme', moduleId: 9, enabled: true, row: {} },
    settings: {},
    http: { send: () => Promise.reject(new Error('the kind asks nobody')) } as never,
    clock: { now: () => instance.now, sleep: () => Promise.resolve() },
    signal: new AbortController().signal,
  });
  const given = records.map((record): AssetRecord => ({ id: '1', name: `PC-${record.id ?? 1}`, ...record }));
  const mapped = await run.mapping.toHalo(given);
  const writable = mapped.filter((one): one is HaloRecord => 'fields' in one);
  return { mapped, outcomes: await session.upsert('Asset', writable, { scope }) };
}

const devices = async () => {
  const rows = await instance.database.read({
    from: 'DEVICE',
    columns: ['Did', 'Dsite', 'Dtype', 'dinvno', 'DStatus', 'dinactive', 'DNinjaRMMId'],
    orderBy: [{ column: 'Did' }],
  });
  return rows;
};
const idata = async () =>
  (
    await instance.database.read({
      from: 'INFO',
      columns: ['Inum', 'Iseq', 'idata'],
      orderBy: [{ column: 'Isite' }, { column: 'Inum' }, { column: 'Iseq' }],
    })
  ).map(({ Inum, Iseq, idata: data }) => [Inum, Iseq, data]);
const fields = (serialNumber: string, model?: string) => ({
  serial: serialNumber,
  fields: { 'system.serialNumber': serialNumber, 'system.model': model },
});
const reasonOf = (one: MappedRecord | undefined) => (one && 'reason' in one ? one.reason : undefined);

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
    expect(await instance.api().get('Asset', 1)).toMatchObject({ notes: 'in the lab', warranty_end: warranty });
  });

  it('are kept as Halo keeps them: dates as dd/mm/yyyy, and what the vendor leaves empty as it was', async () => {
    const given = (value: AssetRecord['fields']) => bring([{ id: '7', fields: value ?? {} }]);
    await given({ 'system.model': new Date('2026-03-09T23:30:00Z'), 'system.serialNumber': 4711 });
    expect((await idata()).map((row) => row[2])).toEqual(['4711', '09/03/2026']);
    const { outcomes } = await given({ 'system.model': '  ', 'system.serialNumber': null });
    expect(outcomes[0]?.outcome).toBe('unchanged');
    expect((await idata()).map((row) => row[2])).toEqual(['4711', '09/03/2026']);
  });

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
    expect(warnings).toEqual([expect.stringContaining('"gone" to "Gone"')]);
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
    expect(warnings).toContainEqual(expect.stringContaining('asset type 77'));
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
    const types = await instance.database.read({
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
      return (await instance.database.read({ from: 'XTYPE', columns: ['Tgeneric'], where }))[0]?.['Tgeneric'];
    };
    expect(await made('Printer', Phone)).toBe(7);
    expect(instance.warnings).toEqual([]);
    expect(await made('Switch', undefined)).toBeNull();
    expect(instance.warnings).toEqual([expect.stringContaining('"Switch" is made in no group')]);
  });

  it('stays where the connection does not change types', async () => {
    await bring([{ id: '1' }]);
    await bring([{ id: '1' }], { defaultType: Phone, dontChangeType: true });
    expect((await devices())[0]?.['Dtype']).toBe(Computer);
    await bring([{ id: '1' }], { defaultType: Phone });
    expect((await devices())[0]?.['Dtype']).toBe(Phone);
  });
});

describe('which asset a device is', () => {
  const asset = (Did: number, more: Row = {}): Row => ({
    Did,
    Dsite: 4,
    ddevnum: Did,
    Dtype: Computer,
    dinvno: `TAG-${Did}`,
    ...more,
  });
  const value = (Inum: number, data: string): Row => ({ Ikind: 'D', Isite: 4, Inum, Iseq: 1, idata: data });

  it('is told by the vendor’s own id, the link, the serial number, the name at its site, in that order', async () => {
    await insert('DEVICE', [asset(1, { DNinjaRMMId: 101 }), asset(2), asset(3), asset(4, { dinvno: 'PC-104' })]);
    await insert('INFO', [value(2, ' sn-2 '), value(1, 'SN-9')]);
    const options = { Asset: 'ninjarmm_id' };
    const { outcomes } = await bring(
      [
        { id: '101', ...fields('SN-2') },
        { id: '102', ...fields('SN-2') },
        { id: '103', ...fields('SN-9') },
        { id: '104' },
        { id: '105' },
      ],
      {},
      options,
    );
    // The one of SN-9 is another device of the vendor's.
    expect(outcomes.map((one) => ['id' in one && one.id, one.outcome])).toEqual([
      [1, 'updated'],
      [2, 'updated'],
      [5, 'created'],
      [4, 'updated'],
      [6, 'created'],
    ]);
    expect((await devices()).map(({ dinvno, DNinjaRMMId }) => [dinvno, DNinjaRMMId])).toEqual([
      ['TAG-1', 101],
      ['TAG-2', 102],
      ['TAG-3', 0],
      ['PC-104', 104],
      ['PC-103', 103],
      ['PC-105', 105],
    ]);
    const again = await bring(
      [
        { id: '102', name: 'RENAMED', ...fields('SN-3') },
        { id: '105', name: 'RENAMED too' },
      ],
      {},
      options,
    );
    expect(again.outcomes.map((one) => 'id' in one && one.id)).toEqual([2, 6]);
    // A tag that is the administrator's stays, one that was the vendor's follows.
    expect((await devices()).map(({ dinvno }) => dinvno).filter((_, at) => at === 1 || at === 5)).toEqual([
      'TAG-2',
      'RENAMED too',
    ]);
  });

  it('is not told by what makers leave in the place of a serial number', async () => {
    await insert('DEVICE', [asset(1), asset(2)]);
    await insert('INFO', [value(1, 'To be filled by O.E.M.'), value(2, 'To Be Filled By O.E.M.')]);
    const { outcomes } = await bring([{ id: '7', ...fields('To be filled by O.E.M.') }]);
    expect(outcomes).toEqual([{ outcome: 'created', id: 3 }]);
  });

  it('is not guessed between several', async () => {
    await insert('DEVICE', [
      asset(1, { dinvno: 'PC-8' }),
      asset(2, { dinvno: 'pc-8' }),
      asset(3, { DNinjaRMMId: 9 }),
      asset(4, { DNinjaRMMId: 9 }),
    ]);
    await insert('INFO', [value(1, 'SN-7'), value(2, 'SN-7')]);
    const { mapped } = await bring(
      [{ id: '7', ...fields('SN-7') }, { id: '8' }, { id: '9' }],
      {},
      { Asset: 'ninjarmm_id' },
    );
    expect(mapped.map(reasonOf)).toEqual([
      expect.stringContaining('2 assets in Halo have the serial number SN-7 (1, 2)'),
      expect.stringContaining('2 assets in Halo have the name "PC-8" at its site'),
      expect.stringContaining('2 assets in Halo have its Acme id'),
    ]);
    expect(mapped.map((one) => 'third_party_id' in one && one.third_party_id)).toEqual(['7', '8', '9']);
  });

  it('is another one where the name is the same and the serial number is not', async () => {
    await insert('DEVICE', [asset(1, { dinvno: 'PC-7' })]);
    await insert('INFO', [value(1, 'SN-OLD')]);
    const { outcomes } = await bring([{ id: '7', ...fields('SN-NEW') }]);
    expect(outcomes).toEqual([{ outcome: 'created', id: 2 }]);
  });

  it('is never a new one where the connection brings none', async () => {
    await bring([{ id: '1' }]);
    const { mapped, outcomes } = await bring([{ id: '1' }, { id: '2' }], { noNew: true });
    expect(mapped[1]).toEqual({ left_out: true });
    expect(outcomes).toEqual([{ outcome: 'unchanged', id: 1 }]);
  });
});

describe('where an asset is and whose', () => {
  it('is its mapped site, and its owner one of that client', async () => {
    await insert('IntegrationSiteMapping', [
      {
        ...{ ISMMSid: scope.module_id, ISMThirdPartyId: 'l-1', ISMThirdPartyName: 'Lab', ISMThirdPartyClientId: 'o-1' },
        ...{ ISMHaloId: 7, ISMHaloClientId: 3 },
      },
    ]);
    const users = await instance.api().listBy('Users', 'site_id', [7]);
    const [first, second] = users;
    await insert('USERS', [
      { Uid: 900, uusername: 'Same login', Usite: 1, Ulogin: 'jane' },
      { Uid: 901, uusername: 'Jane', Usite: 7, Ulogin: 'Jane' },
      { Uid: 902, uusername: 'General User', Usite: 7, Ulogin: 'kiosk' },
      { Uid: 903, uusername: 'Gone', Usite: 7, Ulogin: 'gone', uinactive: true },
      { Uid: 904, uusername: 'Elsewhere', Usite: 1, Ulogin: 'else', uemail: 'else@example.com' },
    ]);
    expect([first, second].every(Boolean)).toBe(true);
    const place = { client: 'o-1', site: 'L-1' };
    await bring([
      { ...place, id: '1', owners: ['CORP\\jane'] },
      { ...place, id: '2', owners: ['kiosk'] },
      { ...place, id: '3', owners: ['gone', 'nobody'] },
      { ...place, id: '4', owners: ['else'] },
      { ...place, id: '5', owners: [null, 'nobody', 'else@example.com'] },
    ]);
    expect((await devices()).map(({ Dsite }) => Dsite)).toEqual([7, 7, 7, 7, 7]);
    const linked = await instance.database.read({
      from: 'USERDEVICE',
      columns: ['UDdevsite', 'UDdevnum', 'UDsite', 'UDusername', 'uduserid'],
      orderBy: [{ column: 'UDdevnum' }],
    });
    expect(linked).toEqual([
      { UDdevsite: 7, UDdevnum: 1, UDsite: 7, UDusername: 'Jane', uduserid: 901 },
      { UDdevsite: 7, UDdevnum: 5, UDsite: 1, UDusername: 'Elsewhere', uduserid: 904 },
    ]);
  });

  const siteMapping = (more: Row): Row => ({
    ...{ ISMMSid: scope.module_id, ISMThirdPartyId: 'l-1', ISMThirdPartyName: 'Lab', ISMThirdPartyClientId: 'o-1' },
    ...{ ISMHaloId: 7, ISMHaloClientId: 3 },
    ...more,
  });

  it('is not guessed where its site is mapped to several sites or clients', async () => {
    const place = { client: 'o-1', clientName: 'Acme', site: 'L-1 ' };
    await insert('IntegrationSiteMapping', [siteMapping({}), siteMapping({ ISMHaloId: 4, ISMHaloClientId: 2 })]);
    const { mapped } = await bring([{ ...place, id: '1' }], { defaultSite: 7 });
    expect(reasonOf(mapped[0])).toContain('Halo maps it to several clients (2, 3)');
    expect(await devices()).toEqual([]);
  });

  it('is mapped whatever the case of the id, and by the row that names the client first', async () => {
    await insert('IntegrationSiteMapping', [
      siteMapping({ ISMThirdPartyClientId: '', ISMHaloId: 4, ISMHaloClientId: 2 }),
      siteMapping({ ISMThirdPartyId: 'L-1 ' }),
    ]);
    await bring([{ client: 'O-1', site: 'l-1', id: '1' }]);
    expect((await devices()).map(({ Dsite }) => Dsite)).toEqual([7]);
  });

  it('is not guessed where the vendor’s own column names several', async () => {
    await insert('USERS', [
      { Uid: 910, uusername: 'One', Usite: 7, UAzureOID: 'twice' },
      { Uid: 911, uusername: 'Two', Usite: 7, UAzureOID: 'Twice' },
    ]);
    const found = await knownIds({ api: instance.api(), scope, ownIds: { Users: 'azureoid' } }, 'Users', ['TWICE']);
    expect([found.size, found.several]).toEqual([0, new Map([['TWICE', [910, 911]]])]);
  });

  it('stays where it was made, and is refused where nothing says where', async () => {
    await bring([{ id: '1' }]);
    await bring([{ id: '1' }], { defaultSite: 7 });
    expect((await devices())[0]?.['Dsite']).toBe(4);
    const { mapped } = await bring([{ id: '2' }], { defaultSite: undefined as never });
    expect(reasonOf(mapped[0])).toContain('no default site');
  });
});

describe('what becomes of an asset', () => {
  it('that is out of use at the vendor is told by the row: inactive, and its status', async () => {
    const told = { deactivateMissing: true, deleteStatus: 4, defaultStatus: 3 };
    await bring([{ id: '1' }, { id: '2' }], told);
    expect((await devices()).map(({ DStatus }) => DStatus)).toEqual([3, 3]);
    const { mapped } = await bring(
      [
        { id: '1', retired: true },
        { id: '3', retired: true },
      ],
      told,
    );
    expect(mapped[1]).toEqual({ left_out: true, lasts: true });
    expect((await devices()).map(({ DStatus, dinactive }) => [DStatus, dinactive])).toEqual([
      [4, true],
      [3, false],
    ]);
    await bring([{ id: '1' }], told);
    expect((await devices()).map(({ DStatus, dinactive }) => [DStatus, dinactive])[0]).toEqual([3, false]);
  });

  it('that is missing from a whole read gets the status as well', async () => {
    const told = { deactivateMissing: true, deleteStatus: 4 };
    await bring([{ id: '1' }, { id: '2' }], told);
    session.remembered('seen').add([{ fields: {}, third_party_id: '2' }], [{ outcome: 'unchanged', id: 2 }]);
    expect(await session.deactivateMissing('Asset', scope, 'seen', undefined, { status_id: 4 })).toBe(1);
    expect((await devices()).map(({ DStatus, dinactive }) => [DStatus, dinactive])).toEqual([
      [4, true],
      [-1, false],
    ]);
  });

  it('keeps its status where the row names one that Halo has not', async () => {
    await bring([{ id: '1' }], { defaultStatus: 99 });
    expect((await devices())[0]?.['DStatus']).toBe(-1);
    expect(warnings).toEqual([expect.stringContaining('status 99')]);
  });

  it('has its software in rows of the module’s own, and those of people are never touched', async () => {
    await insert('DeviceApplications', [
      { DAID: 1, DADesc: 'Licence of a person', dauserid: 4, damsid: 9, DADID: 0, DACount: 1 },
      { DAID: 2, DADesc: 'By hand', DADID: 1, dauserid: 0 },
      { DAID: 3, DADesc: 'Of a person on it', DADID: 1, dauserid: 4, damsid: 9 },
    ]);
    const programs = (...software: [name: string, version?: string][]) =>
      bring([{ id: '1', software: software.map(([name, version]) => ({ name, version })) }]);
    const rows = async () =>
      (
        await instance.database.read({
          from: 'DeviceApplications',
          columns: ['DADesc', 'DAVersion', 'DADID', 'dauserid', 'DACount'],
          orderBy: [{ column: 'DAID' }],
        })
      ).map((row) => Object.values(row));
    const before = (await rows()).slice(0, 3);
    await programs(['Firefox', '1'], ['7-Zip']);
    const { outcomes } = await programs(['7-zip'], ['FIREFOX', '2']);
    expect(outcomes[0]?.outcome).toBe('updated');
    expect(await rows()).toEqual([...before, ['Firefox', '2', 1, 0, 1], ['7-Zip', null, 1, 0, 1]]);
    expect((await programs(['7-Zip'], ['Firefox', '2'])).outcomes[0]?.outcome).toBe('unchanged');
    await programs(['Notepad', '8']);
    await programs(['Notepad', '8'], ['Firefox', '3']);
    expect((await rows()).slice(0, 3)).toEqual(before);
    // A row that a program left is taken for the next one.
    const own = (await rows()).slice(3).map(([name, , asset]) => [name, asset]);
    expect(own.toSorted()).toEqual([
      ['Firefox', 1],
      ['Notepad', 1],
    ]);
  });
});
