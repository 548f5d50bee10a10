import { UnknownColumnError } from '../../errors/database-errors.ts';
import type { ActualTable } from '../database.ts';
import type { Condition, Query } from '../query.ts';
import { columnOf } from './column-of.ts';
import type { FindColumn } from './sql-text/select.ts';

/** Whether a list of texts is compared with a column, which takes that column's collation. */
function hasTexts(where: Condition | undefined): boolean {
  if (!where) return false;
  if ('all' in where) return where.all.some(hasTexts);
  if ('any' in where) return where.any.some(hasTexts);
  if ('not' in where) return hasTexts(where.not);
  return where.is === 'in' && where.values.some((value) => typeof value === 'string');
}

/** Finds the columns a query's conditions name, where that matters: tables are described for lists of texts alone. */
export async function comparedColumns(
  query: Pick<Query, 'from' | 'as' | 'joins' | 'where'>,
  tableOf: (name: string) => Promise<ActualTable>,
): Promise<FindColumn | undefined> {
  const { from, as = from, joins = [], where } = query;
  if (!hasTexts(where) && !joins.some((join) => hasTexts(join.where))) return undefined;
  const tables = new Map<string, ActualTable>();
  for (const [alias, name] of [[as, from], ...joins.map((join) => [join.as, join.table])] as [string, string][]) {
    const table = await tableOf(name).catch(unlessUnknown);
    if (table) tables.set(alias.toLowerCase(), table);
  }
  return (name) => {
    const [alias = '', column = ''] = name.includes('.') ? name.split('.') : [as, name];
    const table = tables.get(alias.toLowerCase());
    try {
      return table && columnOf(table, column);
    } catch (error) {
      return unlessUnknown(error);
    }
  };
}

/** A table or column that is not there is told by the server, with the statement that names it. */
function unlessUnknown(error: unknown): undefined {
  if (!(error instanceof UnknownColumnError)) throw error;
}
