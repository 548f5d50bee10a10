import { describe, expect, it } from '@jest/globals';
import type { DatabaseSettings } from '../../../node/src/config/settings.ts';
import { connectFailure } from '../../../node/src/database/sql-server/connect-failure.ts';
import { connectionConfigs, odbcString } from '../../../node/src/database/sql-server/connection-config.ts';
import { parseServer } from '../../../node/src/database/sql-server/server-address.ts';
import { openSqlServerDatabase } from '../../../node/src/database/sql-server/sql-server-database.ts';
import type { IntegratorError } from '../../../node/src/errors/integrator-error.ts';
import { startBrowser, startTdsSandbox, type TdsSandboxOptions } from '../../sandbox/tds/tds-sandbox.ts';

const loginFailed = { number: 18456, message: "Login failed for user 'halo'." };

/** What connecting fails with, and what was slept for on the way. */
async function failure(settings: Partial<DatabaseSettings>, password = 'never told') {
  const slept: number[] = [];
  const database = openSqlServerDatabase({
    settings: { Server: '127.0.0.1', Name: 'Halo', Username: 'halo', Encrypt: false, ...settings },
    password,
    clock: {
      now: () => new Date(),
      sleep: (milliseconds) => {
        slept.push(milliseconds);
        return Promise.resolve();
      },
    },
    timeouts: { connection: 1000, request: 1000 },
  });
  try {
    await database.connect();
  } catch (error) {
    return { error: error as IntegratorError, slept };
  } finally {
    await database.close();
  }
  throw new Error('The connection was made.');
}

async function refusedBy(options: TdsSandboxOptions, settings: Partial<DatabaseSettings> = {}, password?: string) {
  await using server = await startTdsSandbox(options);
  const { error, slept } = await failure({ Server: `127.0.0.1,${server.port}`, ...settings }, password);
  expect(error.message).not.toContain('never told');
  return { error, slept, logins: server.logins, port: server.port };
}

describe('a failed connection says which part of it failed', () => {
  it('the name', async () => {
    const { error } = await failure({ Server: 'no-such-host.invalid' });
    expect(error).toMatchObject({ code: 'DatabaseNotFound', exitCode: 3 });
    expect(error.message).toContain('no-such-host.invalid');
  });

  it('the port, closed, silent or broken off', async () => {
    const { error, slept } = await failure({ Server: '127.0.0.1,9' });
    expect([error.code, error.message, slept]).toEqual([
      'DatabaseUnreachable',
      'The database server 127.0.0.1:9 does not answer.',
      [],
    ]);
    for (const mute of ['silent', 'reset'] as const)
      expect((await refusedBy({ mute })).error).toMatchObject({ code: 'DatabaseUnreachable' });
  });

  it('TLS that the server lacks, and a certificate that is not trusted', async () => {
    const without = await refusedBy({}, { Encrypt: true });
    expect(without.error).toMatchObject({ code: 'DatabaseTls', exitCode: 3 });
    const untrusted = await refusedBy({ tls: true }, { Encrypt: true });
    expect(untrusted.error).toMatchObject({ code: 'DatabaseTls', message: expect.stringContaining('self-signed') });
    const trusted = await refusedBy(
      { tls: true, refusals: [[loginFailed]] },
      { Encrypt: true, TrustServerCertificate: true },
    );
    expect(trusted.error.code).toBe('DatabaseLogin');
  });

  it('the login, with what the server says of it where that is more than no', async () => {
    const plain = await refusedBy({ refusals: [[loginFailed]] });
    expect([plain.error.code, plain.error.message, plain.logins.length]).toEqual([
      'DatabaseLogin',
      'The database server 127.0.0.1 refused the login "halo".',
      1,
    ]);
    const expired = { number: 18487, message: "Login failed for user 'halo'.  Reason: The password has expired." };
    const { error } = await refusedBy({ refusals: [[expired]] });
    expect([error.code, error.message]).toEqual(['DatabaseLogin', expect.stringContaining('has expired')]);
  });

  it('the database, though the login is refused for it, too', async () => {
    const missing = { number: 4060, message: 'Cannot open database "Halo" requested by the login. The login failed.' };
    const { error, logins } = await refusedBy({ refusals: [[missing, loginFailed]] });
    // It may be starting, so it is asked for three times.
    expect([error.code, error.exitCode, logins.length]).toEqual(['DatabaseMissing', 3, 3]);
    const late = await refusedBy({ refusals: [[missing, loginFailed], [loginFailed]] });
    expect([late.error.code, late.logins.length]).toEqual(['DatabaseLogin', 2]);
    // In another language only the numbers are the same.
    const german = { number: 4060, message: 'Die Datenbank kann nicht geöffnet werden.' };
    expect((await refusedBy({ refusals: [[german, loginFailed]] })).error.code).toBe('DatabaseMissing');
  });

  it('the permission, and a firewall', async () => {
    const denied = { number: 916, message: 'The server principal "halo" is not able to access the database "Halo".' };
    expect((await refusedBy({ refusals: [[denied, loginFailed]] })).error).toMatchObject({
      code: 'DatabasePermission',
      message: expect.stringContaining('not able to access'),
    });
    const blocked = {
      number: 40615,
      message: "Client with IP address '192.0.2.1' is not allowed to access the server.",
    };
    expect((await refusedBy({ refusals: [[blocked]] })).error).toMatchObject({
      code: 'DatabaseUnreachable',
      message: expect.stringContaining('192.0.2.1'),
    });
  });
});

describe('a server that is busy or moving', () => {
  it('may have no database for a while that was open before, and a wrong name was none', () => {
    const names = { host: 'sql01', port: 1433, database: 'Halo', username: 'halo' };
    const said = [{ number: 4060, message: 'Cannot open database "Halo" requested by the login.' }];
    const error = new Error('Login failed.');
    expect(connectFailure(error, names, said)).toMatchObject({ code: 'DatabaseMissing', retryable: false });
    expect(connectFailure(error, names, said, true)).toMatchObject({
      code: 'DatabaseUnreachable',
      retryable: true,
      message: expect.stringContaining('Cannot open database'),
    });
  });

  it('is asked again', async () => {
    const busy = { number: 40613, message: 'Database is not currently available. Please retry the connection later.' };
    const { error, logins, slept } = await refusedBy({ refusals: [[busy], [busy], [loginFailed]] });
    expect([error.code, logins.length, slept.length]).toEqual(['DatabaseLogin', 3, 2]);
  });

  it('is given up after waits that grow at random, with what it says', async () => {
    const upgrading = { number: 18401, message: 'Login failed: server is in script upgrade mode.' };
    const { error, logins, slept } = await refusedBy({ refusals: [[upgrading, loginFailed]] });
    expect(error).toMatchObject({ code: 'DatabaseUnreachable', retryable: true });
    expect(error.message).toContain('script upgrade mode');
    expect([logins.length, slept.length]).toEqual([8, 7]);
    slept.forEach((wait, at) => expect(wait).toBeLessThanOrEqual(Math.min(15_000, 500 * 2 ** at)));
    expect(new Set(slept).size).toBeGreaterThan(1);
  });
});

describe('Database.Server', () => {
  it.each([
    ['sql01', { host: 'sql01', port: 1433 }],
    [' sql01 , 14330 ', { host: 'sql01', port: 14330 }],
    ['tcp:sql01,1433', { host: 'sql01', port: 1433 }],
    ['sql01\\HALO', { host: 'sql01', instance: 'HALO' }],
    ['sql01\\HALO,1500', { host: 'sql01', port: 1500 }],
    ['sql01\\MSSQLSERVER', { host: 'sql01', port: 1433 }],
    ['.\\HALO', { host: 'localhost', instance: 'HALO' }],
    ['(local)', { host: 'localhost', port: 1433 }],
    ['::1,1433', { host: '::1', port: 1433 }],
  ])('%s is understood', (server, address) => expect(parseServer(server)).toEqual(address));

  it('may name an instance, whose port SQL Server Browser tells', async () => {
    await using server = await startTdsSandbox({ refusals: [[loginFailed]] });
    const browser = await startBrowser({ OTHER: 9, HALO: server.port });
    const [known, unknown] = [
      await failure({ Server: '127.0.0.1\\halo' }),
      await failure({ Server: '127.0.0.1\\missing' }),
    ];
    await browser[Symbol.asyncDispose]();
    expect(known.error.code).toBe('DatabaseLogin');
    const { error } = unknown;
    expect([error.code, error.message]).toEqual([
      'DatabaseUnreachable',
      'The database server 127.0.0.1\\missing does not answer.',
    ]);
    expect(error.advice).toContain('UDP 1434');
  });
});

describe('an availability group', () => {
  it('is asked at all addresses at once, by port or by instance', async () => {
    for (const Server of ['ag-listener', 'sql01\\HALO', 'sql01,14330']) {
      const [config] = await connectionConfigs({ Server, Name: 'Halo', Username: 'halo' }, 'secret', 'read', 1);
      expect(config?.options).toMatchObject({ multiSubnetFailover: true });
    }
    // A name with two addresses of which one answers.
    await using server = await startTdsSandbox({ refusals: [[loginFailed]] });
    expect((await failure({ Server: `localhost,${server.port}` })).error.code).toBe('DatabaseLogin');
  });
});

describe('Database.Authentication', () => {
  it('ntlm signs in with domain and user', async () => {
    const { error, logins } = await refusedBy(
      { refusals: [[{ number: 18452, message: 'Login failed. The login is from an untrusted domain.' }]] },
      { Authentication: 'ntlm', Username: 'CORP\\halo' },
    );
    expect([error.code, error.message]).toEqual(['DatabaseLogin', expect.stringContaining('untrusted domain')]);
    expect(logins[0]?.includes('NTLMSSP') && logins[0].includes('CORP')).toBe(true);
    expect((await failure({ Authentication: 'ntlm', Username: 'halo' })).error.code).toBe('NtlmUser');
  });

  it('entra-token hands the token on', async () => {
    const { error, logins } = await refusedBy(
      { tls: true, refusals: [[loginFailed]] },
      { Authentication: 'entra-token', Encrypt: true, TrustServerCertificate: true },
      'header.claims.signature',
    );
    expect(error.code).toBe('DatabaseLogin');
    expect(logins[0]?.includes(Buffer.from('header.claims.signature', 'utf16le'))).toBe(true);
  });

  it('entra-password asks Entra ID itself for the token', async () => {
    const settings = { Server: 'sql01', Name: 'Halo', Username: 'u@example.com', ClientId: 'app', TenantId: 'tenant' };
    const [config] = await connectionConfigs({ ...settings, Authentication: 'entra-password' }, 'secret', 'read', 1);
    expect(config?.authentication).toMatchObject({
      type: 'token-credential',
      options: { credential: { getToken: expect.any(Function) } },
    });
  });

  it('windows needs a package that is not installed here, and says so', async () => {
    const { error } = await failure({ Authentication: 'windows' });
    expect(error).toMatchObject({ code: 'WindowsSignInUnavailable', exitCode: 2 });
  });

  it('windows goes by Microsoft’s ODBC driver, the newest that is there', async () => {
    const settings = { Server: 'sql01\\HALO', Name: 'Halo};x', Encrypt: true } as const;
    expect(odbcString(settings, 'ODBC Driver 18 for SQL Server', 'HaloDBIntegrator read')).toBe(
      'Driver={ODBC Driver 18 for SQL Server};Server={sql01\\HALO};Database={Halo}};x};Trusted_Connection={Yes};Encrypt={Yes};TrustServerCertificate={No};MultiSubnetFailover={Yes};APP={HaloDBIntegrator read}',
    );
    const configs = await connectionConfigs({ ...settings, Authentication: 'windows' }, undefined, 'read', 4);
    expect(
      (configs as { connectionString?: string }[]).map(
        ({ connectionString = '' }) => /Driver \d+/.exec(connectionString)?.[0],
      ),
    ).toEqual(['Driver 18', 'Driver 17']);
  });
});
