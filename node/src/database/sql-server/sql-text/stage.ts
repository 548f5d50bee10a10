import type { ActualColumn } from '../../database.ts';
import { bracket, collate, isText, stagedType } from './names.ts';

/** A column of a session table: its name there, and the column whose values it holds. */
export interface StageColumn {
  readonly name: string;
  readonly column: ActualColumn;
}

/** A whole number that no table of Halo's stands behind. */
export function numberColumn(name: string): StageColumn {
  return {
    name,
    column: { name, type: 'int', nullable: true, identity: false, computed: false, hasDefault: false },
  };
}

/** Makes a session table: a heap whose texts have the collation of their columns, whatever tempdb's is. */
export function createStage(table: string, columns: readonly StageColumn[]): string {
  const definitions = columns.map(
    ({ name, column }) => `${bracket(name)} ${stagedType(column)}${isText(column) ? collate(column) : ''} NULL`,
  );
  return `CREATE TABLE ${table} (${definitions.join(', ')})`;
}

/** Fills a session table from a JSON array of objects in @p0, whose members are named `c0`, `c1` … */
export function fillFromJson(table: string, columns: readonly StageColumn[]): string {
  const names = columns.map(({ name }) => bracket(name)).join(', ');
  const read = columns.map(({ name, column }, at) => `${bracket(name)} ${stagedType(column)} '$.c${at}'`).join(', ');
  return `INSERT INTO ${table} (${names}) SELECT ${names} FROM OPENJSON(@p0) WITH (${read})`;
}

/** Drops session tables. */
export function dropStages(tables: readonly string[]): string {
  return tables.map((table) => `DROP TABLE ${table}`).join('; ');
}
