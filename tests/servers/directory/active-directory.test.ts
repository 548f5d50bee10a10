import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Attribute, Change } from 'ldapts';
import { startSambaDomain } from '../../sandbox/directory/samba-domain.ts';
import type { DirectoryServer } from '../../sandbox/directory/directory-server.ts';
import { directoryInstance, type DirectoryInstance } from './directory-instance.ts';

const enabled = '544';
const disabled = '546';
const load = 5000;

/** A real domain controller; the tests change it one after the other. */
describe('Active Directory on a domain controller', () => {
  let domain: DirectoryServer;
  const unit = (path: string): string => `${path},${domain.base}`;
  const person = (name: string, path: string, more: Record<string, string> = {}): Promise<void> =>
    domain.client.add(`CN=${name},${unit(path)}`, {
      ...{ objectClass: 'user', displayName: name, userAccountControl: enabled },
      sAMAccountName: (more['sAMAccountName'] ?? name.replaceAll(/[^\p{L}\p{N}]/gu, '').toLowerCase()).slice(0, 20),
      ...more,
    });

  beforeAll(async () => {
    domain = await startSambaDomain();
    for (const name of ['OU=Staff', 'OU=Berlin,OU=Staff', 'OU=Leeds', 'OU=Desk', 'OU=Load'])
      await domain.client.add(unit(name), { objectClass: 'organizationalUnit' });
    await person('Mara Quill', 'OU=Staff', {
      mail: 'mara.quill@fernbrook.example',
      givenName: 'Mara',
      sn: 'Quill',
      title: 'Clerk',
    });
    await person('Jörg Häßler', 'OU=Berlin,OU=Staff', {
      mail: 'joerg@fernbrook.example',
      manager: `CN=Mara Quill,${unit('OU=Staff')}`,
    });
    await person('Noor Aziz', 'OU=Leeds', { mail: 'noor@fernbrook.example', department: 'Sales' });
    await person('Gone Already', 'OU=Staff', { userAccountControl: disabled });
    await person('Lena Okafor', 'OU=Desk', { mail: 'lena.okafor@msp.example' });
    await domain.client.add(`CN=PC-1,${unit('OU=Staff')}`, { objectClass: 'computer', sAMAccountName: 'PC-1$' });
    await domain.client.add(`CN=Printer Firm,${unit('OU=Staff')}`, {
      objectClass: 'contact',
      displayName: 'Printer Firm',
    });
  });
  afterAll(async () => {
    await domain?.[Symbol.asyncDispose]();
  });

  /** Staff and what is below at site 1, Berlin at site 2, Leeds at site 3. */
  async function instance(connection = {}): Promise<DirectoryInstance> {
    const made = await directoryInstance(domain, connection);
    await made.add(
      'LDAPSTRING',
      { LDid: 1, LDConnectionID: 1, LDDn: unit('OU=Staff'), LDisrecursive: true, LDsite: 1 },
      { LDid: 2, LDConnectionID: 1, LDString: `LDAP://dc1.fernbrook.test/${unit('OU=Berlin,OU=Staff')}`, LDsite: 2 },
      { LDid: 3, LDConnectionID: 1, LDDn: unit('OU=Leeds'), LDFilter: 'department=Sales', LDsite: 3 },
    );
    return made;
  }

  it('brings people to the site of the deepest container, and nobody who is disabled, no computer, no contact', async () => {
    await using halo = await instance();
    expect(await halo.sync()).toMatchObject({ status: 'succeeded', created: 3, rejected: 0 });
    const users = await halo.users();
    expect([...users].map(([name, user]) => [name, user['Usite']])).toEqual(
      expect.arrayContaining([
        ['Mara Quill', 1],
        ['Jörg Häßler', 2],
        ['Noor Aziz', 3],
      ]),
    );
    expect(users.size).toBe(3);
    expect(users.get('Mara Quill')).toMatchObject({
      uemail: 'mara.quill@fernbrook.example',
      ...{ UTitle: 'Clerk', USamAccountName: 'maraquill', uinactive: false },
      UActGuid: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    });
    expect(users.get('Jörg Häßler')?.['UADManager']).toBe(`CN=Mara Quill,${unit('OU=Staff')}`);
    expect(await halo.sync()).toMatchObject({ status: 'succeeded', created: 0, updated: 0, unchanged: 3 });
  });

  it('follows who is renamed, moved, disabled, enabled again, and gone', async () => {
    await using halo = await instance();
    await person('Ada Lunt', 'OU=Staff', { mail: 'ada@fernbrook.example' });
    await halo.sync('Users', {});
    const { Uid: id } = (await halo.users()).get('Ada Lunt') ?? {};

    await domain.client.modifyDN(`CN=Ada Lunt,${unit('OU=Staff')}`, `CN=Ada Brandt,${unit('OU=Berlin,OU=Staff')}`);
    await domain.client.modify(`CN=Ada Brandt,${unit('OU=Berlin,OU=Staff')}`, [replace('displayName', 'Ada Brandt')]);
    expect(await halo.sync()).toMatchObject({ updated: 1, created: 0 });
    expect((await halo.users()).get('Ada Brandt')).toMatchObject({ Uid: id, Usite: 2, uinactive: false });

    const dn = `CN=Ada Brandt,${unit('OU=Berlin,OU=Staff')}`;
    await domain.client.modify(dn, [replace('userAccountControl', disabled)]);
    expect(await halo.sync()).toMatchObject({ deactivated: 1 });
    expect((await halo.users()).get('Ada Brandt')).toMatchObject({ uinactive: true });
    await domain.client.modify(dn, [replace('userAccountControl', enabled)]);
    expect(await halo.sync()).toMatchObject({ updated: 1 });
    expect((await halo.users()).get('Ada Brandt')).toMatchObject({ uinactive: false });

    await domain.client.del(dn);
    // One of four is more than what may go at once.
    const held = await halo.sync();
    expect([held.deactivated, held.note]).toEqual([0, expect.stringContaining('MaxDeactivatePercent')]);
    expect((await halo.users()).get('Ada Brandt')).toMatchObject({ uinactive: false });
  });

  it('sets nobody inactive while a container cannot be read, and reads the others', async () => {
    await using halo = await instance();
    await halo.sync();
    await halo.change('LDAPSTRING', { LDid: 3 }, { LDDn: unit('OU=Nowhere') });
    const { status, error, deactivated, read } = await halo.sync();
    expect([status, deactivated, read]).toEqual(['failed', 0, expect.any(Number)]);
    expect(error).toMatchObject({ code: 'DirectorySearch', message: expect.stringContaining('OU=Nowhere') });
    expect((await halo.users()).get('Noor Aziz')).toMatchObject({ uinactive: false });
  });

  it('finds users by the id in any form Halo has, writes new ones alike, and takes over no other account', async () => {
    await using halo = await instance();
    const [found] = (
      await domain.client.search(`CN=Mara Quill,${unit('OU=Staff')}`, { explicitBufferAttributes: ['objectGUID'] })
    ).searchEntries;
    const bytes = Buffer.from(found?.['objectGUID'] as Buffer);
    for (const part of [bytes.subarray(0, 4), bytes.subarray(4, 6), bytes.subarray(6, 8)]) part.reverse();
    const digits = bytes
      .toString('hex')
      .toUpperCase()
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '{$1-$2-$3-$4-$5}');
    await halo.change('USERS', { Uid: 1 }, { UActGuid: digits, uusername: 'Old Name' });
    // Another account's user who has the same address as Noor.
    await halo.change(
      'USERS',
      { Uid: 2 },
      { UActGuid: '{00000000-0000-0000-0000-000000000001}', uemail: 'noor@fernbrook.example' },
    );
    expect(await halo.sync()).toMatchObject({ rejected: 0 });
    const users = await halo.users();
    expect(users.get('Mara Quill')).toMatchObject({ Uid: 1, UActGuid: digits });
    expect(users.get('Noor Aziz')?.['Uid']).not.toBe(2);
    expect(users.get('Noor Aziz')?.['UActGuid']).toMatch(/^\{[0-9A-F-]{36}\}$/);
  });

  it('brings contacts, mapped fields and agents where the connection says so', async () => {
    await using halo = await instance({ LCSyncContacts: true });
    await halo.add(
      'LDAPNAME',
      { LDAPid: 1, LDAPConnectionID: 1, userfield: true, LDAPfield: 'displayName', NetHdfield: 'Username' },
      { LDAPid: 2, LDAPConnectionID: 1, userfield: true, LDAPfield: 'department', NetHdfield: 'uother1' },
      { LDAPid: 3, LDAPConnectionID: 1, userfield: true, LDAPfield: 'l', NetHdfield: 'Shoe size' },
    );
    await halo.add('LDAPSTRING', { LDid: 9, LDConnectionID: 1, LDDn: unit('OU=Desk'), LDTechMapping: true });
    await halo.sync();
    const users = await halo.users();
    expect(users.get('Noor Aziz')).toMatchObject({ uother1: 'Sales' });
    expect(users.has('Printer Firm')).toBe(true);
    expect(await halo.logged()).toContain('Shoe size');

    expect(await halo.sync('Agents')).toMatchObject({ status: 'succeeded', created: 0, updated: 1 });
    await domain.client.modify(`CN=Lena Okafor,${unit('OU=Desk')}`, [replace('userAccountControl', disabled)]);
    expect(await halo.sync('Agents')).toMatchObject({ deactivated: 1 });
    const [agent] = await halo.database.read({
      from: 'UNAME',
      columns: ['uname', 'Uisdisabled'],
      where: { column: 'usmtp', is: 'equal', value: 'lena.okafor@msp.example' },
    });
    expect(agent).toMatchObject({ uname: 'Lena Okafor', Uisdisabled: true });
  });

  it('says what is wrong with the sign-in, the base and the way of signing in', async () => {
    const failure = async (connection: object, settings = {}): Promise<unknown> => {
      await using halo = await instance(connection);
      return (await halo.sync('Users', settings)).error;
    };
    expect(await failure({}, { Password: 'wrong' })).toMatchObject({ code: 'DirectorySignIn' });
    expect(await failure({ LCType: 'Negotiate' })).toMatchObject({
      code: 'DirectorySignIn',
      message: expect.stringContaining('Negotiate'),
    });
    expect(await failure({ LCPort: '1' })).toMatchObject({ code: 'DirectoryUnreachable' });
    expect(await failure({ LCSSL: true })).toMatchObject({ code: 'DirectoryTls' });
    expect(await failure({ LCSSL: true }, { TrustServerCertificate: true })).toBeUndefined();
    expect(await failure({}, { Encryption: 'starttls', TrustServerCertificate: true })).toBeUndefined();
    expect(await failure({ LCUsername: 'administrator', LCDomainName: 'fernbrook.test' })).toBeUndefined();
  });

  it(`reads ${load} people in pages, all of them`, async () => {
    await using halo = await directoryInstance(domain, { LCPageSize: 700 });
    await halo.add('LDAPSTRING', { LDid: 1, LDConnectionID: 1, LDDn: unit('OU=Load'), LDsite: 1 });
    for (let from = 0; from < load; from += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, at) =>
          person(`Person ${from + at}`, 'OU=Load', { mail: `p${from + at}@fernbrook.example` }),
        ),
      );
    expect(await halo.sync()).toMatchObject({ status: 'succeeded', read: load, created: load });
    expect(await halo.sync()).toMatchObject({ created: 0, updated: 0, unchanged: load });
    await domain.client.del(`CN=Person 7,${unit('OU=Load')}`);
    expect(await halo.sync()).toMatchObject({ deactivated: 1, unchanged: load - 1 });
    // A domain controller takes a while to make them, and longer where others work beside it.
  }, 1_800_000);
});

function replace(type: string, value: string): Change {
  return new Change({ operation: 'replace', modification: new Attribute({ type, values: [value] }) });
}
