import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database, Row } from '../../../node/src/database/database.ts';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import { syncAll } from '../../../node/src/sync/run.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { haloTestDatabase } from '../../engine/halo-database.ts';
import { instanceParts } from '../../engine/instance-parts.ts';
import type { DatabaseServer } from '../../sandbox/databases/database-server.ts';
import { startMariaDb } from '../../sandbox/databases/maria-db.ts';
import { startPostgreSql } from '../../sandbox/databases/postgre-sql.ts';

type Synced = Awaited<ReturnType<typeof syncAll>>['results'][number];

/** An instance with demo content and one SQL import. */
interface ImportInstance extends AsyncDisposable {
  readonly database: Database;
  add(table: string, ...rows: Row[]): Promise<void>;
  change(values: Row): Promise<void>;
  sync(entity: string, settings?: Record<string, unknown>): Promise<Synced>;
}

async function importInstance(server: DatabaseServer, row: Row): Promise<ImportInstance> {
  const environment = systemEnvironment(tmpdir());
  const folder = await fs.mkdtemp(join(tmpdir(), 'halo-import-'));
  const made = await haloTestDatabase(folder, environment.clock);
  const { database } = made;
  await fillDemoContent(database, environment.clock);
  const path = join(folder, 'appsettings.json');
  const parts = instanceParts(path, made.engine, environment);
  const add = async (table: string, ...rows: Row[]): Promise<void> => {
    await using session = await database.session('test');
    await session.transaction((transaction) => transaction.insert(table, rows));
  };
  await add('MODULESETUP', { MSid: 80, MSName: 'SQL Imports', MSActualName: 'SQL Imports' });
  await add('SQLIMPORT', {
    ...{ SIid: 1, SIdesc: 'Estate', SISQLServer: server.host, sisqlport: String(server.port) },
    ...{ SISQLDatabase: server.database, SISQLUsername: server.username, siintegratorenabled: true, SIdefaultsite: 1 },
    ...row,
  });
  return {
    ...{ database, add },
    async change(values) {
      await using session = await database.session('test');
      await session.transaction(async (transaction) => {
        await transaction.update('SQLIMPORT', values, { column: 'SIid', is: 'equal', value: 1 });
      });
    },
    async sync(entity, settings = {}) {
      const Settings = { Passwords: { Estate: server.password }, Encrypt: false, ...settings };
      const Integrations = { SqlImport: { Entities: { [entity]: true }, Settings } };
      await fs.writeFile(path, JSON.stringify({ Database: made.settings, Integrations }));
      const request = { integration: 'SqlImport', whatIf: false };
      const { results } = await syncAll(request, await parts.open(), () => {}, new AbortController().signal);
      const [result] = results;
      if (!result) throw new Error('Nothing ran.');
      return result;
    },
    async [Symbol.asyncDispose]() {
      await parts[Symbol.asyncDispose]();
      await made.close();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}

describe.each([
  ['MariaDB', startMariaDb, 'MariaDB Unicode'],
  ['PostgreSQL', startPostgreSql, 'PostgreSQL ANSI'],
] as const)('an import from %s', (_name, start, driver) => {
  let server: DatabaseServer;
  beforeAll(async () => {
    server = await start();
    await server.run(
      `CREATE TABLE people (id integer PRIMARY KEY, fullname varchar(100), mail varchar(100), place varchar(100))`,
    );
    const rows = Array.from(
      { length: 2500 },
      (_, at) => `(${at + 1}, 'Pérson ${at + 1}', 'p${at + 1}@fernbrook.example', NULL)`,
    );
    await server.run(`INSERT INTO people VALUES ${rows.join(', ')}`);
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  const people = async (): Promise<ImportInstance> => {
    const halo = await importInstance(server, {
      ...{ SItable: 'USERS', SIkeyfield: 'id', sisqldriver: driver },
      SIsql: 'SELECT id, fullname, mail FROM people ORDER BY id;',
    });
    await halo.add(
      'SQLIMPORTFIELD',
      { SIFid: 1, SIFsiid: 1, SIFthirdpartyname: 'FullName', SIFnhdname: 'uusername' },
      { SIFid: 2, SIFsiid: 1, SIFthirdpartyname: 'mail', SIFnhdname: 'Email Address' },
    );
    return halo;
  };

  it('brings all rows in pages, writes nothing the second time, and sets nobody inactive unless asked', async () => {
    await using halo = await people();
    expect(await halo.sync('Users')).toMatchObject({ status: 'succeeded', read: 2500, created: 2500 });
    expect(await halo.sync('Users')).toMatchObject({ created: 0, updated: 0, unchanged: 2500 });
    await halo.change({ SIsql: 'SELECT id, fullname, mail FROM people WHERE id > 10' });
    expect(await halo.sync('Users')).toMatchObject({ deactivated: 0, unchanged: 2490 });
    expect(await halo.sync('Users', { DeactivateMissing: true })).toMatchObject({ deactivated: 10 });
  });

  it('writes nothing to the database, whatever the query says', async () => {
    await using halo = await people();
    await halo.change({ SIsql: 'DELETE FROM people' });
    expect((await halo.sync('Users')).error).toMatchObject({ code: 'SourceQueryWrites' });
    await halo.change({ SIsql: 'SELECT id FROM people; DELETE FROM people' });
    expect((await halo.sync('Users')).error).toMatchObject({ code: 'SourceQueryWrites' });
    expect(await server.count('people')).toBe(2500);
  });

  it('says what is wrong with the query, the key field, the sign-in and the server', async () => {
    await using halo = await people();
    const failure = async (row: Row, settings = {}): Promise<unknown> => {
      if (Object.keys(row).length > 0) await halo.change(row);
      const { error } = await halo.sync('Users', settings);
      return error?.code;
    };
    expect(await failure({ SIsql: 'SELECT nothing FROM people' })).toBe('SourceQuery');
    expect(await failure({ SIsql: 'SELECT fullname FROM people' })).toBe('SourceImport');
    expect(await failure({ SIsql: 'SELECT id FROM people' }, { Passwords: { Estate: 'wrong' } })).toBe(
      'SourceDatabaseSignIn',
    );
    expect(await failure({}, { Passwords: {} })).toBe('SourceImport');
    expect(await failure({ sisqlport: '1' })).toBe('SourceDatabaseUnreachable');
    expect(await failure({ sisqlport: String(server.port), sisqldriver: 'Oracle' })).toBe('SourceImport');
  });

  it('brings assets of the types and sites its rows name, with their fields and owners', async () => {
    await using halo = await importInstance(server, {
      ...{ SItable: 'Assets', SIkeyfield: 'tag', SIdatafield1: 'kind', SIdatafield2: 'place', SIdatafield3: 'mail' },
      ...{ sisqldriver: driver, SInhdfield3: 'emailaddress' },
      SIsql: 'SELECT tag, hostname, kind, place, mail, serial FROM devices',
    });
    await server.run(
      'CREATE TABLE devices (tag varchar(20), hostname varchar(50), kind varchar(50), place varchar(50), mail varchar(90), serial varchar(50))',
    );
    await server.run(
      `INSERT INTO devices VALUES ('T1', 'pc-1', 'Laptop', 'North branch', NULL, 'SN-1'), ('T2', 'pc-2', 'Laptop', NULL, NULL, 'To be filled by O.E.M.'), ('T3', 'pc-3', 'Server', 'Harbour branch', NULL, NULL)`,
    );
    await halo.add('SQLIMPORTFIELD', { SIFid: 1, SIFsiid: 1, SIFthirdpartyname: 'hostname', SIFnhdname: 'Asset Tag' });
    await halo.add('GENERIC', { Ggeneric: 9, gdesc: 'Hardware' });
    expect(await halo.sync('Assets')).toMatchObject({ status: 'succeeded', read: 3, created: 3 });
    expect(await halo.sync('Assets')).toMatchObject({ created: 0, updated: 0, unchanged: 3 });
    const rows = await halo.database.read({ from: 'DEVICE', columns: ['dinvno', 'Dsite', 'Dtype'] });
    expect(rows.map((row) => row['dinvno'])).toEqual(expect.arrayContaining(['pc-1', 'pc-2', 'pc-3']));
  });
});
