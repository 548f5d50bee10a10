import type { ActualColumn, Row } from '../database.ts';
import {
  createLinkIndex,
  fillLinkIndex,
  longestIndexed,
  orderLinkIndex,
  type LinkIndexNames,
} from './sql-text/link-index.ts';
import { isText } from './sql-text/names.ts';
import type { Statement } from './sql-text/select.ts';
import type { LinkNames } from './sql-text/upsert.ts';

/** Rows of a batch from which on reading all links of a scope once may pay. */
const fewest = 100;

/** What an index is made with, inside a transaction. */
export interface LinkIndexTools {
  run(statement: Statement): Promise<Row[]>;
  /** Runs a plain batch: a table made inside a parameterised statement would go with it. */
  batch(sql: string): Promise<void>;
}

/** How far an index is. */
interface Progress {
  /** Whether the last batch had links for most of its ids: new records have none, and are not looked for in an index. */
  readonly worthIt: boolean;
  /** The last row of the links that it was filled with; undefined where there is no session table yet. */
  readonly last?: number;
}

/**
 * Session tables of the links of a scope by third-party id. Halo's ExternalLink has no index on that, so each look-up reads it through: once
 * a batch of a session had links for most of its ids, the next one reads the scope's links once, and those behind it seek in what was read,
 * and add what came since.
 */
export class LinkIndexes {
  #progress: ReadonlyMap<string, Progress> = new Map();
  #before = this.#progress;
  readonly #names = new Map<string, string>();

  /** A transaction begins: what it does is taken back where it fails. */
  begin(): void {
    this.#before = this.#progress;
  }

  takenBack(): void {
    this.#progress = this.#before;
  }

  /** The connection is another one, which has no session tables. */
  forget(): void {
    this.#progress = this.#before = new Map();
  }

  /** The session table to look up these ids in, filled; undefined where the links themselves are to be looked through. */
  async prepare(
    tools: LinkIndexTools,
    link: LinkNames,
    idColumn: ActualColumn,
    ids: readonly (string | undefined)[],
  ): Promise<string | undefined> {
    if (ids.length < fewest || !link.rowKeyLeads || idColumn.leadsIndex === true || !isText(idColumn)) return undefined;
    if (ids.some((id) => id !== undefined && id.length > longestIndexed)) return undefined;
    const scope = commonScope(link);
    const key = keyOf(link);
    const { worthIt, last } = this.#progress.get(key) ?? { worthIt: false };
    if (!worthIt) return undefined;
    const name = this.#names.get(key) ?? `#halo_links_${this.#names.size + 1}`;
    this.#names.set(key, name);
    const names: LinkIndexNames = { name, table: link.table, rowKey: link.rowKey, idColumn, scope };
    if (last === undefined) await tools.batch(createLinkIndex(names));
    const [filled] = await tools.run(fillLinkIndex(names, last ?? 0));
    if (last === undefined) await tools.batch(orderLinkIndex(names));
    this.#note(key, { worthIt, last: Number(filled?.['last']) });
    return name;
  }

  /** Told of so many ids how many had a link. */
  found(link: LinkNames, linked: number, ids: number): void {
    if (ids < fewest) return;
    const key = keyOf(link);
    this.#note(key, { ...this.#progress.get(key), worthIt: linked * 2 > ids });
  }

  #note(key: string, progress: Progress): void {
    this.#progress = new Map([...this.#progress, [key, progress]]);
  }
}

/** What links of the scope and those for all have in common. */
function commonScope({ scope, general }: LinkNames): Row {
  return Object.fromEntries(Object.entries(scope).filter(([name]) => name !== general));
}

function keyOf(link: LinkNames): string {
  return JSON.stringify([link.table, commonScope(link)]);
}
