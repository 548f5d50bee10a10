import { createHash } from 'node:crypto';
import type { ActualTable, Row } from '../database.ts';
import type { FingerprintRequest } from '../fingerprint.ts';
import { columnOf } from './column-of.ts';
import { besideHashes, rowHashes } from './sql-text/fingerprint.ts';
import { linkSource, type LinkSource } from './link-index.ts';
import type { Statement } from './sql-text/select.ts';

/** A text that is the same as long as the rows and their links are. */
export async function fingerprint(
  request: FingerprintRequest,
  {
    table: tableOf,
    run,
    linkIndex,
  }: {
    table(name: string): Promise<ActualTable>;
    run(statement: Statement): Promise<Row[]>;
    linkIndex(source: LinkSource): Promise<string | undefined>;
  },
): Promise<string> {
  const tables = new Map<string, ActualTable>();
  const others = [...(request.link ? [request.link] : []), ...(request.beside ?? [])];
  for (const name of [request.table, ...others.map(({ table }) => table)]) tables.set(name, await tableOf(name));
  const column = (table: string, name: string) => columnOf(tables.get(table) as ActualTable, name);
  const { link } = request;
  const index = link && (await linkIndex(linkSource(tables.get(link.table) as ActualTable, link)));
  const rows = await run(rowHashes(request, column, index));
  const whole = createHash('sha256');
  for (const { k, h } of inOrder(rows)) whole.update(`${String(k)} `).update(h as Uint8Array);
  for (const beside of request.beside ?? [])
    for (const { k, h } of inOrder(await run(besideHashes(request, beside, column))))
      whole.update(`${String(k)} ${String(h)}`);
  return whole.digest('base64');
}

/** By key, and the links of one by their own. */
function inOrder(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((a, b) => Number(a['k']) - Number(b['k']) || Number(a['r'] ?? 0) - Number(b['r'] ?? 0));
}
