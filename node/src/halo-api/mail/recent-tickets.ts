import type { Row, Transaction } from '../../database/database.ts';
import type { IncomingMail } from './incoming-mail.ts';
import { loopKey } from './plan-mail.ts';

const hour = 3_600_000;

/** How many tickets were opened within the last hour, by {@link loopKey}: of a sender and subject, or of a sender alone in this mailbox. */
export type RecentCount = (key: string) => number;

/** Tickets that senders have opened within the last hour. */
export interface RecentTickets {
  of(transaction: Transaction, mails: readonly IncomingMail[], now: Date): Promise<RecentCount>;
}

/** A ticket that a sender has opened, and what it counts for. */
interface Opened {
  readonly at: number;
  readonly keys: readonly string[];
}

/** What is known of one sender: their tickets up to a number. */
interface Known {
  readonly upTo: number;
  readonly opened: readonly Opened[];
}

/**
 * Reads the tickets of a sender once, and of those known only what was numbered since, as a run that takes in many mails of one sender
 * would read the same ones with each batch. What another program numbers before and commits after is not counted.
 */
export function createRecentTickets(mailboxId: number): RecentTickets {
  const bySender = new Map<string, Known>();
  const counts = new Map<string, number>();
  let highest = 0;

  function count(opened: readonly Opened[], by: 1 | -1): void {
    for (const { keys } of opened)
      for (const key of keys) {
        const sum = (counts.get(key) ?? 0) + by;
        if (sum > 0) counts.set(key, sum);
        else counts.delete(key);
      }
  }

  function openedBy(row: Row): Opened {
    const sender = String(row['reportedby']);
    const keys = [loopKey(sender, String(row['Symptom'] ?? ''))];
    if (Number(row['FMailBoxID'] ?? 0) === mailboxId) keys.push(loopKey(sender));
    const created = row['datecreated'];
    return { at: created instanceof Date ? created.getTime() : 0, keys };
  }

  async function learn(transaction: Transaction, senders: readonly string[], since: number): Promise<void> {
    if (senders.length === 0) return;
    const above = Math.min(...senders.map((sender) => bySender.get(sender)?.upTo ?? 0));
    const rows = await transaction.read({
      from: 'FAULTS',
      columns: ['Faultid', 'reportedby', 'Symptom', 'FMailBoxID', 'datecreated'],
      where: {
        all: [
          { column: 'reportedby', is: 'in', values: senders },
          { column: 'datecreated', is: 'greater', value: new Date(since) },
          ...(above > 0 ? [{ column: 'Faultid', is: 'greater' as const, value: above }] : []),
        ],
      },
    });
    for (const row of rows) highest = Math.max(highest, Number(row['Faultid']));
    const found = Map.groupBy(rows, (row) => String(row['reportedby']).toLowerCase());
    for (const sender of senders) {
      const { upTo, opened } = bySender.get(sender) ?? { upTo: 0, opened: [] };
      const fresh = (found.get(sender) ?? []).filter((row) => Number(row['Faultid']) > upTo).map(openedBy);
      const past = opened.filter(({ at }) => at <= since);
      count(past, -1);
      count(fresh, 1);
      const stay = past.length === 0 ? opened : opened.filter(({ at }) => at > since);
      bySender.set(sender, { upTo: highest, opened: [...stay, ...fresh] });
    }
  }

  return {
    async of(transaction, mails, now) {
      const since = now.getTime() - hour;
      const senders = [...new Set(mails.map((mail) => mail.from.address.toLowerCase()))];
      const known = senders.filter((sender) => bySender.has(sender));
      await learn(transaction, known, since);
      await learn(
        transaction,
        senders.filter((sender) => !known.includes(sender)),
        since,
      );
      return (key) => counts.get(key) ?? 0;
    },
  };
}
