import { createHash } from 'node:crypto';
import type { ActualTable, Row } from '../database.ts';
import type { FingerprintRequest } from '../fingerprint.ts';
import { columnOf } from './column-of.ts';
import { rowHashes } from './sql-text/fingerprint.ts';
import type { Statement } from './sql-text/select.ts';

/** A text that is the same as long as the rows and their links are. */
export async function fingerprint(
  request: FingerprintRequest,
  tableOf: (name: string) => Promise<ActualTable>,
  run: (statement: Statement) => Promise<Row[]>,
): Promise<string> {
  const tables = new Map<string, ActualTable>();
  for (const name of [request.table, ...(request.link ? [request.link.table] : [])])
    tables.set(name, await tableOf(name));
  const rows = await run(rowHashes(request, (table, name) => columnOf(tables.get(table) as ActualTable, name)));
  const whole = createHash('sha256');
  for (const { k, h } of rows) whole.update(`${String(k)} `).update(h as Uint8Array);
  return whole.digest('base64');
}
