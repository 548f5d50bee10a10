import type sql from 'mssql';
import type { Row, Value } from '../database.ts';
import { tablesIn } from './busy-cause.ts';
import type { Driver } from './driver.ts';
import type { Statement } from './sql-text/select.ts';

/** What statements run on: a pool, or a transaction of its connection. */
export type Channel = sql.ConnectionPool | sql.Transaction;

/** Longest text that need not be a max type, which no index can be searched by. */
const longestText = 4000;

/** A request on either kind of channel. */
export function requestOn(driver: Driver, channel: Channel): sql.Request {
  return channel instanceof driver.Transaction
    ? new driver.Request(channel)
    : new driver.Request(channel as sql.ConnectionPool);
}

function typeOf(driver: Driver, value: Value): (() => sql.ISqlType) | sql.ISqlType {
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? driver.Int : driver.Float;
  if (typeof value === 'bigint') return driver.BigInt;
  if (typeof value === 'boolean') return driver.Bit;
  if (value instanceof Date) return driver.DateTime;
  if (value instanceof Uint8Array) return driver.VarBinary(driver.MAX);
  return driver.NVarChar(typeof value === 'string' && value.length > longestText ? driver.MAX : longestText);
}

/** Runs one statement with its values as parameters and answers its rows. */
export async function run(
  driver: Driver,
  channel: Channel,
  statement: Statement,
  signal?: AbortSignal,
): Promise<Row[]> {
  const request = requestOn(driver, channel);
  statement.values.forEach((value, at) => {
    request.input(`p${at}`, typeOf(driver, value), value instanceof Uint8Array ? Buffer.from(value) : value);
  });
  const { recordsets } = await stopping(request, signal, async () => {
    try {
      return await request.query<Row>(statement.sql);
    } catch (error) {
      // Who waits for a lock wants to know on what.
      throw error instanceof Error ? Object.assign(error, { tables: tablesIn(statement.sql) }) : error;
    }
  });
  // A trigger may answer rows of its own before the statement's, which come last.
  const own = (recordsets as sql.IRecordSet<Row>[]).at(-1);
  return own ? rowsOf(driver, own) : [];
}

/** Ends a request where it is when the signal says so, and then throws the signal's reason. */
export async function stopping<T>(
  request: sql.Request,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const cancel = (): void => request.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

/** The driver gives a bigint as text, and a GUID in capitals. */
function rowsOf(driver: Driver, recordset: sql.IRecordSet<Row>): Row[] {
  const columns = Object.values(recordset.columns ?? {});
  const named = (wanted: unknown): string[] =>
    columns.flatMap(({ name, type }) => ((type as unknown) === wanted ? [name] : []));
  const [large, guids] = [named(driver.BigInt), named(driver.UniqueIdentifier)];
  const rows = [...recordset];
  if (large.length + guids.length === 0) return rows;
  for (const row of rows) {
    for (const name of large) if (typeof row[name] === 'string') row[name] = numberOf(row[name]);
    for (const name of guids) if (typeof row[name] === 'string') row[name] = row[name].toLowerCase();
  }
  return rows;
}

function numberOf(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}
