import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { UnknownColumnError } from '../../errors/database-errors.ts';
import type { ActualColumn, ActualTable } from '../database.ts';
import { schemaTable } from '../schema/index.ts';
import { compared, isTextType } from './compared.ts';
import { quote } from './table-definitions.ts';

const cachedStatements = 256;

/** A table with look-up of its columns in any case. */
export interface KnownTable extends ActualTable {
  column(name: string): ActualColumn;
  has(name: string): boolean;
}

/** A column of a table, by its alias where it has one, as it is compared. */
export function comparedColumn(table: KnownTable, name: string, alias?: string): string {
  const column = table.column(name);
  const plain = `${alias === undefined ? '' : `${alias}.`}${quote(column.name)}`;
  return isTextType(column.type) ? compared(plain) : plain;
}

/** One connection to the file, with its prepared statements and what it knows of the tables. */
export class Connection {
  readonly database: DatabaseSync;
  /** Tables whose new rows are numbered from so much on, whatever is in them. */
  readonly numbersFrom = new Map<string, number>();
  readonly #statements = new Map<string, StatementSync>();
  readonly #tables = new Map<string, KnownTable>();
  readonly #stages = new Map<string, string>();

  constructor(path: string, busyMilliseconds = 100) {
    this.database = new DatabaseSync(path, { timeout: busyMilliseconds, enableForeignKeyConstraints: false });
    // A page that batch after batch writes to is copied into the file less often: at every 64 MB of the log, not at every 4.
    try {
      this.database.exec(
        'PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=16384;',
      );
    } catch (error) {
      // A file that is no database is not held: on Windows nobody could put another in its place.
      this.database.close();
      throw error;
    }
  }

  /** A prepared statement whose rows are arrays; kept for the next use. */
  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      if (this.#statements.size >= cachedStatements) this.#statements.clear();
      statement = this.database.prepare(sql);
      statement.setReturnArrays(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** All rows as arrays. */
  rows<T extends readonly unknown[]>(sql: string, parameters: Parameters<StatementSync['all']>[1][] = []): T[] {
    return this.prepare(sql).all(...parameters) as unknown as T[];
  }

  /** The table as it really is in the file. Throws UnknownColumnError when it is not there. */
  table(name: string): KnownTable {
    const table = this.findTable(name);
    if (!table) throw new UnknownColumnError(name);
    return table;
  }

  /** The table as it really is in the file, undefined when it is not there. */
  findTable(name: string): KnownTable | undefined {
    const known = this.#tables.get(name.toLowerCase());
    if (known) return known;
    const facts = schemaTable(name);
    if (!facts) return undefined;
    const present = new Set(
      this.rows<[string]>('SELECT name FROM pragma_table_info(?)', [facts.name]).map(([column]) => column),
    );
    if (present.size === 0) return undefined;
    return this.know({ ...facts, columns: new Map([...facts.columns].filter(([column]) => present.has(column))) });
  }

  /** Takes a table for what is said of it. */
  know({ name, primaryKey, columns }: Pick<ActualTable, 'name' | 'primaryKey' | 'columns'>): KnownTable {
    const byLowerName = new Map([...columns.values()].map((column) => [column.name.toLowerCase(), column]));
    const table: KnownTable = {
      name,
      primaryKey,
      columns,
      has: (column) => byLowerName.has(column.toLowerCase()),
      column: (column) => {
        const found = byLowerName.get(column.toLowerCase());
        if (!found) throw new UnknownColumnError(`${name}.${column}`);
        return found;
      },
    };
    this.#tables.set(name.toLowerCase(), table);
    return table;
  }

  /** Makes sure of a session table with these column definitions and answers its quoted name. */
  temporaryTable(definition: string): string {
    let name = this.#stages.get(definition);
    if (!name) {
      name = `temp.${quote(`stage ${this.#stages.size + 1}`)}`;
      this.#stages.set(definition, name);
    }
    // Asked each time: a rolled back transaction takes the table with it.
    this.database.exec(`CREATE TABLE IF NOT EXISTS ${name} (${definition})`);
    return name;
  }

  close(): void {
    this.#statements.clear();
    if (this.database.isOpen) this.database.close();
  }
}
