import { describe, expect, it } from '@jest/globals';
import { listedEntities } from '../../../node/src/integrations/listed-entities.ts';
import { entraId } from '../../../node/src/integrations/entra-id/index.ts';
import { matchingFields } from '../../../node/src/integrations/entra-id/matching-fields.ts';
import { haloInstance } from '../halo-api/halo-instance.ts';

const guid = '5a9db0c5-0000-4000-8000-000000000001';
const plainSecret = 'Q~a8Q.sandbox-Plain_Secret.0123456789abcd';

describe('Entra ID connections', () => {
  it('are the rows of AzureADConnection, with their entities', async () => {
    await using instance = await haloInstance();
    await using session = await instance.database.session('test');
    await session.transaction((transaction) =>
      transaction.insert('AzureADConnection', [
        { ACName: 'Contoso', ACHaloIntegratorEnabled: true, ACHaloIntegratorImportList: '["Users","Devices"]' },
        { ACName: 'Phones', ACIsIntune: true },
        { ACHaloIntegratorImportList: '[{"id":7,"name":"Users"},{"id":99}]', ACIntuneEnabled: true },
      ]),
    );
    const api = instance.api({ ModuleIds: { EntraId: 61 } });
    const warnings: string[] = [];
    const found = await entraId.connections(api, { settings: {}, warn: (message) => void warnings.push(message) });
    expect(found).toMatchObject([
      { id: 1, name: 'Contoso', moduleId: 61, enabled: true, entities: ['Users'] },
      { id: 2, name: 'Phones', enabled: false, entities: ['Devices'] },
      { id: 3, name: 'Entra ID 3', entities: ['Users', 'Agents', 'Licences', 'LicenceUsers', 'Devices'] },
    ]);
    expect(warnings).toEqual([expect.stringContaining('"99"')]);
  });

  it('need their module, by one of its names or the settings', async () => {
    await using instance = await haloInstance();
    await using session = await instance.database.session('test');
    await session.transaction(async (transaction) => {
      await transaction.insert('AzureADConnection', [{ ACName: 'Contoso' }]);
      return 0;
    });
    await expect(entraId.connections(instance.api())).rejects.toMatchObject({ code: 'UnknownModule' });
    await session.transaction((transaction) =>
      transaction.insert('MODULESETUP', [{ MSid: 77, MSActualName: 'Azure AD' }]),
    );
    expect(await entraId.connections(instance.api())).toMatchObject([{ moduleId: 77 }]);
  });

  it.each([
    [plainSecret, []],
    ['bG9uZyBlbmNyeXB0ZWQgdmFsdWUgZnJvbSB0aGUgd2ViIGFwcA==', ['ClientSecret']],
    ['bG9uZ2VuY3J5cHRlZHZhbHVlZnJvbXRoZXdlYmFwcA', ['ClientSecret']],
    [null, ['ClientSecret']],
  ])('take the secret of Halo’s row only where it is plain: %p', (secret, missing) => {
    const row = { ACApplicationID: guid, ACApplicationSecret: secret };
    const connection = { id: 1, name: 'Contoso', moduleId: 1, enabled: true, row };
    expect(entraId.missingCredentials(connection, {})).toEqual(missing);
    expect(entraId.missingCredentials(connection, { ClientSecret: 'own' })).toEqual([]);
  });
});

describe('Matching fields', () => {
  it('follow the object id in the order of the connection', () => {
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    expect(matchingFields('[]', {}, warn)).toEqual([['azureoid'], ['emailaddress']]);
    expect(matchingFields('Login, Email Address, Name', {}, warn)).toEqual([
      ['azureoid'],
      ['login'],
      ['emailaddress'],
      ['site_id', 'name'],
    ]);
    expect(matchingFields('[3]', { MatchingFieldNames: ['3=samaccountname'] }, warn)).toEqual([
      ['azureoid'],
      ['samaccountname'],
    ]);
    expect(warnings).toEqual([]);
    expect(matchingFields('[4]', {}, warn)).toEqual([['azureoid'], ['emailaddress']]);
    expect(warnings).toEqual([expect.stringContaining('"4"')]);
  });
});

describe('Lists of entities', () => {
  it('are read as JSON and as a comma list, with codes by the settings', () => {
    const synonyms = { users: 'Users', devices: 'Devices' };
    expect(listedEntities('USERS, devices', 'Any', synonyms)).toEqual(['Users', 'Devices']);
    expect(listedEntities('', 'Any', synonyms)).toBeUndefined();
    const instance = { settings: { HaloEntityNames: ['5=Devices'] }, warn: () => undefined };
    expect(listedEntities('[5]', 'Any', synonyms, instance)).toEqual(['Devices']);
  });
});
