import type { ActualTable, Transaction } from '../../database/database.ts';
import { keepAttachments, withNotes } from './attachment-policy.ts';
import { ChangeClock } from '../writes/change-clock.ts';
import { handledTable, placeLog, readHandled, standingOf, type Place } from './handled-mail.ts';
import type { IncomingMail, MailOutcome } from './incoming-mail.ts';
import { logMail, logPlaces, type MailResult } from './log-mail.ts';
import { identityOfRead } from './mail-identity.ts';
import type { MailWriting } from './mail-writing.ts';
import { readSenders } from './match-sender.ts';
import { readThreads } from './match-ticket.ts';
import { questionsFirst } from './mail-order.ts';
import { createMailPlanner, type MailPlan } from './plan-mail.ts';
import { writePlans, type WritePlan } from './write-plans.ts';

/** What a batch came to, and the IncomingEmail rows of its messages, by identityOf. */
export interface MailWritten {
  readonly outcomes: readonly MailOutcome[];
  readonly rows: ReadonlyMap<string, number>;
}

/** Writes a batch of messages inside one transaction. Throws what the database throws; nothing is written then. */
export async function writeMail(
  transaction: Transaction,
  mails: readonly IncomingMail[],
  writing: MailWriting,
): Promise<MailWritten> {
  const { rules, assumed } = writing;
  const handled = await readHandled(
    transaction,
    writing.tables.get(handledTable) as ActualTable,
    rules.mailboxId,
    mails,
  );
  const fresh = new Map(
    mails
      .filter((mail) => !standingOf(handled.of(mail), assumed, writing.now))
      .map((mail) => [identityOfRead(mail), kept(mail, writing)]),
  );
  const open = [...fresh.values()];
  // Actions that stand for other messages: what they say of a Message-ID says nothing of the message at hand.
  const plan = createMailPlanner({
    rules,
    assumed,
    threads: await readThreads(transaction, open, rules, assumed, handled.places),
    senders: await readSenders(transaction, open, rules),
    recent: await writing.recent.of(transaction, open, writing.now),
  });
  const plans = new Map(questionsFirst(open).map((mail) => [identityOfRead(mail), plan(mail)]));
  const writes = [...plans.values()].filter((one): one is WritePlan => one.do === 'write');
  const clock = new ChangeClock(writing.settings);
  const places = writing.whatIf ? new Map<WritePlan, Place>() : await writePlans(transaction, writes, writing, clock);
  const answered = new Set<string>();
  const outcomes = mails.map((mail): MailOutcome => {
    const identity = identityOfRead(mail);
    const one = answered.has(identity) ? undefined : plans.get(identity);
    answered.add(identity);
    if (!one) return { outcome: 'unchanged', reason: 'It was dealt with before.' };
    if (one.do === 'ignore') return { outcome: 'unchanged', reason: one.why };
    if (one.do === 'set-aside') return { outcome: 'rejected', reason: one.why };
    const place = places.get(one) ?? { ticket: one.ticket.known?.id ?? 0, action: 0 };
    return { outcome: one.first ? 'created' : 'updated', ...place };
  });
  if (writing.whatIf) return { outcomes, rows: new Map() };
  const logs = open.map((mail) => {
    const one = plans.get(identityOfRead(mail));
    return { mail, result: resultOf(one, one?.do === 'write' ? places.get(one) : undefined) };
  });
  const before = await logPlaces(transaction, mails, handled, writing);
  const logged = await logMail(transaction, logs, handled, writing);
  await clock.strike(transaction);
  return { outcomes, rows: new Map([...before, ...logged]) };
}

function resultOf(plan: MailPlan | undefined, place: Place | undefined): MailResult {
  if (plan?.do === 'set-aside') return { aside: plan.why, ...(plan.forGood && { forGood: true }) };
  return { log: place ? placeLog(place) : plan?.do === 'ignore' ? plan.why : '' };
}

function kept(mail: IncomingMail, { rules, assumed }: MailWriting): IncomingMail {
  const { kept: attachments, notes } = keepAttachments(mail, rules.attachmentLimit, assumed.blockedExtensions);
  return withNotes(attachments.length === mail.attachments.length ? mail : { ...mail, attachments }, notes);
}
