import type { ActualColumn, ActualTable, Row } from '../database.ts';
import { schemaTable } from '../schema/index.ts';

/**
 * Tables from the rows of the describing statement, by the names they were asked for. Names keep the spelling of the schema
 * facts, since SQL Server's collation makes no difference between cases and a Map does.
 */
export function tablesOf(asked: readonly string[], rows: readonly Row[]): ReadonlyMap<string, ActualTable> {
  const byTable = new Map<string, Row[]>();
  for (const row of rows) {
    const name = String(row['table']).toLowerCase();
    byTable.set(name, [...(byTable.get(name) ?? []), row]);
  }
  return new Map(
    asked.flatMap((name) => {
      const columns = byTable.get(name.toLowerCase());
      return columns ? [[name, tableOf(name, columns)] as const] : [];
    }),
  );
}

function tableOf(name: string, rows: readonly Row[]): ActualTable {
  const facts = schemaTable(name);
  const spelling = new Map([...(facts?.columns.keys() ?? [])].map((column) => [column.toLowerCase(), column]));
  const columns = new Map<string, ActualColumn>();
  const keys: [number, string][] = [];
  for (const row of rows) {
    const column = columnOf(row, spelling);
    columns.set(column.name, column);
    if (row['keyPlace'] !== null) keys.push([Number(row['keyPlace']), column.name]);
  }
  return {
    name: facts?.name ?? String(rows[0]?.['table']),
    primaryKey: keys.sort(([a], [b]) => a - b).map(([, key]) => key),
    columns,
    indexes: Number(rows[0]?.['tableIndexes'] ?? 0),
  };
}

function columnOf(row: Row, spelling: ReadonlyMap<string, string>): ActualColumn {
  const [real, type, bytes] = [String(row['name']), String(row['type']), Number(row['length'])];
  const wide = type === 'nvarchar' || type === 'nchar';
  const sized = wide || ['varchar', 'char', 'varbinary', 'binary'].includes(type);
  return {
    name: spelling.get(real.toLowerCase()) ?? real,
    type,
    ...(sized && bytes > 0 && { length: wide ? bytes / 2 : bytes }),
    ...(['decimal', 'numeric', 'datetime2'].includes(type) && {
      digits: { all: Number(row['precision']), behindPoint: Number(row['scale']) },
    }),
    nullable: Boolean(row['nullable']),
    identity: Boolean(row['identity']),
    computed: Boolean(row['computed']),
    hasDefault: Boolean(row['hasDefault']),
    ...(typeof row['collation'] === 'string' && { collation: row['collation'] }),
    leadsIndex: Boolean(row['leadsIndex']),
    indexes: Number(row['indexes'] ?? 0),
  };
}
