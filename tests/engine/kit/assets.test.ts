import { describe, expect, it } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import { knownIds } from '../../../node/src/integrations/kit/kinds/known-ids.ts';
import { assetInstance, scope, reasonOf } from './asset-instance.ts';

const { tried, insert, bring, devices } = assetInstance();

describe('where an asset is and whose', () => {
  it('is its mapped site, and its owner one of that client', async () => {
    await insert('IntegrationSiteMapping', [
      {
        ...{ ISMMSid: scope.module_id, ISMThirdPartyId: 'l-1', ISMThirdPartyName: 'Lab', ISMThirdPartyClientId: 'o-1' },
        ...{ ISMHaloId: 7, ISMHaloClientId: 3 },
      },
    ]);
    const users = await tried.instance.api().listBy('Users', 'site_id', [7]);
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
    const linked = await tried.instance.database.read({
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
    const found = await knownIds({ api: tried.instance.api(), scope, ownIds: { Users: 'azureoid' } }, 'Users', [
      'TWICE',
    ]);
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
    tried.session.remembered('seen').add([{ fields: {}, third_party_id: '2' }], [{ outcome: 'unchanged', id: 2 }]);
    expect(await tried.session.deactivateMissing('Asset', scope, 'seen', undefined, { status_id: 4 })).toBe(1);
    expect((await devices()).map(({ DStatus, dinactive }) => [DStatus, dinactive])).toEqual([
      [4, true],
      [-1, false],
    ]);
  });

  it('keeps its status where the row names one that Halo has not', async () => {
    await bring([{ id: '1' }], { defaultStatus: 99 });
    expect((await devices())[0]?.['DStatus']).toBe(-1);
    expect(tried.warnings).toEqual([expect.stringContaining('status 99')]);
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
        await tried.instance.database.read({
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
