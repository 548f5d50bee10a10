import type { Clock } from '../../environment.ts';
import type { ActualColumn, ActualTable, Row } from '../database.ts';
import { columnOf } from './column-of.ts';
import {
  createLinkIndex,
  fillLinkIndex,
  longestIndexed,
  orderLinkIndex,
  refreshLinkIndex,
  type LinkIndexNames,
} from './sql-text/link-index.ts';
import { isText } from './sql-text/names.ts';
import type { Statement } from './sql-text/select.ts';

/** Looks through the links of a scope before a session makes an index of them: a run of one batch is quicker without. */
const looksBefore = 1;

/**
 * Milliseconds after which all links of the scope are read again. What others add is seen at once; a link that they give another id, or
 * another scope, where it stands, is seen then. A batch that is waiting for a lock looks as far behind.
 */
const readAgainAfter = 30_000;

/** A key that all links are behind. */
const beforeAll = 1 - 2 ** 31;

/** What an index is made with, on the session's connection. */
export interface LinkIndexTools {
  run(statement: Statement): Promise<Row[]>;
  /** Runs a plain batch: a table made inside a parameterised statement would go with it. */
  batch(sql: string): Promise<void>;
}

/** Links that have a scope in common. */
export interface LinkSource {
  readonly table: string;
  readonly rowKey: ActualColumn;
  readonly keyColumn: ActualColumn;
  readonly idColumn: ActualColumn;
  readonly scope: Row;
}

/** What is said of the links of one scope. */
export interface LinksAsked {
  readonly keyColumn: string;
  readonly idColumn: string;
  readonly scope: Row;
  /** The column of the scope in which links for all have 0 or null. */
  readonly general?: string;
}

/** The links of a scope and those for all, by what they have in common. */
export function linkSource(table: ActualTable, { keyColumn, idColumn, scope, general }: LinksAsked): LinkSource {
  const shared = Object.entries(scope).filter(([name]) => name !== general);
  return {
    table: table.name,
    rowKey: columnOf(table, table.primaryKey[0] ?? keyColumn),
    keyColumn: columnOf(table, keyColumn),
    idColumn: columnOf(table, idColumn),
    scope: Object.fromEntries(shared.map(([name, value]) => [columnOf(table, name).name, value])),
  };
}

/** How far an index is. */
interface Progress {
  /** How often the links were looked through. */
  readonly looks: number;
  /** The last row there was when it was last added to; undefined where there is no session table yet. */
  readonly last?: number;
  /** When all links were read, by the clock; undefined where they are to be read again. */
  readonly read?: number | undefined;
}

/**
 * Session tables of the links of a scope by third-party id, and by the record they lead to. Halo's ExternalLink has no index on either, so
 * each look-up reads it through: from the second one of a session on, the scope's links are read once into such a table, those behind it
 * seek there, and what came since is added by the links' own key.
 */
export class LinkIndexes {
  readonly #clock: Pick<Clock, 'now'>;
  #progress: ReadonlyMap<string, Progress> = new Map();
  #before = this.#progress;
  readonly #names = new Map<string, string>();
  #made = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

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

  /** This session changed rows of a table: where that has the links, all are read again. */
  touched(table: string): void {
    const named = `["${table.toLowerCase()}"`;
    this.#progress = new Map(
      [...this.#progress].map(([key, one]) => [key, key.startsWith(named) ? { ...one, read: undefined } : one]),
    );
  }

  /**
   * The session table to look up these ids in, or the links of records where none are given, filled; undefined where the links
   * themselves are to be looked through.
   */
  async prepare(
    tools: LinkIndexTools,
    source: LinkSource,
    ids?: readonly (string | undefined)[],
  ): Promise<string | undefined> {
    const { rowKey, keyColumn, idColumn, table, scope } = source;
    if (!rowKey.leadsIndex || rowKey.type !== 'int' || keyColumn.type !== 'int' || !isText(idColumn)) return undefined;
    if (ids ? idColumn.leadsIndex : keyColumn.leadsIndex) return undefined;
    if (ids?.some((id) => id !== undefined && id.length > longestIndexed)) return undefined;
    const key = JSON.stringify([table.toLowerCase(), scope]);
    const { looks, last, read } = this.#progress.get(key) ?? { looks: 0 };
    if (looks < looksBefore) {
      this.#note(key, { looks: looks + 1 });
      return undefined;
    }
    // Never one name twice: a server may keep what belongs to a table whose making was taken back.
    const name = (last === undefined ? undefined : this.#names.get(key)) ?? `#halo_links_${++this.#made}`;
    this.#names.set(key, name);
    const names: LinkIndexNames = { name, table, rowKey: rowKey.name, keyColumn: keyColumn.name, idColumn, scope };
    const now = this.#clock.now().getTime();
    const recent = read !== undefined && now >= read && now - read < readAgainAfter;
    if (last === undefined) await tools.batch(createLinkIndex(names));
    else if (!recent) await tools.run(refreshLinkIndex(names));
    // A table that is being filled is not looked into for what it has: a server may go through all of it for each link.
    const behind = last === undefined ? beforeAll : recent ? last : undefined;
    const [filled] = await tools.run(fillLinkIndex(names, behind));
    if (last === undefined) await tools.batch(orderLinkIndex(names));
    this.#note(key, { looks, last: Number(filled?.['last']), read: recent ? read : now });
    return name;
  }

  #note(key: string, progress: Progress): void {
    this.#progress = new Map([...this.#progress, [key, progress]]);
  }
}
