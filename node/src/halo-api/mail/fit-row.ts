import type { ActualTable, Row } from '../../database/database.ts';
import { cut } from '../values/cut-text.ts';

/** A row whose texts fit their columns. */
export function fitRow(table: ActualTable, row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      typeof value === 'string' ? cut(value, table.columns.get(column)?.length) : value,
    ]),
  );
}
