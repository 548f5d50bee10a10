import { join } from 'node:path';
import type { KeptRow, KeptValue } from '../halo-api/changes/changes.ts';

export type { KeptRow, KeptValue } from '../halo-api/changes/changes.ts';

/** The layout's version; an older engine refuses a newer one. Until 1, each row that was made had a line of its own. */
export const version = 2;

/** The folder of the files, in an instance's state. */
export function changesFolder(instanceFolder: string): string {
  return join(instanceFolder, 'state', 'changes');
}

/** The file of a run; its id is a UUID, or the beginning of a name is kept out of it. */
export function changesFile(instanceFolder: string, run: string): string {
  return join(changesFolder(instanceFolder), `${run.replaceAll(/[^\w-]/g, '_')}.jsonl`);
}

/** The first line of a file. */
export interface HeadLine {
  readonly version: number;
  readonly run: string;
  readonly undoes?: string;
}

/** The line before the changes of a transaction. */
export interface BatchLine {
  readonly batch: number;
  readonly at: string;
  readonly integration: string;
  readonly connection: string;
  readonly entity: string;
}

/** A change. */
export interface ChangeLine {
  readonly table: string;
  readonly action: 'created' | 'updated';
  readonly key: KeptRow;
  readonly before?: KeptRow;
  readonly after: KeptRow;
  readonly vendorId?: string;
  readonly name?: string;
  readonly cause?: 'missing' | 'undo';
}

/** Rows that were made alike: those of a batch that are all new are kept column by column, some hundreds in a line. */
export interface MadeLine {
  /** How many. */
  readonly made: number;
  readonly table: string;
  readonly cause?: ChangeLine['cause'];
  readonly key: Readonly<Record<string, ColumnOfRows>>;
  readonly vendorId: ColumnOfRows;
  readonly name: ColumnOfRows;
  /** A row without a column holds null there. */
  readonly after: Readonly<Record<string, ColumnOfRows>>;
  /** What columns point to. */
  readonly texts: readonly KeptValue[];
}

/** What rows hold in a column: the same in all, each its own, or a place among the line's texts, where -1 is null. */
export type ColumnOfRows = { readonly same: KeptValue } | { readonly at: readonly number[] } | readonly KeptValue[];

/** The line behind the changes of a transaction, once it is committed. */
export interface CommittedLine {
  readonly committed: number;
}

/** The last line of a file that became as large as it may be. */
export interface LeftLine {
  readonly left: true;
}
