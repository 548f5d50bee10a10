import type { ActualColumn, ActualTable, Database, DatabaseSession, Row, Value } from '../database.ts';
import type { SchemaColumn } from '../schema/index.ts';
import { schemaTable } from '../schema/index.ts';
import { writingEncoder } from '../embedded/column-values.ts';
import { Connection } from '../embedded/connection.ts';
import { tableStatements, quote } from '../embedded/table-definitions.ts';
import type { Condition } from '../query.ts';
import { provisionalFrom } from './provisional-keys.ts';

/** Rows copied at once: memory holds no more of a table than that. */
const rowsAtOnce = 500;
/** Kilobytes of the copies that are kept in memory; the rest is in a file of the system's temporary folder. */
const cacheKilobytes = 4096;

/** What copies are made from. */
export interface TableSource {
  readonly describe: Database['describe'];
  readonly read: DatabaseSession['read'];
}

/**
 * Copies of tables in a database of SQLite that has no name: what does not fit into its cache is in a temporary file that goes with the
 * process, however that ends. Nothing of it is Halo's any more.
 */
export class TableCopies {
  readonly connection: Connection;
  readonly #source: TableSource;
  readonly #copied = new Map<string, Promise<void>>();
  readonly #numbered: string[] = [];
  readonly #changed = new Set<string>();
  /** Those made since the transaction at hand began, which go with it where it is taken back. */
  #fresh: string[] = [];

  constructor(source: TableSource) {
    this.#source = source;
    this.connection = new Connection('');
    // Only a kill or a crash could damage it, and nobody looks at it after those.
    this.connection.database.exec(`PRAGMA synchronous=OFF; PRAGMA cache_size=-${cacheKilobytes};`);
  }

  /** Whether one of the tables was copied. */
  hasAny(tables: readonly string[]): boolean {
    return tables.some((name) => this.#copied.has(name.toLowerCase()));
  }

  /** Notes that rows of a copy are no longer those of the table. */
  changed(table: string): void {
    this.#changed.add(table.toLowerCase());
  }

  /** Whether one of the tables is otherwise than the database has it. */
  hasChanged(tables: readonly string[]): boolean {
    return tables.some((name) => this.#changed.has(name.toLowerCase()));
  }

  /** Makes sure of copies. A table that the database has not is none. */
  async ensure(tables: readonly string[]): Promise<void> {
    for (const name of tables) {
      const key = name.toLowerCase();
      let copied = this.#copied.get(key);
      if (!copied) {
        copied = this.#copy(name);
        this.#copied.set(key, copied);
        this.#fresh.push(key);
      }
      await copied;
    }
  }

  /** Called when a transaction begins. */
  begin(): void {
    this.#fresh = [];
  }

  /** Called when a transaction was taken back: what it had copied is gone. */
  forgetFresh(): void {
    for (const key of this.#fresh) this.#copied.delete(key);
    this.#fresh = [];
  }

  close(): void {
    this.connection.close();
  }

  async #copy(name: string): Promise<void> {
    const actual = (await this.#source.describe([name])).get(schemaTable(name)?.name ?? name);
    const facts = schemaTable(name);
    if (!actual || !facts) return;
    const columns = [...facts.columns.values()].flatMap((column): SchemaColumn[] => {
      const there = actual.columns.get(column.name);
      return there ? [alike(column, there)] : [];
    });
    const { database } = this.connection;
    for (const statement of tableStatements(facts, columns)) database.exec(statement);
    this.connection.know({ ...facts, columns: new Map(columns.map((column) => [column.name, column])) });
    const insert = this.connection.prepare(
      `INSERT INTO ${quote(facts.name)} (${columns.map((one) => quote(one.name)).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    const encoders = columns.map(writingEncoder);
    for await (const rows of pagesOf(this.#source, actual, columns)) {
      const within = database.isTransaction;
      if (!within) database.exec('BEGIN');
      for (const row of rows) insert.run(...columns.map((column, at) => encoders[at]?.(row[column.name]) ?? null));
      if (!within) database.exec('COMMIT');
    }
    this.#number(facts.name, columns.find((column) => column.identity) !== undefined);
  }

  /** What is made in the copy has numbers that Halo has not, each table's from another one on. */
  #number(table: string, identity: boolean): void {
    if (!this.#numbered.includes(table)) this.#numbered.push(table);
    const first = provisionalFrom(this.#numbered.indexOf(table));
    if (first === undefined) return;
    this.connection.numbersFrom.set(table, first);
    if (!identity) return;
    this.connection.prepare('DELETE FROM sqlite_sequence WHERE name = ?').run(table);
    this.connection.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(table, first - 1);
  }
}

/** A column of the schema facts as it is in the database at hand. */
function alike(column: SchemaColumn, { nullable, length, hasDefault }: ActualColumn): SchemaColumn {
  const { name, type, identity, computed, default: fallback } = column;
  const known = fallback !== undefined;
  return {
    ...{ name, identity, computed, hasDefault: hasDefault && known },
    ...(known && { default: fallback }),
    // The numbers of rows that are still to be made are larger than some columns take.
    type: /^(small|tiny)int$/.test(type) ? 'int' : type,
    ...(length !== undefined && { length }),
    // A default that only the database knows is left to it, and nothing stands for it here.
    nullable: nullable || (hasDefault && !known),
  };
}

/** The rows of a table in the order of its key, each page found by the key alone. */
async function* pagesOf(
  { read }: TableSource,
  { name, primaryKey }: ActualTable,
  columns: readonly SchemaColumn[],
): AsyncGenerator<readonly Row[]> {
  const query = { from: name, columns: columns.map((column) => column.name) };
  if (primaryKey.length === 0) return yield await read(query);
  const orderBy = primaryKey.map((column) => ({ column }));
  const page = (where?: Condition): Promise<Row[]> =>
    read({ ...query, orderBy, limit: rowsAtOnce, ...(where && { where }) });
  let rows = await page();
  for (;;) {
    if (rows.length > 0) yield rows;
    const last: Row | undefined = rows.at(-1);
    if (!last || rows.length < rowsAtOnce) return;
    rows = [];
    // The next rows agree with the last one in all of the key but its end, or in less of it.
    for (let same = primaryKey.length - 1; same >= 0 && rows.length < rowsAtOnce; same--) {
      const next = await page({
        all: primaryKey.slice(0, same + 1).map((column, at) => after(column, last[column] ?? null, at === same)),
      });
      rows.push(...next);
      if (next.length === rowsAtOnce) break;
    }
  }
}

function after(column: string, value: Value, beyond: boolean): Condition {
  return { column, is: beyond ? 'greater' : 'equal', value };
}
