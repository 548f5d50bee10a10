import type { MailAssumptions } from './assumptions.ts';
import type { IncomingMail } from './incoming-mail.ts';
import { initialStatus } from './mail-rows.ts';
import type { MailRules } from './mail-rules.ts';
import type { Sender, Senders } from './match-sender.ts';
import { ticketNumbers, type OpenTicket, type Threads } from './match-ticket.ts';

/** A ticket of this batch: one there already, or one that is to be opened by its first mail. */
export interface TicketPlan {
  readonly known?: OpenTicket;
  readonly opener?: { readonly mail: IncomingMail; readonly sender: Exclude<Sender, { kind: 'nobody' }> };
  /** As the mails so far leave it. */
  status: number;
  reopened: boolean;
  attachments: number;
  cc: readonly string[];
}

/** What is to be done with a message. */
export type MailPlan =
  | { readonly do: 'ignore'; readonly why: string }
  | { readonly do: 'set-aside'; readonly why: string; readonly forGood?: boolean }
  | {
      readonly do: 'write';
      readonly mail: IncomingMail;
      readonly sender: Exclude<Sender, { kind: 'nobody' }>;
      readonly ticket: TicketPlan;
      readonly first: boolean;
      readonly statusBefore: number;
      readonly statusAfter: number;
      readonly hidden: boolean;
    };

/** What the plan is made from. */
export interface MailPlanParts {
  readonly rules: MailRules;
  readonly assumed: MailAssumptions;
  readonly threads: Threads;
  readonly senders: Senders;
  /** Tickets opened within the last hour, by sender and subject, and by sender alone in this mailbox. */
  readonly recent: (key: string) => number;
}

/** Names a sender, or a sender and a subject, for counting loops. */
export function loopKey(sender: string, subject?: string): string {
  return subject === undefined ? sender.toLowerCase() : `${sender.toLowerCase()}\n${subject.toLowerCase()}`;
}

/** Decides for messages in order, so that a reply finds the ticket that an earlier message of the same batch opens. */
export function createMailPlanner(parts: MailPlanParts): (mail: IncomingMail) => MailPlan {
  const { rules, assumed, threads, senders } = parts;
  const byMessage = new Map<string, TicketPlan>();
  const byConversation = new Map<string, TicketPlan>();
  const known = new Map<number, TicketPlan>();
  /** Those of this batch. */
  const opened = new Map<string, number>();
  const openedSoFar = (key: string): number => parts.recent(key) + (opened.get(key) ?? 0);

  function ticketOf(mail: IncomingMail): TicketPlan | undefined {
    for (const reference of mail.references) {
      const plan = byMessage.get(sameId(reference));
      if (plan) return plan;
    }
    const found = threads.ticketOf(mail);
    if (!found) return mail.conversationId ? byConversation.get(mail.conversationId) : undefined;
    let plan = known.get(found.id);
    if (!plan) {
      plan = { known: found, status: Number(found.row['Status'] ?? 0), reopened: false, attachments: 0, cc: [] };
      known.set(found.id, plan);
    }
    return plan;
  }

  function refusal(mail: IncomingMail): MailPlan | undefined {
    if (mail.unreadable !== undefined) return { do: 'set-aside', why: mail.unreadable };
    if (mail.ignored !== undefined) return { do: 'ignore', why: mail.ignored };
    if (mail.byOtherMailbox && ticketNumbers(mail.subject, rules.tags).length > 0)
      return { do: 'ignore', why: 'Halo tells of a ticket in it, from another of its mailboxes.' };
    const action = mail.messageId === '' ? undefined : threads.actionOf(mail);
    if (action && !action.inwards) return { do: 'ignore', why: 'Halo sent this message itself.' };
    if (action?.mailboxId === rules.mailboxId) return { do: 'ignore', why: 'Halo has this message already.' };
    if (action && rules.ignoreDuplicates)
      return { do: 'ignore', why: 'Halo has this message already, by another mailbox.' };
    if (!rules.acceptAutoReplies && isAutomatic(mail))
      return { do: 'ignore', why: 'It is automatic, and the mailbox takes no automatic mail.' };
    if (mail.automatic === 'reply' && rules.autoRepliesChangeNothing)
      return { do: 'ignore', why: 'It is an automatic reply, and Halo is set to let those change nothing.' };
    return undefined;
  }

  function isAutomatic({ automatic }: IncomingMail): boolean {
    if (automatic === 'generated') return rules.generatedIsAutomatic;
    return automatic === 'bulk' ? rules.bulkIsAutomatic : automatic === 'reply';
  }

  function remember(mail: IncomingMail, ticket: TicketPlan): void {
    if (mail.messageId !== '') byMessage.set(sameId(mail.messageId), ticket);
    if (mail.conversationId) byConversation.set(mail.conversationId, ticket);
    ticket.attachments += mail.attachments.length;
    ticket.cc = [...ticket.cc, ...mail.cc.map((one) => one.address)];
  }

  function open(mail: IncomingMail, sender: Sender): MailPlan {
    if (mail.automatic === 'reply') return { do: 'ignore', why: 'It is an automatic reply that belongs to no ticket.' };
    if (rules.repliesOnly) return { do: 'ignore', why: 'Halo is set to open no new tickets by mail.' };
    if (sender.kind === 'nobody')
      return { do: 'ignore', why: 'Its sender is not known, and the mailbox takes no mail of unknown senders.' };
    const loop = loopOf(mail);
    if (loop !== undefined)
      // Later there would be room for more of it.
      return {
        do: 'set-aside',
        forGood: true,
        why: `${mail.from.address} has opened ${loop} within an hour: it looks like a loop.`,
      };
    const status = initialStatus(rules);
    const ticket: TicketPlan = { opener: { mail, sender }, status, reopened: false, attachments: 0, cc: [] };
    remember(mail, ticket);
    return { do: 'write', mail, sender, ticket, first: true, statusBefore: status, statusAfter: status, hidden: false };
  }

  /** What a sender has opened too much of; counts this one otherwise. */
  function loopOf(mail: IncomingMail): string | undefined {
    const sender = loopKey(mail.from.address);
    const subject = loopKey(mail.from.address, mail.subject);
    const [ofSender, ofSubject] = [openedSoFar(sender), openedSoFar(subject)];
    if (ofSubject >= assumed.loopLimit) return `${ofSubject} tickets of this subject`;
    if (mail.from.address !== '' && ofSender >= assumed.senderLimit) return `${ofSender} tickets`;
    for (const key of [sender, subject]) opened.set(key, (opened.get(key) ?? 0) + 1);
    return undefined;
  }

  function reply(mail: IncomingMail, ticket: TicketPlan, sender: Sender): MailPlan {
    const from: Exclude<Sender, { kind: 'nobody' }> =
      sender.kind === 'nobody' ? { kind: 'user', name: mail.from.name, userId: 0, siteId: 0, clientId: 0 } : sender;
    const statusBefore = ticket.status;
    const byAgent = from.kind === 'user' && from.agentId !== undefined;
    if (mail.automatic !== 'reply' && !byAgent) updateStatus(ticket);
    const hidden = !byAgent && isStranger(mail, ticket);
    remember(mail, ticket);
    return { do: 'write', mail, sender: from, ticket, first: false, statusBefore, statusAfter: ticket.status, hidden };
  }

  function updateStatus(ticket: TicketPlan): void {
    const row = ticket.known?.row;
    const after = Number(row?.['status_after_update'] ?? rules.ticketType['RTStatusAfterUserUpdate'] ?? -1);
    const reopened = Number(row?.['reopened_status'] ?? -1);
    const cleared = row?.['datecleared'];
    // An empty date is an old one in Halo, not null.
    const closed =
      !ticket.reopened &&
      (ticket.status === assumed.closedStatus || (cleared instanceof Date && cleared.getUTCFullYear() > 1901));
    if (closed) {
      if (reopened <= 0) return;
      ticket.status = reopened;
      ticket.reopened = true;
    } else if (after > 0) ticket.status = after;
  }

  function isStranger(mail: IncomingMail, ticket: TicketPlan): boolean {
    const owner = String(ticket.known?.row['user_email'] ?? ticket.opener?.mail.from.address ?? '').toLowerCase();
    return rules.strangersArePrivate && owner.includes('@') && domainOf(owner) !== domainOf(mail.from.address);
  }

  return (mail) => {
    const refused = refusal(mail);
    if (refused) return refused;
    const sender = senders.get(mail.from.address) ?? { kind: 'nobody' };
    const ticket = ticketOf(mail);
    return ticket ? reply(mail, ticket, sender) : open(mail, sender);
  };
}

/** Message-IDs as the database compares them: without case. */
export function sameId(messageId: string): string {
  return messageId.toLowerCase();
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
