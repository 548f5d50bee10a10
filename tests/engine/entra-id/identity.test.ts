import { describe, expect, it } from '@jest/globals';
import { entraInstance } from './entra-instance.ts';

const byMail = { ACUserMatchingFields: '["Email"]', acdeactivateentities: true };

describe('Which Halo user an Entra account is', () => {
  it('is not the one of another account with the same address, whichever comes first', async () => {
    await using instance = await entraInstance({ users: 10, connection: byMail });
    const [tenant] = instance.sandbox.tenants;
    const mail = 'shared@a001.example';
    tenant?.change('users', 2, { mail });
    tenant?.change('users', 5, { mail });
    // Halo's own import knew the later one already.
    await instance.add('USERS', {
      Uid: 9001,
      uusername: 'Known',
      Usite: 2,
      uemail: mail,
      UAzureOID: tenant?.idOf('users', 5) ?? '',
    });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', created: 9, rejected: 0 });
    expect(await instance.user(5)).toMatchObject({ Uid: 9001, uemail: mail });
    expect((await instance.user(2))?.['Uid']).not.toBe(9001);
    expect((await instance.sync()).results[0]).toMatchObject({ created: 0, updated: 0, unchanged: 10, deactivated: 0 });
  });

  it('stays the same when batches are small, and no account takes a user that another one has', async () => {
    await using instance = await entraInstance({ users: 30, connection: byMail });
    instance.configureSync({ BatchSize: 1 });
    const [tenant] = instance.sandbox.tenants;
    tenant?.change('users', 2, { mail: 'shared@a001.example' });
    tenant?.change('users', 5, { mail: 'shared@a001.example' });
    await instance.add('USERS', {
      Uid: 9001,
      uusername: 'Known',
      Usite: 2,
      uemail: 'shared@a001.example',
      UAzureOID: tenant?.idOf('users', 5) ?? '',
    });
    await instance.sync();
    expect(await instance.user(5)).toMatchObject({ Uid: 9001 });
    expect((await instance.sync()).results[0]).toMatchObject({ created: 0, updated: 0, rejected: 0 });
  });

  it('is found by its id alone where the account says neither site nor name', async () => {
    await using instance = await entraInstance({ users: 30, connection: { ...byMail, ACUserMatchingFields: 'Name' } });
    await instance.sync();
    instance.sandbox.tenants[0]?.change('users', 3, { accountEnabled: false });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', rejected: 0, deactivated: 1 });
    expect(await instance.user(3)).toMatchObject({ uinactive: true, uusername: 'Daniel Petrov 3' });
  });

  it('is nobody where two accounts fit one user that no account has yet', async () => {
    await using instance = await entraInstance({ users: 10, connection: byMail });
    const [tenant] = instance.sandbox.tenants;
    tenant?.change('users', 2, { mail: 'shared@a001.example' });
    tenant?.change('users', 5, { mail: 'shared@a001.example' });
    await instance.add('USERS', { Uid: 9001, uusername: 'Known', Usite: 2, uemail: 'shared@a001.example' });
    const [result] = (await instance.sync()).results;
    expect(result).toMatchObject({ status: 'succeeded-with-rejections', rejected: 1 });
    expect(await instance.user(2)).toMatchObject({ Uid: 9001 });
  });
});
