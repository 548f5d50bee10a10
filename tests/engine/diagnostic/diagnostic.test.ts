import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { diagnose } from '../../../node/src/commands/diagnose.ts';
import { Engine } from '../../../node/src/commands/engine.ts';
import { assumedChecks } from '../../../node/src/commands/test-assumed.ts';
import type { Row } from '../../../node/src/database/database.ts';
import type { Finding } from '../../../node/src/diagnostic/finding.ts';
import { idShape } from '../../../node/src/diagnostic/id-shape.ts';
import { lookInHalo } from '../../../node/src/diagnostic/look-in-halo.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { pax8Instance, type Pax8Instance } from '../sync/pax8-instance.ts';

let instance: Pax8Instance;
beforeEach(async () => {
  instance = await pax8Instance({ entities: {} });
});
afterEach(async () => {
  await instance[Symbol.asyncDispose]();
});

async function add(table: string, ...rows: Row[]): Promise<void> {
  await using session = await instance.database.session('test');
  await session.transaction((transaction) =>
    transaction.insert(table, table === 'ExternalLink' ? rows.map((row) => ({ ELIsPrimary: false, ...row })) : rows),
  );
}
const of = (found: readonly Finding[], subject: string) =>
  found.filter((one) => one.subject === subject).map(({ facts }) => facts);
const checks = async () => assumedChecks(await instance.parts(), new AbortController().signal);

const person = 'anna.kowalska@secret.example';

describe('Get-HaloDiagnostic', () => {
  it('counts links by module, kind and connection, and says only the shape of an id', async () => {
    const link = { ELTableId: 3, ELModuleId: 77, ELDetailsId: 1, ELHaloId: 5 };
    await add('ExternalLink', { ...link, ELThirdPartyId: person }, { ...link, ELThirdPartyId: 'b@secret.example' });
    const found = await lookInHalo(instance.database);
    expect(of(found, 'ExternalLink').filter((one) => one['ELModuleId'] === 77)).toEqual([
      { ELModuleId: 77, ELTableId: 3, ELDetailsId: 1, 'ELThirdPartyId (shape)': 'address', rows: 2 },
    ]);
    expect(of(found, 'MODULESETUP').length).toBeGreaterThan(0);
  });

  it('gives codes and lists of settings, and of a description only a known product', async () => {
    await add('SQLIMPORT', { SIid: 1, SIdesc: `Lansweeper of ${person}`, SItable: 'DEVICE', SIkeyfield: 'AssetID' });
    await add('Control4', { rseq: 1, rmerakiimportentities: '["Organisations","Devices"]' });
    await add('FIELD', { Ykind: 'T', Yseq: 12, Yname: 'Serial Number' });
    await add('CONTROL3', { rseq: 1, RAssetImportIdentifier: 12 });
    const found = await lookInHalo(instance.database);
    expect(of(found, 'SQLIMPORT')).toMatchObject([{ SIkeyfield: 'AssetID', 'SIdesc (product)': 'Lansweeper' }]);
    expect(of(found, 'Settings')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ column: 'rmerakiimportentities', value: '["Organisations","Devices"]' }),
        expect.objectContaining({ column: 'RAssetImportIdentifier', value: 12, field: 'Serial Number' }),
      ]),
    );
    expect(JSON.stringify(found)).not.toContain('anna');
  });

  it('writes one text that names nobody, and replaces no file', async () => {
    await add('ExternalLink', { ELTableId: 3, ELModuleId: 77, ELHaloId: 5, ELThirdPartyId: person });
    const path = join(instance.folder, 'found.txt');
    const run = async () => {
      await using engine = new Engine(systemEnvironment(instance.folder), instance.settingsPath);
      return diagnose.run(
        engine,
        { path },
        { progress: () => {}, items: async () => {} },
        new AbortController().signal,
      );
    };
    expect(await run()).toMatchObject({ exitCode: 0, data: { path } });
    const text = await readFile(path, 'utf8');
    expect(text).toContain('"ELModuleId":77');
    const users = await instance.database.read({ from: 'USERS', columns: ['uusername', 'uemail'] });
    const clients = await instance.database.read({ from: 'AREA', columns: ['aareadesc'] });
    const names = [...users, ...clients].flatMap((row) => Object.values(row)).filter((one) => String(one).length > 4);
    expect(names.length).toBeGreaterThan(3);
    expect([person, ...names].filter((name) => text.includes(String(name)))).toEqual([]);
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o077).toBe(0);
    await expect(run()).rejects.toThrow('was not written');
  });

  it.each([
    [null, 'none'],
    ['', 'none'],
    [17, 'number'],
    ['00217', '5 digits'],
    ['3f2504e0-4f89-11d3-9a0c-0305e82c3301', 'guid'],
    ['3F2504E0-4F89-11D3-9A0C-0305E82C3301', 'guid, capitals'],
    ['{3f2504e0-4f89-11d3-9a0c-0305e82c3301}', 'guid in braces'],
    ['3f2504e04f8911d39a0c0305e82c3301', '32 hexadecimal digits'],
    ['4AQlP4lP0xGaDAMF6Cwz+A==', '16 bytes in base64'],
    [person, 'address'],
    ['Anna Kowalska', 'text of 13 characters'],
  ])('of the id %j says "%s"', (id, shape) => expect(idShape(id)).toBe(shape));
});

describe('Test-HaloDbConfig', () => {
  it('fails where links of a kind lead to nothing, and names the setting', async () => {
    const client = (await instance.database.read({ from: 'AREA', columns: ['Aarea'], limit: 1 }))[0]?.['Aarea'];
    await add('ExternalLink', { ELTableId: 1, ELModuleId: 77, ELHaloId: Number(client), ELThirdPartyId: 'a' });
    await add(
      'ExternalLink',
      ...[1, 2, 3].map((one) => ({ ELTableId: 2, ELModuleId: 77, ELHaloId: 900_000 + one, ELThirdPartyId: `${one}` })),
    );
    expect(await checks()).toMatchObject([
      { name: 'Assumed: links of Client', passed: true, fix: '' },
      {
        name: 'Assumed: links of Site',
        passed: false,
        detail: expect.stringContaining('of 3 links looked at, 0 lead to one'),
        fix: expect.stringContaining('Halo.ExternalLinkTableIds.Site'),
      },
    ]);
  });

  it('compares codes of settings and forms of ids, row by row', async () => {
    await add('CONTROL2', { rseq: 1, ROktaImportType: 2, RDattoImportType: 0 });
    await add('CONTROL3', { rseq: 1, RAssetImportIdentifier: -3 });
    const [user] = await instance.database.read({ from: 'USERS', columns: ['Uid'], limit: 1 });
    await using session = await instance.database.session('test');
    await session.transaction((transaction) =>
      transaction.update(
        'USERS',
        { UActGuid: 'S-1-5-21-1' },
        { column: 'Uid', is: 'equal', value: user?.['Uid'] ?? 0 },
      ),
    );
    const found = await checks();
    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'Assumed: CONTROL2.ROktaImportType', passed: true }),
        expect.objectContaining({ name: 'Assumed: CONTROL3.RAssetImportIdentifier', passed: true }),
        expect.objectContaining({ name: 'Assumed: USERS directory ids', passed: false }),
      ]),
    );
    expect(JSON.stringify(found)).not.toContain('S-1-5-21-1');
    expect(found.some(({ name }) => name.includes('RDattoImportType'))).toBe(false);
  });
});
