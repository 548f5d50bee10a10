import type { ISqlType, ISqlTypeFactoryWithNoParams } from 'mssql';
import { DatabaseConstraintError } from '../../errors/database-errors.ts';
import type { ActualColumn, Value } from '../database.ts';
import type { Driver } from './driver.ts';

const wholeNumbers: Readonly<Record<string, readonly [number, number]>> = {
  int: [-(2 ** 31), 2 ** 31 - 1],
  smallint: [-(2 ** 15), 2 ** 15 - 1],
  tinyint: [0, 255],
};
/** SQL Server's datetime begins here. */
const firstDateTime = Date.UTC(1753, 0, 1);

function refuse(column: ActualColumn, why: string): never {
  throw new DatabaseConstraintError(`${column.name} ${why}`);
}

/** The value as the column takes it; throws DatabaseConstraintError for what the server would refuse, before it does. */
export function columnValue(column: ActualColumn, value: Value | undefined): Value {
  if (value === null || value === undefined) {
    if (!column.nullable && !column.identity) refuse(column, 'takes no null');
    return null;
  }
  const range = wholeNumbers[column.type];
  if (range) {
    const number = Number(value);
    if (!(number >= range[0] && number <= range[1])) refuse(column, `takes a ${column.type}, got ${String(value)}`);
    return Math.trunc(number);
  }
  switch (column.type) {
    case 'bit':
      return value === true || (value !== false && Number(value) !== 0);
    case 'bigint':
      return BigInt(value as number | bigint | string);
    case 'float':
    case 'real':
    case 'money':
    case 'smallmoney':
    case 'decimal':
    case 'numeric':
      if (!Number.isFinite(Number(value))) refuse(column, `takes a ${column.type}, got ${String(value)}`);
      return Number(value);
    case 'datetime':
    case 'datetime2':
    case 'smalldatetime':
    case 'date': {
      const date = value instanceof Date ? value : new Date(String(value));
      if (Number.isNaN(date.getTime())) refuse(column, 'takes a date');
      if (column.type !== 'datetime2' && column.type !== 'date' && date.getTime() < firstDateTime)
        refuse(column, 'takes no date before 1753');
      return date;
    }
    case 'varbinary':
    case 'binary':
    case 'image':
      return value instanceof Uint8Array ? value : refuse(column, 'takes bytes');
    default: {
      const text = typeof value === 'string' ? value : value instanceof Date ? value.toISOString() : String(value);
      if (column.length !== undefined && text.length > column.length)
        refuse(column, `takes at most ${column.length} characters, got ${text.length}`);
      return text;
    }
  }
}

/** The value inside a JSON parameter; SQL Server's own conversions do the rest. */
export function jsonValue(value: Value): string | number | null {
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
      return driver.Money;
    case 'smallmoney':
      return driver.SmallMoney;
    case 'decimal':
    case 'numeric':
      return driver.Decimal(38, 10);
    case 'datetime':
      return driver.DateTime;
    case 'smalldatetime':
      return driver.SmallDateTime;
    case 'datetime2':
      return driver.DateTime2(7);
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
