import type { Database } from '../database/database.ts';

/** Something found in Halo's database: codes, names of columns and of Halo's own lists, counts and the shape of ids. No personal data. */
export interface Finding {
  /** Where it was looked, such as `ExternalLink`. */
  readonly subject: string;
  /** Values by their columns; `rows` is how many rows are alike. */
  readonly facts: Readonly<Record<string, Fact>>;
}

/** A value that may be sent on. */
export type Fact = string | number | boolean | null;

/** A look at Halo's database; reads only. */
export interface Look {
  readonly subject: string;
  read(database: Database, signal?: AbortSignal): Promise<readonly Finding[]>;
}

/** A value of a row as a fact; times and bytes are not sent on. */
export function factOf(value: unknown): Fact {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
