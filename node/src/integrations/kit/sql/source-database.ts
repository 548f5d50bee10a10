/** Which dialect a database speaks, and so which driver reads it. */
export type SourceDialect = 'sql-server' | 'mysql' | 'postgresql';

/** Where a database is that records come from, and how it is signed in to. */
export interface SourceDatabaseAddress {
  readonly dialect: SourceDialect;
  /** Name or address; SQL Server's may name an instance (`sql01\HR`) and a port (`sql01,1433`). */
  readonly server: string;
  readonly port?: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly encrypt: boolean;
  readonly trustServerCertificate: boolean;
}

/** A value of a row as text, number or switch; a moment is a Date, bytes are hexadecimal digits, what is none of these is JSON. */
export type SourceValue = string | number | boolean | Date | null;

/** A row by its columns' names in lower case. */
export type SourceRow = Readonly<Record<string, SourceValue>>;

/** A query and how it is run. */
export interface SourceQuery {
  /** As errors name it. */
  readonly name: string;
  readonly text: string;
  readonly pageSize: number;
  /** Seconds until the first row has to come. */
  readonly timeoutSeconds: number;
}

/**
 * A database that records come from. It is only read: a query runs in a transaction that is taken back, read-only where the server has
 * that, and one that would write is refused before it is sent.
 */
export interface SourceDatabase extends AsyncDisposable {
  /** The rows in pages, as the server gives them: no more than two pages are in memory. Throws SourceQueryError. */
  read(query: SourceQuery): AsyncGenerator<readonly SourceRow[]>;
}

/** A row as a driver gives it. */
export function sourceRow(row: Readonly<Record<string, unknown>>): SourceRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), sourceValue(value)]));
}

function sourceValue(value: unknown): SourceValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return JSON.stringify(value) ?? null;
}
