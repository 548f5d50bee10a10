import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { DatabaseConstraintError } from '../../errors/database-errors.ts';
import type { ActualColumn, Value } from '../database.ts';

/** Turns a value into what SQLite stores; throws DatabaseConstraintError for what SQL Server would refuse. */
export type Encode = (value: Value | undefined) => SQLInputValue;
/** Turns what SQLite stored back into a value. */
export type Decode = (stored: SQLOutputValue | undefined) => Value;

function refuse(column: ActualColumn, why: string): never {
  throw new DatabaseConstraintError(`${column.name} ${why}`);
}

function encodeText(column: ActualColumn, checked: boolean): Encode {
  const longest = checked ? (column.length ?? Infinity) : Infinity;
  return (value) => {
    if (value === null || value === undefined) return null;
    const text = typeof value === 'string' ? value : value instanceof Date ? value.toISOString() : String(value);
    if (text.length > longest) refuse(column, `takes at most ${longest} characters, got ${text.length}`);
    return text;
  };
}

function encodeDate(column: ActualColumn): Encode {
  // The dates of a batch repeat, and writing one out costs more than finding it.
  const written = new Map<number, string>();
  return (value) => {
    if (value === null || value === undefined) return null;
    const date = value instanceof Date ? value : new Date(String(value));
    const time = date.getTime();
    if (Number.isNaN(time)) refuse(column, 'takes a date');
    let text = written.get(time);
    if (text === undefined) {
      text = date.toISOString();
      written.set(time, text);
    }
    return text;
  };
}

function encodeNumber(column: ActualColumn, smallest: number, largest: number, whole: boolean): Encode {
  return (value) => {
    if (value === null || value === undefined) return null;
    const number = typeof value === 'number' ? value : Number(value);
    if (!(number >= smallest && number <= largest)) refuse(column, `takes a ${column.type}, got ${String(value)}`);
    return whole ? Math.trunc(number) : number;
  };
}

function encodeBit(value: Value | undefined): SQLInputValue {
  if (value === null || value === undefined) return null;
  return value === true || (value !== false && Number(value) !== 0) ? 1 : 0;
}

function encodeBytes(column: ActualColumn): Encode {
  return (value) => {
    if (value === null || value === undefined) return null;
    if (!(value instanceof Uint8Array)) refuse(column, 'takes bytes');
    return value;
  };
}

function encoderOf(column: ActualColumn, checked: boolean): Encode {
  switch (column.type) {
    case 'bit':
      return encodeBit;
    case 'int':
      return encodeNumber(column, -(2 ** 31), 2 ** 31 - 1, true);
    case 'smallint':
      return encodeNumber(column, -(2 ** 15), 2 ** 15 - 1, true);
    case 'tinyint':
      return encodeNumber(column, 0, 255, true);
    case 'bigint':
      return (value) => (value === null || value === undefined ? null : BigInt(value as number | bigint | string));
    case 'float':
    case 'real':
    case 'money':
    case 'decimal':
    case 'numeric':
      return encodeNumber(column, -Number.MAX_VALUE, Number.MAX_VALUE, false);
    case 'datetime':
    case 'datetime2':
    case 'smalldatetime':
    case 'date':
      return encodeDate(column);
    case 'varbinary':
    case 'binary':
    case 'image':
      return encodeBytes(column);
    default:
      return encodeText(column, checked);
  }
}

/** The encoder for comparing with a column: nothing is too long to be compared with. */
export function comparingEncoder(column: ActualColumn): Encode {
  return encoderOf(column, false);
}

/** The encoder for writing a column: also refuses null where none may be and text that is too long. */
export function writingEncoder(column: ActualColumn): Encode {
  const encode = encoderOf(column, true);
  if (column.nullable || column.identity) return encode;
  return (value) => {
    if (value === null || value === undefined) refuse(column, 'takes no null');
    return encode(value);
  };
}

/** The decoder of a column. */
export function decoderOf(column: ActualColumn): Decode {
  switch (column.type) {
    case 'bit':
      return (stored) => (stored === null || stored === undefined ? null : stored !== 0);
    case 'datetime':
    case 'datetime2':
    case 'smalldatetime':
    case 'date':
      return (stored) => (typeof stored === 'string' ? new Date(stored) : null);
    default:
      return (stored) => stored ?? null;
  }
}
