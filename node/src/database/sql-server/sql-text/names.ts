import type { ActualColumn } from '../../database.ts';

/** An identifier in brackets. */
export function bracket(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}

/** Whether JSON writes a text as it is. Servers that only speak SQL Server's protocol may leave escapes unread. */
export function plainInJson(text: string): boolean {
  return JSON.stringify(text).length === text.length + 2;
}

/**
 * Joins a live table whose rows are to be changed. Where an index begins with the column they are found by, each is sought there: a plan
 * that reads the table through would lock rows that are not ours.
 */
export function joinLive(table: string, alias: string, leadsIndex: boolean): string {
  return `${leadsIndex ? 'INNER LOOP JOIN' : 'JOIN'} ${bracket(table)} ${alias} WITH (ROWLOCK)`;
}

const maxTypes: Readonly<Record<string, string>> = {
  ntext: 'nvarchar(max)',
  text: 'nvarchar(max)',
  xml: 'nvarchar(max)',
  // Written as text, which the server converts.
  time: 'nvarchar(32)',
  datetimeoffset: 'nvarchar(40)',
  sql_variant: 'nvarchar(4000)',
  image: 'varbinary(max)',
};

/**
 * Money is staged as a decimal: in a bulk load of money the driver cuts digits off. A wide one, which servers that only speak the
 * protocol can load as well.
 */
const moneyDigits: Readonly<Record<string, { readonly all: number; readonly behindPoint: number }>> = {
  money: { all: 38, behindPoint: 4 },
  smallmoney: { all: 38, behindPoint: 4 },
};

/** The digits a column is staged with, where it holds a decimal; those of a database that does not tell are wide enough for any. */
export function digitsOf(column: ActualColumn): { readonly all: number; readonly behindPoint: number } {
  return moneyDigits[column.type] ?? column.digits ?? { all: 38, behindPoint: 10 };
}

/** The type a staged value of the column has; the old large types cannot be compared, so they become max types. */
export function stagedType(column: ActualColumn): string {
  const sized = /^(n?(var)?char|(var)?binary)$/.test(column.type);
  if (/^(decimal|numeric|(small)?money)$/.test(column.type)) {
    const { all, behindPoint } = digitsOf(column);
    return `decimal(${all}, ${behindPoint})`;
  }
  // What is finer than the column would differ from it at each comparison.
  if (column.type === 'datetime2') return `datetime2(${column.digits?.behindPoint ?? 7})`;
  return maxTypes[column.type] ?? (sized ? `${column.type}(${column.length ?? 'max'})` : column.type);
}

/** Whether a column's staged value is text, and so has a collation. */
export function isText(column: ActualColumn): boolean {
  return stagedType(column).includes('char');
}

/** What a text is given so that it can be compared with the column, whose collation need not be that of the database. */
export function collate(column: ActualColumn | undefined): string {
  const { collation = '' } = column ?? {};
  return ` COLLATE ${/^\w+$/.test(collation) ? collation : 'DATABASE_DEFAULT'}`;
}

/** A column of a table where it is compared with a staged value: case and accents count, old large types are cast. */
export function comparable(alias: string, name: string, column: ActualColumn): string {
  const plain = `${alias}.${bracket(name)}`;
  // Another collation may have another code page, in which letters of this one are all a question mark.
  const type = /^(var)?char$/.test(column.type) ? 'nvarchar(max)' : maxTypes[column.type];
  const cast = type === undefined ? plain : `CAST(${plain} AS ${type})`;
  return isText(column) ? `${cast} COLLATE Latin1_General_BIN2` : cast;
}
