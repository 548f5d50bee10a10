import { describe, expect, it } from '@jest/globals';
import { startOpenLdap } from '../../sandbox/directory/open-ldap.ts';
import { directoryInstance } from './directory-instance.ts';

describe('a directory that is no Active Directory', () => {
  it('is read by entryUUID, and people without one class of it are left out', async () => {
    await using server = await startOpenLdap();
    await server.client.add(`ou=people,${server.base}`, { objectClass: 'organizationalUnit' });
    const people = Array.from({ length: 250 }, (_, at) => `Person ${at}`);
    for (const name of people)
      await server.client.add(`cn=${name},ou=people,${server.base}`, {
        ...{
          objectClass: 'inetOrgPerson',
          cn: name,
          sn: name,
          displayName: name,
          mail: `${name.replace(' ', '')}@fernbrook.example`,
        },
      });
    await using halo = await directoryInstance(server);
    await halo.add('LDAPSTRING', { LDid: 1, LDConnectionID: 1, LDDn: `ou=people,${server.base}`, LDsite: 1 });
    expect(await halo.sync()).toMatchObject({ status: 'succeeded', created: 250 });
    expect(await halo.sync()).toMatchObject({ created: 0, updated: 0, unchanged: 250 });
    await server.client.del(`cn=Person 3,ou=people,${server.base}`);
    expect(await halo.sync()).toMatchObject({ deactivated: 1 });
    expect((await halo.users()).get('Person 3')).toMatchObject({ uinactive: true });
  });

  it('that gives less than it has is not taken for whole', async () => {
    await using server = await startOpenLdap({ sizeLimit: 120 });
    await server.client.add(`ou=people,${server.base}`, { objectClass: 'organizationalUnit' });
    const add = (at: number): Promise<void> =>
      server.client.add(`cn=Person ${at},ou=people,${server.base}`, {
        ...{ objectClass: 'inetOrgPerson', cn: `Person ${at}`, sn: 'Person', displayName: `Person ${at}` },
      });
    for (let at = 0; at < 110; at++) await add(at);
    await using halo = await directoryInstance(server, { LCUsername: `cn=reader,${server.base}`, LCPageSize: 50 });
    await halo.add('LDAPSTRING', { LDid: 1, LDConnectionID: 1, LDDn: `ou=people,${server.base}`, LDsite: 1 });
    expect(await halo.sync()).toMatchObject({ status: 'succeeded', created: 110 });
    await server.client.del(`cn=Person 0,ou=people,${server.base}`);
    for (let at = 110; at < 150; at++) await add(at);
    const { status, error, deactivated } = await halo.sync();
    expect([status, deactivated]).toEqual(['failed', 0]);
    expect(error).toMatchObject({ code: 'DirectoryLimit' });
    expect((await halo.users()).get('Person 0')).toMatchObject({ uinactive: false });
  });
});
