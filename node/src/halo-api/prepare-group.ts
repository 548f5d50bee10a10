import type { Row, Transaction } from '../database/database.ts';
import type { StagedRow, UpsertRequest } from '../database/upsert.ts';
import type { HaloOutcome } from './halo-api.ts';
import type { Resource } from './resources/resource.ts';

type Request = Omit<UpsertRequest, 'stamps'>;

/** What is left of a group to write. */
export interface PreparedGroup {
  readonly request: Request;
  readonly rows: readonly StagedRow[];
  /** Place of each row among the records. */
  readonly places: readonly number[];
}

/**
 * Looks which rows of a group are new where that matters: rows that may only be updated are skipped when they are, and rows
 * with a second number of their own get it.
 */
export async function prepareGroup(
  transaction: Transaction,
  group: { readonly updateOnly: boolean; readonly rows: readonly StagedRow[]; readonly places: readonly number[] },
  request: Request,
  resource: Resource,
  outcomes: HaloOutcome[],
): Promise<PreparedGroup> {
  const { rows, places } = group;
  if (!group.updateOnly && !resource.numbered) return { request, rows, places };
  const preview = await transaction.upsert({ ...request, stamps: {}, whatIf: true });
  const isNew = preview.rows.map(({ outcome }) => outcome === 'created');
  if (group.updateOnly) {
    places.forEach((place, at) => {
      if (isNew[at]) outcomes[place] = { outcome: 'skipped' };
    });
    const known = rows.filter((_, at) => !isNew[at]);
    return { request: { ...request, rows: known }, rows: known, places: places.filter((_, at) => !isNew[at]) };
  }
  if (!resource.numbered) return { request, rows, places };
  const numbered = await numberNew(transaction, rows, isNew, resource.table, resource.numbered);
  return {
    request: {
      ...request,
      rows: numbered,
      columns: [...request.columns, resource.numbered.column],
      // The parent is part of the primary key: moving a row would break what refers to it.
      insertOnly: [...(request.insertOnly ?? []), resource.numbered.column, resource.numbered.within],
    },
    rows: numbered,
    places,
  };
}

/** Gives each new row the next number within its parent. Two writers who take the same one collide on the primary key, and the transaction is repeated. */
async function numberNew(
  transaction: Transaction,
  rows: readonly StagedRow[],
  isNew: readonly boolean[],
  table: string,
  { column, within }: NonNullable<Resource['numbered']>,
): Promise<StagedRow[]> {
  const next = new Map<unknown, number>();
  const numbered: StagedRow[] = [];
  for (const [at, row] of rows.entries()) {
    let number = 0;
    if (isNew[at]) {
      const parent = row.values[within] ?? null;
      number = next.get(parent) ?? (await lastNumber(transaction, table, column, within, parent)) + 1;
      next.set(parent, number + 1);
    }
    numbered.push({ ...row, values: { ...row.values, [column]: number } });
  }
  return numbered;
}

async function lastNumber(
  transaction: Transaction,
  table: string,
  column: string,
  within: string,
  parent: Row[string],
): Promise<number> {
  const [row] = await transaction.read({
    from: table,
    columns: [column],
    where: { column: within, is: 'equal', value: parent },
    orderBy: [{ column, descending: true }],
    limit: 1,
  });
  return Number(row?.[column] ?? 0);
}
