import { describe, expect, it } from '@jest/globals';
import sql from 'mssql';
import {
  causeOf,
  describeCause,
  tablesIn,
  type TableHolder,
} from '../../../node/src/database/sql-server/busy-cause.ts';
import { repeating, type RepeatingParts } from '../../../node/src/database/sql-server/repeating.ts';
import { tableHolder } from '../../../node/src/database/sql-server/sql-text/facts.ts';
import { DatabaseBusyError, DatabaseUnreachableError } from '../../../node/src/errors/database-errors.ts';

function driverError(number: number, message = 'Some words.', more: object = {}): Error {
  return Object.assign(new sql.RequestError(message, 'EREQUEST'), { number, ...more });
}

const holder: TableHolder = {
  table: 'Licence',
  host: 'WEB01',
  program: 'Halo',
  login: 'halo_web',
  process: '4711',
  seconds: 185,
};
const locked = driverError(1222, 'Lock request time out period exceeded.', { tables: ['Licence', 'ExternalLink'] });

/** Does failing work with a clock whose waits take no time but are counted. */
async function told(failures: readonly Error[], held: RepeatingParts['holderOf'] = async () => undefined) {
  let time = 0;
  const lines: string[] = [];
  const left = [...failures];
  const parts: RepeatingParts = {
    clock: {
      now: () => new Date(time),
      sleep: async (milliseconds) => void (time += milliseconds),
    },
    signal: undefined,
    purpose: 'Pax8 Subscriptions',
    notices: { info: (line) => lines.push(`info ${line}`), warn: (line) => lines.push(`warn ${line}`) },
    failureOf: (error, what) => new DatabaseBusyError(what, error),
    passing: (error) => error,
    holderOf: held,
  };
  const outcome = await repeating(parts, 'a transaction', async () => {
    // What waits for a lock fails five seconds later.
    time += 5000;
    const failure = left.shift();
    if (failure) throw failure;
    return 'done';
  }).catch((error: unknown) => error);
  return { lines, outcome };
}

describe('the cause of a busy database', () => {
  it.each([
    [driverError(1205), 'deadlock'],
    [driverError(33557097, 'deadlock detected'), 'deadlock'],
    [driverError(1222), 'keeps rows locked'],
    [driverError(33557097, 'canceling statement due to lock timeout'), 'keeps rows locked'],
    [driverError(596), 'session was ended'],
    [driverError(33557097, 'terminating connection due to administrator command'), 'session was ended'],
    [driverError(3960), 'changed the same rows'],
    [driverError(8645), 'no memory'],
    [driverError(983), 'failing over'],
    [new sql.RequestError('Timeout: Request failed to complete in 120000ms', 'ETIMEOUT'), 'no answer came in time'],
    [new sql.TransactionError('Connection lost', 'ESOCKET'), 'the connection was lost'],
    [new DatabaseUnreachableError('sql01', 1433), 'The database server sql01:1433 does not answer'],
    [driverError(40501, 'The service is currently busy.'), 'The service is currently busy'],
  ])('is told of %s', (error, words) => {
    const { text } = causeOf(error);
    expect(text).toContain(words);
    expect(text).not.toMatch(/\.$/);
  });

  it('names the tables a lock was waited for on, and who has it and since when, as far as the server tells', () => {
    const cause = causeOf(Object.assign(new Error('wrapped'), { originalError: locked }));
    expect(describeCause(cause, undefined)).toBe('somebody else keeps rows locked (of Licence or ExternalLink)');
    expect(describeCause(cause, holder)).toBe(
      'Licence is locked by Halo (login halo_web, on WEB01, process 4711), for 3 min',
    );
    expect(describeCause(cause, { ...holder, seconds: undefined })).not.toContain('for');
  });

  it('finds the tables of a statement of ours', () => {
    expect(
      tablesIn(
        'UPDATE t SET [a] = 1 FROM #halo_stage_1 s INNER LOOP JOIN [Licence] t WITH (ROWLOCK) ON t.[LID] = s.[k]',
      ),
    ).toEqual(['Licence']);
    expect(tablesIn('INSERT INTO [od]]d] ([x]) SELECT [x] FROM [AREA] AS [AREA]')).toEqual(['od]d', 'AREA']);
    expect(tableHolder(['Licence', 'AREA']).sql).toContain('IN (@p0, @p1)');
  });
});

describe('repeated work', () => {
  it('says each repetition in the log, and shows a wait that is long', async () => {
    const { lines, outcome } = await told([driverError(1205), locked, locked, locked, locked], async () => holder);
    expect(outcome).toBe('done');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^(info|warn) Pax8 Subscriptions .*deadlock.* Try 2 of 8 follows in \d\.\d s\.$/);
    const shown = lines.filter((line) => line.startsWith('warn'));
    expect(shown[0]).toMatch(/^warn Pax8 Subscriptions has waited \d+ s for the database: /);
    expect(lines[1]).toContain('Licence is locked by Halo (login halo_web, on WEB01, process 4711), for 3 min.');
    // Shown at once where five seconds have gone, and then now and then.
    expect(shown.length).toBeGreaterThanOrEqual(1);
    expect(shown.length).toBeLessThan(5);
  });

  it('names the last cause when it gives up, with its tries and its time, as a sentence', async () => {
    const { lines, outcome } = await told(Array.from({ length: 8 }, () => locked));
    expect(lines).toHaveLength(7);
    expect(outcome).toMatchObject({
      code: 'DatabaseBusy',
      message: expect.stringMatching(
        /^The database was too busy: a transaction did not come through in 8 tries and \d+ s: somebody else keeps rows locked \(of Licence or ExternalLink\)\.$/,
      ),
    });
  });

  it('asks for no holder where no lock was waited for, and does not fail where the login may not ask', async () => {
    let asked = 0;
    const ask = () => {
      asked++;
      return Promise.reject(new Error('VIEW SERVER STATE permission was denied'));
    };
    expect((await told([driverError(1205)], ask)).outcome).toBe('done');
    expect(asked).toBe(0);
    expect((await told([locked], ask)).outcome).toBe('done');
    expect(asked).toBe(1);
  });
});
