import { UnknownColumnError } from '../../errors/database-errors.ts';
import type { ActualColumn, ActualTable } from '../database.ts';

/** Finds a column by its name in any case. Throws UnknownColumnError. */
export function columnOf(table: ActualTable, name: string): ActualColumn {
  const found =
    table.columns.get(name) ?? [...table.columns.values()].find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!found) throw new UnknownColumnError(`${table.name}.${name}`);
  return found;
}
