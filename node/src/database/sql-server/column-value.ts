import type { ISqlType, ISqlTypeFactoryWithNoParams } from 'mssql';
import { DatabaseConstraintError } from '../../errors/database-errors.ts';
import type { ActualColumn, Value } from '../database.ts';
import type { Driver } from './driver.ts';
import { digitsOf } from './sql-text/names.ts';

const bigint = [-(2n ** 63n), 2n ** 63n - 1n] as const;
/** Least and greatest value of number types. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  int: [-(2 ** 31), 2 ** 31 - 1],
  smallint: [-(2 ** 15), 2 ** 15 - 1],
  tinyint: [0, 255],
  money: [-922_337_203_685_477, 922_337_203_685_477],
  smallmoney: [-214_748.3648, 214_748.3647],
  real: [-3.4e38, 3.4e38],
};
const whole = new Set(['int', 'smallint', 'tinyint']);
/** First and last day of date types. */
const days: Readonly<Record<string, readonly [number, number]>> = {
  datetime: [Date.UTC(1753, 0, 1), Date.UTC(9999, 11, 31, 23, 59, 59, 997)],
  smalldatetime: [Date.UTC(1900, 0, 1), Date.UTC(2079, 5, 6, 23, 59, 29)],
  datetime2: [Date.parse('0001-01-01T00:00:00Z'), Date.UTC(9999, 11, 31, 23, 59, 59, 999)],
  date: [Date.parse('0001-01-01T00:00:00Z'), Date.UTC(9999, 11, 31)],
};
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function refuse(column: ActualColumn, why: string): never {
  throw new DatabaseConstraintError(`${column.name} ${why}`);
}

/** The value as the column takes it; throws DatabaseConstraintError for what the server would refuse, before it does. */
export function columnValue(column: ActualColumn, value: Value | undefined): Value {
  if (value === null || value === undefined) {
    if (!column.nullable && !column.identity) refuse(column, 'takes no null');
    return null;
  }
  switch (column.type) {
    case 'bit':
      return value === true || (value !== false && Number(value) !== 0);
    case 'bigint':
      return wholeNumber(column, value);
    case 'int':
    case 'smallint':
    case 'tinyint':
    case 'float':
    case 'real':
    case 'money':
    case 'smallmoney':
    case 'decimal':
    case 'numeric':
      return numberIn(column, value);
    case 'datetime':
    case 'datetime2':
    case 'smalldatetime':
    case 'date':
      return dateIn(column, value);
    case 'varbinary':
    case 'binary':
    case 'image':
      if (!(value instanceof Uint8Array)) refuse(column, 'takes bytes');
      if (column.length !== undefined && value.length > column.length)
        refuse(column, `takes at most ${column.length} bytes, got ${value.length}`);
      return value;
    case 'uniqueidentifier':
      return guid.test(String(value)) ? String(value) : refuse(column, `takes a GUID, got ${shown(value)}`);
    default:
      return textIn(column, value);
  }
}

function shown(value: Value): string {
  return String(value).slice(0, 60);
}

function wholeNumber(column: ActualColumn, value: NonNullable<Value>): bigint {
  let number: bigint | undefined;
  try {
    number = BigInt(value as number | bigint | string);
  } catch {
    // Neither a whole number nor the text of one.
  }
  if (number === undefined || number < bigint[0] || number > bigint[1])
    refuse(column, `takes a bigint, got ${shown(value)}`);
  return number;
}

function numberIn(column: ActualColumn, value: NonNullable<Value>): number {
  const number = Number(value);
  const decimal = column.type === 'decimal' || column.type === 'numeric';
  const limit = decimal ? 10 ** (digitsOf(column).all - digitsOf(column).behindPoint) : Infinity;
  const [least, greatest] = ranges[column.type] ?? [-limit, limit];
  if (!Number.isFinite(number) || number < least || number > greatest || Math.abs(number) >= limit)
    refuse(column, `takes a ${column.type}, got ${shown(value)}`);
  return whole.has(column.type) ? Math.trunc(number) : number;
}

function dateIn(column: ActualColumn, value: NonNullable<Value>): Date {
  const date = value instanceof Date ? value : new Date(String(value));
  const [first, last] = days[column.type] ?? [-Infinity, Infinity];
  if (!(date.getTime() >= first && date.getTime() <= last))
    refuse(column, `takes a ${column.type}, got ${Number.isNaN(date.getTime()) ? shown(value) : date.toISOString()}`);
  return stored(column, date);
}

/** The time as the column keeps it: the driver and the server would round one that falls between two each in its way. */
function stored(column: ActualColumn, date: Date): Date {
  const time = date.getTime();
  // From 29.999 seconds on it is the next minute.
  if (column.type === 'smalldatetime') return new Date(Math.floor((time + 30_001) / 60_000) * 60_000);
  const digits = column.type === 'datetime2' ? (column.digits?.behindPoint ?? 7) : 7;
  const step = 10 ** Math.max(0, 3 - digits);
  return step === 1 ? date : new Date(Math.round(time / step) * step);
}

function textIn(column: ActualColumn, value: NonNullable<Value>): string {
  const text = typeof value === 'string' ? value : value instanceof Date ? value.toISOString() : String(value);
  if (column.length !== undefined && text.length > column.length)
    refuse(column, `takes at most ${column.length} characters, got ${text.length}`);
  return text;
}

/**
 * The value inside a JSON parameter; SQL Server's own conversions do the rest. Of numbers that become decimals the digits are written
 * out: it reads no exponent there, which JSON gives small ones.
 */
export function jsonValue(value: Value, column?: ActualColumn): string | number | null {
  if (typeof value === 'number' && column && /^(decimal|numeric|(small)?money)$/.test(column.type))
    return Math.abs(value) < 1e21 ? value.toFixed(digitsOf(column).behindPoint) : BigInt(value).toString();
  if (value instanceof Date) return value.toISOString().slice(0, -1);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'boolean' ? Number(value) : value;
}

/** The driver's type of a staged column. */
export function bulkType(driver: Driver, column: ActualColumn): ISqlType | ISqlTypeFactoryWithNoParams {
  const { length } = column;
  switch (column.type) {
    case 'int':
      return driver.Int;
    case 'smallint':
      return driver.SmallInt;
    case 'tinyint':
      return driver.TinyInt;
    case 'bigint':
      return driver.BigInt;
    case 'bit':
      return driver.Bit;
    case 'float':
      return driver.Float;
    case 'real':
      return driver.Real;
    case 'money':
    case 'smallmoney':
    case 'decimal':
    case 'numeric':
      return driver.Decimal(digitsOf(column).all, digitsOf(column).behindPoint);
    case 'datetime':
      return driver.DateTime;
    case 'smalldatetime':
      return driver.SmallDateTime;
    case 'datetime2':
      return driver.DateTime2(column.digits?.behindPoint ?? 7);
    case 'date':
      return driver.Date;
    case 'uniqueidentifier':
      return driver.UniqueIdentifier;
    case 'varbinary':
    case 'binary':
    case 'image':
      return driver.VarBinary(length ?? driver.MAX);
    case 'varchar':
    case 'char':
      return driver.VarChar(length ?? driver.MAX);
    default:
      return driver.NVarChar(length ?? driver.MAX);
  }
}
