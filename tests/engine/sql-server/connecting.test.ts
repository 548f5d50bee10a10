import { describe, expect, it } from '@jest/globals';
import { connectFailure } from '../../../node/src/database/sql-server/connect-failure.ts';
import { parseServer } from '../../../node/src/database/sql-server/server-address.ts';
import { isTransient } from '../../../node/src/database/sql-server/transient-errors.ts';
import { select } from '../../../node/src/database/sql-server/sql-text/select.ts';

const names = { host: 'db', port: 1433, database: 'Halo', username: 'halo' };
const failure = (message: string, facts: object) =>
  connectFailure(Object.assign(new Error(message), facts), names).code;

describe('connecting to SQL Server', () => {
  it('reads the forms of a server name', () => {
    expect(parseServer('db')).toEqual({ host: 'db', port: 1433 });
    expect(parseServer('db\\HALO')).toEqual({ host: 'db', instance: 'HALO' });
    expect(parseServer('tcp:db,1444')).toEqual({ host: 'db', port: 1444 });
    expect(parseServer('.')).toEqual({ host: 'localhost', port: 1433 });
  });

  it('says what kept a connection away', () => {
    expect(failure('getaddrinfo ENOTFOUND db', { code: 'ESOCKET' })).toBe('DatabaseNotFound');
    expect(failure('connect ECONNREFUSED', { code: 'ESOCKET' })).toBe('DatabaseUnreachable');
    expect(failure('self-signed certificate', { code: 'ESOCKET' })).toBe('DatabaseTls');
    expect(failure("Login failed for user 'halo'.", { code: 'ELOGIN', number: 18456 })).toBe('DatabaseLogin');
    expect(failure('Cannot open database "Halo".', { code: 'ELOGIN', number: 4060 })).toBe('DatabaseMissing');
    expect(failure('SELECT denied', { number: 229 })).toBe('DatabasePermission');
  });

  it('knows what is worth another try by number, code and words', () => {
    const error = (facts: object, message = 'x') => Object.assign(new Error(message), facts);
    expect(isTransient(error({ number: 1205 }))).toBe(true);
    expect(isTransient(error({ code: 'ECONNCLOSED' }))).toBe(true);
    expect(isTransient(error({ number: 33557097 }, 'chosen as deadlock victim'))).toBe(true);
    expect(isTransient(error({ number: 2627 }))).toBe(false);
  });

  it('quotes names and binds values', () => {
    const where = { column: 'aareadesc', is: 'contains', value: "50%'[" } as const;
    expect(select({ from: 'A]B', as: 't', columns: ['Aarea'], where, limit: 5 })).toEqual({
      sql: "SELECT [t].[Aarea] AS [Aarea] FROM [A]]B] AS [t] WHERE ([t].[aareadesc] LIKE @p0 ESCAPE N'\\') ORDER BY (SELECT NULL) OFFSET 0 ROWS FETCH NEXT 5 ROWS ONLY",
      values: ["%50\\%'\\[%"],
    });
  });
});
