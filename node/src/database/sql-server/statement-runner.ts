import sql from 'mssql';
import type { Row, Value } from '../database.ts';
import type { Statement } from './sql-text/select.ts';

/** What statements run on: a pool, or a transaction of its connection. */
export type Channel = sql.ConnectionPool | sql.Transaction;

function typeOf(value: Value): (() => sql.ISqlType) | sql.ISqlType {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? sql.Int : sql.Float;
  if (typeof value === 'bigint') return sql.BigInt;
  if (typeof value === 'boolean') return sql.Bit;
  if (value instanceof Date) return sql.DateTime;
  return value instanceof Uint8Array ? sql.VarBinary(sql.MAX) : sql.NVarChar(sql.MAX);
}

/** Runs one statement with its values as parameters and answers its rows. */
export async function run(channel: Channel, statement: Statement, signal?: AbortSignal): Promise<Row[]> {
  signal?.throwIfAborted();
  const request = channel instanceof sql.Transaction ? new sql.Request(channel) : new sql.Request(channel);
  statement.values.forEach((value, at) => {
    request.input(`p${at}`, typeOf(value), value instanceof Uint8Array ? Buffer.from(value) : value);
  });
  const cancel = (): void => request.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const result = await request.query<Row>(statement.sql);
    return [...(result.recordset ?? [])];
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
