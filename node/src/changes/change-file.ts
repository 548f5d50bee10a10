import { join } from 'node:path';
import type { KeptRow } from '../halo-api/changes.ts';

export type { KeptRow, KeptValue } from '../halo-api/changes.ts';

/** The layout's version; an older engine refuses a newer one. */
export const version = 1;

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

/** The line behind the changes of a transaction, once it is committed. */
export interface CommittedLine {
  readonly committed: number;
}

/** The last line of a file that became as large as it may be. */
export interface LeftLine {
  readonly left: true;
}
