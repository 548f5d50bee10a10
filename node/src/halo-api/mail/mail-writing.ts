import type { HaloDatabaseSettings } from '../../config/settings.ts';
import type { ActualTable } from '../../database/database.ts';
import type { HistoryParts } from '../writes/write-traces.ts';
import type { MailAssumptions } from './assumptions.ts';
import type { MailRules } from './mail-rules.ts';
import type { RecentTickets } from './recent-tickets.ts';

/** What writing a batch of mail needs. */
export interface MailWriting {
  readonly rules: MailRules;
  readonly assumed: MailAssumptions;
  readonly tables: ReadonlyMap<string, ActualTable>;
  readonly settings: HaloDatabaseSettings;
  readonly now: Date;
  readonly recent: RecentTickets;
  readonly whatIf: boolean;
  /** What the traces of new users are written by. */
  readonly traces: HistoryParts;
}
