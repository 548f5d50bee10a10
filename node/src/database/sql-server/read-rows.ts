import type { ActualTable, Row } from '../database.ts';
import type { Query } from '../query.ts';
import { comparedColumns } from './compared-columns.ts';
import { linkSource, type LinkSource } from './link-index.ts';
import { selectLinks, soughtIn } from './sql-text/link-query.ts';
import { select, type Statement } from './sql-text/select.ts';

/** What a session reads with. */
export interface ReadingTools {
  table(name: string): Promise<ActualTable>;
  run(statement: Statement): Promise<Row[]>;
  linkIndex(source: LinkSource, ids?: readonly string[]): Promise<string | undefined>;
}

/** Answers a query on a session's connection, links from the session's index of them where there is one. */
export async function readRows(query: Query, { table: tableOf, run, linkIndex }: ReadingTools): Promise<Row[]> {
  const find = await comparedColumns(query, tableOf);
  if (query.links) {
    const source = linkSource(await tableOf(query.from), query.links);
    const sought = soughtIn(query, source.keyColumn, source.idColumn);
    if (sought) {
      const index = await linkIndex(source, sought.by === 'e' ? sought.values.map(String) : undefined);
      if (index !== undefined) return run(selectLinks(sought, index, source.rowKey.name, find));
    }
  }
  return run(select(query, find));
}
