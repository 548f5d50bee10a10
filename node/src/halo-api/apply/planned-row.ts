import type { Transaction } from '../../database/database.ts';
import type { ChangeClock } from '../writes/change-clock.ts';
import type { ChangeCause, KeptMaking, KeptRow } from '../changes/changes.ts';
import type { SessionParts } from '../session-parts.ts';
import type { WriteIn } from '../changes/undo-rows.ts';
import type { PlannedNumbers } from './planned-numbers.ts';

/** A row that is to be made or changed, as it was planned. */
export interface PlannedRow {
  readonly table: string;
  readonly action: 'created' | 'updated';
  readonly key: KeptRow;
  readonly before?: KeptRow;
  readonly after: KeptRow;
  readonly vendorId?: string;
  readonly making?: KeptMaking;
  readonly cause?: ChangeCause;
  readonly withheld?: boolean;
}

/** What became of it. */
export interface AppliedRow {
  readonly outcome: 'done' | 'already' | 'refused';
  /** Why it was refused. */
  readonly reason: string;
}

/** It was made or changed. */
export const done: AppliedRow = { outcome: 'done', reason: '' };
/** Halo has it as planned. */
export const already: AppliedRow = { outcome: 'already', reason: '' };
/** Why a row is not written. */
export const refusal = (reason: string): AppliedRow => ({ outcome: 'refused', reason });

/** What applying rows in a transaction needs. */
export interface ApplyParts {
  readonly transaction: Transaction;
  readonly own: SessionParts;
  readonly writeIn: WriteIn;
  readonly clock: ChangeClock;
  readonly numbers: PlannedNumbers;
}

/** A row with the numbers that Halo has for what it speaks of. */
export interface ReadyRow {
  readonly planned: PlannedRow;
  readonly key: KeptRow;
  readonly before: KeptRow;
  readonly after: KeptRow;
}
