import type { MailContentError } from '../../errors/mail-errors.ts';
import { behindWhatTheyAnswer } from '../../halo-api/mail/mail-order.ts';
import { givenDate, keyOf, messageIdOf, sentDate, type MailRef } from './mail-source.ts';

/** Fields of a message that a listing asks for. */
export const graphFields =
  'id,internetMessageId,conversationId,receivedDateTime,sentDateTime,subject,from,sender,hasAttachments,isDraft,isRead';

/** A message as Graph lists it; one that only changed lacks what did not. */
export interface GraphMessage {
  readonly id: string;
  readonly isRemoved?: true;
  readonly internetMessageId?: string | null;
  readonly conversationId?: string | null;
  readonly receivedDateTime?: string | null;
  readonly sentDateTime?: string | null;
  readonly subject?: string | null;
  /** The address it is from. */
  readonly from?: string;
  readonly isDraft?: boolean | null;
  readonly isRead?: boolean | null;
  readonly hasAttachments?: boolean | null;
}

const texts = ['internetMessageId', 'conversationId', 'receivedDateTime', 'sentDateTime', 'subject'];
const marks = ['isDraft', 'isRead', 'hasAttachments'];

/** A message of an answer, without the fields that are not of the kind Graph documents; undefined where it has no id. */
export function graphMessageOf(record: unknown): GraphMessage | undefined {
  const id = fieldOf(record, 'id');
  if (typeof id !== 'string' || id === '') return undefined;
  const fields = [
    ...texts.map((name) => [name, 'string'] as const),
    ...marks.map((name) => [name, 'boolean'] as const),
  ];
  const kept = fields.flatMap(([name, kind]) => {
    const value = fieldOf(record, name);
    return value === null || typeof value === kind ? [[name, value]] : [];
  });
  const from = ['from', 'sender']
    .map((name) => fieldOf(fieldOf(fieldOf(record, name), 'emailAddress'), 'address'))
    .find((address) => typeof address === 'string');
  const isRemoved = fieldOf(record, '@removed') !== undefined;
  return {
    ...Object.fromEntries(kept),
    id,
    ...(typeof from === 'string' && { from }),
    ...(isRemoved && { isRemoved }),
  };
}

function fieldOf(record: unknown, name: string): unknown {
  return typeof record === 'object' && record !== null
    ? (record as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** What a listing knows of a message besides what Graph says of it. */
export interface GraphListing {
  /** Bytes that a message with attachments is reckoned to have: Graph does not tell its size, only whether it has some. */
  readonly withAttachments: number;
  /** When a message came of which Graph does not say it. */
  readonly now: Date;
  readonly trouble: MailContentError | undefined;
}

/** A message of Graph as a listing names it. */
export function refOfGraph(message: GraphMessage, { withAttachments, now, trouble }: GraphListing): MailRef {
  const written = givenDate(message.sentDateTime);
  const dated = givenDate(message.receivedDateTime) ?? written;
  const received = dated ?? (trouble ? new Date(0) : now);
  const from = message.from ?? '';
  const subject = message.subject ?? '';
  const sent = sentDate(written, received);
  const messageId = messageIdOf(message.internetMessageId);
  return {
    id: message.id,
    key: keyOf(messageId, [from, subject, dated ? sent.getTime() : 0, message.id]),
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
