import type { ActualColumn } from '../../database.ts';

/** An identifier in brackets. */
export function bracket(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}

const old: Readonly<Record<string, string>> = {
  ntext: 'nvarchar(max)',
  text: 'nvarchar(max)',
  image: 'varbinary(max)',
};

/** The type a staged value of the column has; the old large types cannot be compared, so they become max types. */
export function stagedType(column: ActualColumn): string {
  const sized = ['nvarchar', 'varchar', 'nchar', 'char', 'varbinary', 'binary'].includes(column.type);
  if (column.type === 'decimal' || column.type === 'numeric') return 'decimal(38, 10)';
  return old[column.type] ?? (sized ? `${column.type}(${column.length ?? 'max'})` : column.type);
}

/** A column of a table as something EXCEPT can compare. */
export function comparable(alias: string, column: ActualColumn): string {
  const name = `${alias}.${bracket(column.name)}`;
  return old[column.type] ? `CAST(${name} AS ${stagedType(column)})` : name;
}
