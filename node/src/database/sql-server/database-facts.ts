import type { ActualColumn, ActualTable, Row } from '../database.ts';

/** Tables from the rows of the describing statement. */
export function tablesOf(rows: readonly Row[]): ReadonlyMap<string, ActualTable> {
  const tables = new Map<string, { name: string; keys: [number, string][]; columns: Map<string, ActualColumn> }>();
  for (const row of rows) {
    const name = String(row['table']);
    const table = tables.get(name) ?? { name, keys: [], columns: new Map<string, ActualColumn>() };
    tables.set(name, table);
    const [column, type, bytes] = [String(row['name']), String(row['type']), Number(row['length'])];
    const wide = type === 'nvarchar' || type === 'nchar';
    const sized = wide || ['varchar', 'char', 'varbinary', 'binary'].includes(type);
    table.columns.set(column, {
      name: column,
      type,
      ...(sized && bytes > 0 && { length: wide ? bytes / 2 : bytes }),
      nullable: row['nullable'] === true,
      identity: row['identity'] === true,
      computed: row['computed'] === true,
      hasDefault: row['hasDefault'] === true,
    });
    if (row['keyPlace'] !== null) table.keys.push([Number(row['keyPlace']), column]);
  }
  return new Map(
    [...tables].map(([name, { keys, columns }]) => [
      name,
      { name, primaryKey: keys.sort(([a], [b]) => a - b).map(([, key]) => key), columns },
    ]),
  );
}
