import type { ActualColumn } from '../../database.ts';

/** An identifier in brackets. */
export function bracket(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}

const maxTypes: Readonly<Record<string, string>> = {
  ntext: 'nvarchar(max)',
  text: 'nvarchar(max)',
  xml: 'nvarchar(max)',
  image: 'varbinary(max)',
};

/** Whether a column holds text, and so has a collation. */
export function isText(column: ActualColumn): boolean {
  return /char|text|xml/.test(column.type);
}

/** The type a staged value of the column has; the old large types cannot be compared, so they become max types. */
export function stagedType(column: ActualColumn): string {
  const sized = /^(n?(var)?char|(var)?binary)$/.test(column.type);
  if (column.type === 'decimal' || column.type === 'numeric') return 'decimal(38, 10)';
  return maxTypes[column.type] ?? (sized ? `${column.type}(${column.length ?? 'max'})` : column.type);
}

/** A column of a table where it is compared with a staged value: case and accents count, old large types are cast. */
export function comparable(alias: string, name: string, column: ActualColumn): string {
  const plain = `${alias}.${bracket(name)}`;
  const cast = maxTypes[column.type] ? `CAST(${plain} AS ${stagedType(column)})` : plain;
  return isText(column) ? `${cast} COLLATE Latin1_General_BIN2` : cast;
}
