import type { Row } from './row.ts';
import type { FingerprintRequest } from './fingerprint.ts';
import type { PutOutcome, PutRequest } from './put.ts';
import type { Condition, Query } from './query.ts';
import type { UpsertOutcome, UpsertRequest } from './upsert.ts';

export type { Row, Value } from './row.ts';

/** A column as it really is in the connected database. */
export interface ActualColumn {
  readonly name: string;
  /** SQL Server type name without length, lower case. */
  readonly type: string;
  /** Characters (nvarchar), bytes (varbinary); undefined for max and for types without a length. */
  readonly length?: number;
  /** Digits in all and behind the point, of decimal and numeric, and of a datetime2's seconds; of these only. */
  readonly digits?: { readonly all: number; readonly behindPoint: number };
  readonly nullable: boolean;
  readonly identity: boolean;
  readonly computed: boolean;
  readonly hasDefault: boolean;
  /** How its text is compared and sorted, where the database tells. */
  readonly collation?: string;
  /** Whether an index begins with it, so that its rows are found without a look at the others; where the database tells. */
  readonly leadsIndex?: boolean;
  /** How many indexes beside the table itself hold it; where the database tells. */
  readonly indexes?: number;
}

/** A table as it really is. */
export interface ActualTable {
  readonly name: string;
  readonly primaryKey: readonly string[];
  readonly columns: ReadonlyMap<string, ActualColumn>;
  /** How many indexes there are beside the table itself; where the database tells. */
  readonly indexes?: number;
}

/** Halo's database, SQL Server or embedded. */
export interface Database {
  readonly kind: 'sql-server' | 'embedded';
  /** Connects and answers the server's version line; throws the error class of the cause (name, port, TLS, login, database). */
  connect(signal?: AbortSignal): Promise<string>;
  /** The named tables as they really are; a missing one is absent from the map. Names are case-insensitive. */
  describe(tables: readonly string[]): Promise<ReadonlyMap<string, ActualTable>>;
  /** Rights the login lacks for what is asked, a line for each table, such as "INSERT, UPDATE on Licence". */
  missingRights(needs: ReadonlyMap<string, readonly TableRight[]>): Promise<readonly string[]>;
  /** Facts that a check should show, such as the compatibility level. */
  problems(): Promise<readonly string[]>;
  read(query: Query, signal?: AbortSignal): Promise<Row[]>;
  /** How many rows match; with a column, how many different values they have there, of which null is none. */
  count(table: string, where?: Condition, different?: string): Promise<number>;
  /**
   * One pinned connection: locks and staged rows live and die with it. The signal ends its reads and waits, and takes back
   * a transaction that is not committed yet.
   */
  session(purpose: string, signal?: AbortSignal): Promise<DatabaseSession>;
  close(): Promise<void>;
}

export type TableRight = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** Who holds a lock, as far as the database tells. */
export interface LockHolder {
  readonly holder: string;
  readonly since?: Date;
}

/** One connection of its own. */
export interface DatabaseSession extends AsyncDisposable {
  /** Takes an application lock that goes with the session; answers the holder when somebody else has it. */
  lock(name: string): Promise<{ readonly acquired: true } | { readonly acquired: false; readonly by: LockHolder }>;
  unlock(name: string): Promise<void>;
  read(query: Query, signal?: AbortSignal): Promise<Row[]>;
  /** A text that is the same as long as the rows and their links are; made by the database, so that no row leaves it. */
  fingerprint(request: FingerprintRequest): Promise<string>;
  /**
   * Runs the work in one transaction and commits. Transient failures (deadlock, lock timeout, lost connection) are
   * retried whole, so the work must be safe to repeat.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

/** Set-based writing inside one transaction. */
export interface Transaction {
  /** Whether nobody else can write until it ends. */
  readonly alone: boolean;
  read(query: Query): Promise<Row[]>;
  /** As a session's; what this transaction has written counts. */
  fingerprint(request: FingerprintRequest): Promise<string>;
  /** Stages the rows, updates what differs, inserts what is missing, links; never a statement per record. */
  upsert(request: UpsertRequest): Promise<UpsertOutcome>;
  /** Makes rows that are known by several columns be as given: updates what differs, inserts what is missing; never a statement per row. */
  put(request: PutRequest): Promise<PutOutcome>;
  /** Plain insert of rows that are known to be new (history, errors, mail). Answers keys of allocated or identity columns. */
  insert(
    table: string,
    rows: readonly Row[],
    allocate?: { readonly column: string; readonly within?: readonly string[] },
  ): Promise<number[]>;
  /** Sets columns on the rows that match; answers how many were changed. */
  update(table: string, set: Row, where: Condition): Promise<number>;
  /** Sets columns on the rows with these keys: whole numbers or texts, in the columns named. */
  stamp(
    table: string,
    set: Row,
    columns: readonly string[],
    keys: readonly (readonly (number | string)[])[],
  ): Promise<void>;
  /** Adds to a counter column of a one-row table and answers the new value (CHANGESEQ). */
  increment(table: string, columns: readonly string[]): Promise<number>;
}
