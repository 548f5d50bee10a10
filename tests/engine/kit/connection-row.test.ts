import { describe, expect, it } from '@jest/globals';
import {
  columnsOfDetails,
  connectionSettings,
} from '../../../node/src/integrations/kit/descriptor/connection-settings.ts';
import { wordPlaces } from '../../../node/src/integrations/kit/descriptor/connections.ts';
import { codeMeanings } from '../../../node/src/integrations/code-lists.ts';
import { listedEntities } from '../../../node/src/integrations/listed-entities.ts';
import { wholeBasis } from '../../../node/src/integrations/kit/descriptor/whole-basis.ts';
import { entitiesIn } from '../../../node/src/integrations/kit/descriptor/entity-list.ts';
import { descriptors } from '../../../node/src/integrations/registry.ts';
import { schemaTable } from '../../../node/src/database/schema/index.ts';
import { haloInstance } from '../halo-api/halo-instance.ts';

describe('the columns of a details table', () => {
  it('are known by how they end, the first ending given before the next', () => {
    expect(columnsOfDetails('SnipeITDetails')).toMatchObject({
      enabled: expect.stringMatching(/enabled?$|integrator$/i),
      lastSync: expect.stringMatching(/sync/i),
      lastError: expect.stringMatching(/error$/i),
    });
    const jamf = columnsOfDetails('JamfDetails');
    expect(new Set(Object.values(jamf)).size).toBe(Object.values(jamf).length);
  });

  it('are called otherwise where the descriptor says so, and a table that is not known has none', () => {
    const named = columnsOfDetails('AzureADConnection', { clientId: 'ACApplicationID' });
    expect(named).toMatchObject({ clientId: 'ACApplicationID', name: 'ACName', defaultSite: 'ACDefaultSite' });
    expect(columnsOfDetails('NoSuchTable', { name: 'x' })).toEqual({ name: 'x' });
  });

  it.each(descriptors.map((one) => [one.name, one] as const))('are columns of Halo’s: %s', (_, descriptor) => {
    const { details, control } = descriptor.halo;
    const tables = [details?.table, ...(control ? ['CONTROL', 'CONTROL2', 'CONTROL3', 'Control4'] : []), 'MODULESETUP'];
    for (const [word, columns] of wordPlaces(descriptor))
      for (const column of columns)
        expect([word, column, tables.some((table) => schemaTable(table ?? '')?.columns.has(column))]).toEqual([
          word,
          column,
          true,
        ]);
  });
});

describe('what a row says', () => {
  const columns = { defaultSite: 'site', matchField: 'code', noNew: 'switch', name: 'text', lastSync: 'date' } as const;
  const read = (row: Record<string, unknown>) => connectionSettings(row, columns);

  it('is read by the kind of its word: an id of 0 and less is none, a code may be any number', () => {
    expect(read({ site: 4, code: -3, switch: 1, text: ' A ', date: new Date(0) })).toEqual({
      ...{ defaultSite: 4, matchField: -3, noNew: true, name: 'A', lastSync: new Date(0) },
    });
    expect(read({ site: 0, code: 0, switch: 0, text: ' ', date: 'never' })).toEqual({ matchField: 0, noNew: false });
    expect(read({ site: -1, code: 1.5, switch: false, text: 7, date: null })).toEqual({ noNew: false });
    expect(read({ site: '5', switch: 2 })).toEqual({ defaultSite: 5, noNew: true });
    expect(read({ site: null, switch: null })).toEqual({});
  });

  it('is the same of a row that came from the database', async () => {
    await using instance = await haloInstance();
    await using session = await instance.database.session('test');
    const row = { ACName: 'Contoso', ACDefaultSite: 4, acintunedontupdatetype: true, ACHaloIntegratorEnabled: true };
    await session.transaction((transaction) => transaction.insert('AzureADConnection', [row]));
    const [kept = {}] = await instance.api().settingsRows('AzureADConnection');
    const own = columnsOfDetails('AzureADConnection', { dontChangeType: 'acintunedontupdatetype' });
    expect(connectionSettings(kept, own)).toMatchObject({
      ...{ name: 'Contoso', defaultSite: 4, dontChangeType: true, enabled: true },
    });
  });
});

describe('Halo’s list of entities', () => {
  const entities = [
    { name: 'Clients', labels: ['Organisations', 'Customers'] },
    { name: 'Sites', labels: ['Sites', 'Locations'] },
    { name: 'Devices', labels: ['Assets'] },
  ];
  const read = (list: unknown, names?: string[]) => {
    const warnings: string[] = [];
    const settings = names ? { HaloEntityNames: names } : {};
    return [
      entitiesIn(list, 'Acme', entities, { settings, warn: (one) => void warnings.push(one) }),
      warnings,
    ] as const;
  };

  it.each([
    ['["Organizations","Devices"]', ['Clients', 'Devices']],
    ['devices,  LOCATIONS ', ['Sites', 'Devices']],
    ['["Clients and Sites"]', ['Clients', 'Sites']],
    ['["Customers / Locations","Alerts"]', ['Clients', 'Sites']],
    ['[{"id":1,"name":"Assets"}]', ['Devices']],
    ['["Alerts"]', []],
    ['', undefined],
    ['[]', undefined],
    [null, undefined],
  ])('is read as words, whatever their form: %p', (list, names) => {
    expect(read(list)).toEqual([names, []]);
  });

  it('that holds an unknown word ticks what is known of it, and everything where nothing is', () => {
    expect(read('["Devices","Gadgets"]')).toEqual([['Devices'], [expect.stringContaining('"Gadgets"')]]);
    expect(read('[7]')).toEqual([undefined, [expect.stringContaining('every entity counts as ticked')]]);
    expect(read('[7]', ['7=devices'])).toEqual([['Devices'], []]);
    expect(read('[7]', ['7=Nothing', 'nonsense'])).toEqual([undefined, [expect.any(String)]]);
  });
});

it('what codes mean is read line by line, and what is no line is passed over', () => {
  expect([...codeMeanings(['4=starts with', ' Sales Team =a=b', 'none', 7, '=x'])]).toEqual([
    ['4', 'starts with'],
    ['sales team', 'a=b'],
  ]);
  expect(codeMeanings('4=x').size).toBe(0);
  // The same lines wherever a list is read by them: a meaning may have a "=" of its own, and is another one then.
  const lines = [' 7 = devices ', '8=Devices=x', ' =Devices'];
  const instance = { settings: { HaloEntityNames: lines }, warn: () => undefined };
  expect(entitiesIn('["7","8"]', 'Acme', [{ name: 'Devices', labels: [] }], instance)).toEqual(['Devices']);
  expect(listedEntities('7', 'Acme', { devices: 'Devices' }, instance)).toEqual(['Devices']);
  expect(listedEntities('8', 'Acme', { devices: 'Devices' }, instance)).toBeUndefined();
});

describe('what records of an earlier run were mapped by', () => {
  const row = { ADetailsid: 1, ADdontmove: false, ADtoken: 'abc', ADlastsync: new Date(1), adlasterror: '' };
  const kind = (known: unknown) => ({ value: async () => known, lookUpAgain: async () => void looked.push(known) });
  let looked: unknown[] = [];
  const valueOf = (of: object, known: unknown = 'k') =>
    wholeBasis({ row: { ...row, ...of } }, kind(known), undefined).value();

  it('is Halo’s row as well, whatever of it a mapping reads, but not what each run writes there', async () => {
    const before = await valueOf({});
    expect(await valueOf({ ADlastsync: new Date(2), adlasterror: 'no', MSHaloIntegratorLastError: 'x' })).toEqual(
      before,
    );
    expect(await valueOf({ ADdontmove: true })).not.toEqual(before);
    expect(await valueOf({}, 'other')).not.toEqual(before);
    expect(JSON.stringify(before)).not.toContain('abc');
  });

  it('is looked up again only where the row is as it was', async () => {
    looked = [];
    const before = await valueOf({});
    await wholeBasis({ row: { ...row, ADdontmove: true } }, kind('a'), kind('b')).lookUpAgain(before);
    expect(looked).toEqual([]);
    await wholeBasis({ row }, kind('a'), kind('b')).lookUpAgain(before);
    expect(looked).toEqual(['b', 'a']);
  });
});
