import type { MailContentError } from '../../errors/mail-errors.ts';
import { behindWhatTheyAnswer } from '../../halo-api/mail/mail-order.ts';
import { keyOf, messageIdOf, sentDate, type MailRef } from './mail-source.ts';

/** Fields of a message that a listing asks for. */
export const graphFields =
  'id,internetMessageId,conversationId,receivedDateTime,sentDateTime,subject,from,sender,hasAttachments,isDraft,isRead';

/** A message as Graph lists it; one that only changed lacks what did not. */
export interface GraphMessage {
  readonly id?: string;
  readonly '@removed'?: unknown;
  readonly internetMessageId?: string | null;
  readonly conversationId?: string | null;
  readonly receivedDateTime?: string | null;
  readonly sentDateTime?: string | null;
  readonly subject?: string | null;
  readonly from?: { readonly emailAddress?: { readonly address?: string | null } } | null;
  readonly sender?: GraphMessage['from'];
  readonly isDraft?: boolean | null;
  readonly isRead?: boolean | null;
  readonly hasAttachments?: boolean | null;
}

/**
 * A message of Graph as a listing names it. Graph does not tell its size, only whether it has attachments, and then it is reckoned to
 * have the bytes given.
 */
export function refOfGraph(message: GraphMessage, withAttachments: number, trouble?: MailContentError): MailRef {
  const received = new Date(message.receivedDateTime ?? 0);
  const from = message.from?.emailAddress?.address ?? message.sender?.emailAddress?.address ?? '';
  const subject = message.subject ?? '';
  const sent = sentDate(message.sentDateTime ? new Date(message.sentDateTime) : undefined, received);
  const messageId = messageIdOf(message.internetMessageId);
  return {
    id: message.id ?? '',
    key: keyOf(messageId, [from, subject, sent.getTime(), message.id ?? '']),
    sent,
    received,
    size: message.hasAttachments === true ? withAttachments : 0,
    from,
    listedSubject: subject,
    seen: message.isRead === true,
    ...(message.conversationId ? { conversationId: message.conversationId } : {}),
    ...(trouble && { trouble }),
  };
}

/**
 * Messages as they came, each behind the first of its conversation: delta comes in no useful order, a reply must find the ticket its
 * question opened, and a question may be held up on its way.
 */
export function questionsBeforeAnswers(refs: readonly MailRef[]): readonly MailRef[] {
  const byArrival = refs.toSorted((a, b) => a.received.getTime() - b.received.getTime());
  const firsts = new Map<string, MailRef>();
  for (const ref of byArrival) {
    const first = ref.conversationId === undefined ? undefined : firsts.get(ref.conversationId);
    if (ref.conversationId !== undefined && (!first || ref.sent < first.sent)) firsts.set(ref.conversationId, ref);
  }
  return behindWhatTheyAnswer(byArrival, (ref) => ({
    id: ref.id,
    answers: [firsts.get(ref.conversationId ?? '')?.id ?? ''],
  }));
}
