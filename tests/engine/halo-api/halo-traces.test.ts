import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import type { HaloOutcome, HaloRecord } from '../../../node/src/halo-api/halo-api.ts';
import { haloInstance, type HaloInstance } from './halo-instance.ts';

const scope = { module_id: 1, details_id: 1 };
const made = new Date('2026-01-05T08:00:00Z');
const later = new Date('2026-02-02T09:30:00Z');
let instance: HaloInstance;

beforeEach(async () => {
  instance = await haloInstance();
});
afterEach(async () => instance[Symbol.asyncDispose]());

async function write(name: string, ...records: readonly HaloRecord[]): Promise<readonly HaloOutcome[]> {
  await using session = await instance.api().write('test');
  return await session.upsert(name, records, {
    scope,
    matchFields: name === 'Users' ? [['emailaddress'], ['name']] : [],
  });
}
async function add(table: string, ...rows: readonly Row[]): Promise<void> {
  await using session = await instance.database.session('test');
  await session.transaction(async (transaction) => transaction.insert(table, rows, keyOf(table)));
}
const keyOf = (table: string) => (table === 'USERS' ? { column: 'Uid' } : undefined);
const person = (id: string, fields: HaloRecord['fields']): HaloRecord => ({
  fields: { name: `Person ${id}`, site_id: 1, ...fields },
  third_party_id: id,
});
const idOf = (outcome: HaloOutcome | undefined): number => (outcome && 'id' in outcome ? Number(outcome.id) : 0);
const rowsOf = (from: string, columns: readonly string[], column: string, value: number | string): Promise<Row[]> =>
  instance.database.read({ from, columns, where: { column, is: 'equal', value } });

describe('the history of licences, as Halo’s own reports read it', () => {
  const licence = (count: number): HaloRecord => ({
    fields: { name: 'Suite', client_id: 1, count },
    third_party_id: 's1',
  });
  const changes = (id: number) =>
    rowsOf('LicenceChange', ['LCFieldId', 'LCOldValue', 'LCNewValue', 'LCWhen', 'LCUserId'], 'LCLid', id);

  it('has one row for a licence that is made, and one for each change of its count', async () => {
    const [first] = await write('SoftwareLicence', licence(3));
    const id = idOf(first);
    await write('SoftwareLicence', licence(3));
    instance.now = later;
    await write('SoftwareLicence', licence(5));
    expect(await changes(id)).toEqual([
      { LCFieldId: -1, LCOldValue: '', LCNewValue: '', LCWhen: made, LCUserId: 0 },
      { LCFieldId: 1, LCOldValue: '3', LCNewValue: '5', LCWhen: later, LCUserId: 0 },
    ]);
  });

  it('is not written where its id is set to 0, nor under what-if', async () => {
    {
      await using session = await instance.api({ HistoryFieldIds: { LicenceCreated: 0 } }).write('test');
      await session.upsert('SoftwareLicence', [licence(1)], { scope });
      await session.upsert('SoftwareLicence', [licence(2)], { scope, whatIf: true });
    }
    expect(await instance.database.count('LicenceChange')).toBe(0);
  });
});

describe('the history of users, as Halo’s own reports read it', () => {
  const changes = (id: number) =>
    rowsOf(
      'UserChange',
      ['UCFieldId', 'UCOldValue', 'UCNewValue', 'UCOldSite', 'UCNewSite', 'UCUsername', 'UCInactive', 'UCWhen'].map(
        (name) => (name === 'UCInactive' ? 'UCUInactive' : name),
      ),
      'UCUid',
      id,
    );

  it('has a row for one that is made, and for each time one becomes inactive or active again', async () => {
    const [first] = await write('Users', person('a', {}));
    const id = idOf(first);
    instance.now = later;
    for (const inactive of [true, true, false]) await write('Users', person('a', { inactive }));
    const known = { UCUsername: 'Person a', UCOldSite: 1, UCNewSite: 1 };
    expect(await changes(id)).toEqual([
      { ...known, UCFieldId: -1, UCOldValue: '', UCNewValue: '', UCUInactive: false, UCWhen: made },
      { ...known, UCFieldId: 2, UCOldValue: 'False', UCNewValue: 'True', UCUInactive: true, UCWhen: later },
      { ...known, UCFieldId: 2, UCOldValue: 'True', UCNewValue: 'False', UCUInactive: false, UCWhen: later },
    ]);
  });

  it('has a row for each that is set inactive because it is missing, and none for one that was already', async () => {
    const [first, second] = await write('Users', person('a', {}), person('b', { inactive: true }));
    {
      await using session = await instance.api().write('test');
      expect(await session.deactivateMissing('Users', scope, 'none')).toBe(1);
      expect(await session.deactivateMissing('Users', scope, 'none')).toBe(0);
    }
    expect((await changes(idOf(first))).map((row) => [row['UCFieldId'], row['UCNewValue']])).toEqual([
      [-1, ''],
      [2, 'True'],
    ]);
    expect(await changes(idOf(second))).toHaveLength(1);
  });
});

describe('Halo’s general user', () => {
  const generalUser = { Usite: 1, uusername: 'Everybody', uemail: 'info@example.com', uinactive: false };
  const now = () =>
    rowsOf('USERS', ['Uid', 'uusername', 'uemail', 'uinactive', 'UTitle'], 'uemail', 'info@example.com');

  beforeEach(async () => {
    await add('CONTROL2', { rseq: 1, RGeneralUser: 'everybody' });
    await add('USERS', generalUser);
  });

  it('is found by no field, so that a person who is like him is made', async () => {
    const [outcome] = await write('Users', person('a', { emailaddress: 'info@example.com', title: 'Boss' }));
    expect(outcome?.outcome).toBe('created');
    expect(await now()).toEqual([
      expect.objectContaining({ uusername: 'Everybody', UTitle: null }),
      expect.objectContaining({ uusername: 'Person a', UTitle: 'Boss' }),
    ]);
  });

  it('is not changed by who names his id or is linked with him, and nobody gets his name', async () => {
    const [row] = await now();
    const id = Number(row?.['Uid']);
    await add('ExternalLink', {
      ELTableId: 3,
      ELModuleId: 1,
      ELDetailsId: 1,
      ELHaloId: id,
      ELThirdPartyId: 'linked',
      ELIsPrimary: true,
    });
    const outcomes = await write(
      'Users',
      person('linked', { emailaddress: 'info@example.com', inactive: true, name: 'Somebody' }),
      { fields: { id, name: 'Somebody', site_id: 1, inactive: true } },
      person('namesake', { name: 'EVERYBODY ' }),
    );
    for (const outcome of outcomes)
      expect(outcome).toEqual({ outcome: 'rejected', reason: expect.stringContaining('general user') });
    await using session = await instance.api().write('test');
    expect(await session.deactivateMissing('Users', scope, 'none')).toBe(0);
    expect(await now()).toEqual([row]);
    expect(await instance.database.count('UserChange', { column: 'UCUid', is: 'equal', value: id })).toBe(0);
  });

  it('is not among those whom an integration looks for', async () => {
    expect(await instance.api().listBy('Users', 'emailaddress', ['info@example.com'])).toEqual([]);
  });
});

it('Halo’s general user is called General User where nothing else is set', async () => {
  await add('USERS', { Usite: 1, uusername: 'General User', uemail: 'info@example.com' });
  const [outcome] = await write('Users', person('a', { emailaddress: 'info@example.com' }));
  expect(outcome?.outcome).toBe('created');
});

describe('the links of users with assets', () => {
  const links = (number: number) =>
    rowsOf('USERDEVICE', ['UDsite', 'UDusername', 'UDdevsite', 'uduserid'], 'UDdevnum', number);

  it('follow a user who is renamed or moved, and nobody else', async () => {
    const [first, second] = await write('Users', person('a', { name: 'Ann' }), person('b', { name: 'Ben' }));
    const [ann, ben] = [idOf(first), idOf(second)];
    const at = { UDdevsite: 7, UDrelationship: 0 };
    await add(
      'USERDEVICE',
      { ...at, UDdevnum: 1, UDsite: 1, UDusername: 'Ann', uduserid: ann },
      { ...at, UDdevnum: 2, UDsite: 1, UDusername: 'Ann', uduserid: -1 },
      { ...at, UDdevnum: 3, UDsite: 2, UDusername: 'Ann', uduserid: -1 },
      { ...at, UDdevnum: 4, UDsite: 1, UDusername: 'Ben', uduserid: ben },
    );
    await write('Users', person('a', { name: 'Anna', site_id: 2 }), person('b', { name: 'Ben', title: 'Dr' }));
    expect(await links(1)).toEqual([{ UDsite: 2, UDusername: 'Anna', UDdevsite: 7, uduserid: ann }]);
    expect(await links(2)).toEqual([{ UDsite: 2, UDusername: 'Anna', UDdevsite: 7, uduserid: -1 }]);
    expect(await links(3)).toEqual([{ UDsite: 2, UDusername: 'Ann', UDdevsite: 7, uduserid: -1 }]);
    expect(await links(4)).toEqual([{ UDsite: 1, UDusername: 'Ben', UDdevsite: 7, uduserid: ben }]);
  });
});

it('a new row has 0 and not nothing where reports ask for 0', async () => {
  const [user] = await write('Users', person('a', {}));
  const [client] = await write('Client', { fields: { name: 'New' }, third_party_id: 'c' });
  const [site] = await write('Site', { fields: { name: 'New', client_id: 1 }, third_party_id: 's' });
  const [licence] = await write('SoftwareLicence', { fields: { name: 'New', client_id: 1 }, third_party_id: 'l' });
  const flags = ['uinactive', 'uisserviceaccount', 'uignoreautomatedbilling', 'uunsubscribed'];
  expect(await rowsOf('USERS', flags, 'Uid', idOf(user))).toEqual([
    Object.fromEntries(flags.map((name) => [name, false])),
  ]);
  expect(await rowsOf('AREA', ['AIsInactive'], 'Aarea', idOf(client))).toEqual([{ AIsInactive: false }]);
  expect(await rowsOf('SITE', ['SIsInactive'], 'Ssitenum', idOf(site))).toEqual([{ SIsInactive: false }]);
  expect(await rowsOf('Licence', ['LDeleted'], 'LID', idOf(licence))).toEqual([{ LDeleted: false }]);
});
