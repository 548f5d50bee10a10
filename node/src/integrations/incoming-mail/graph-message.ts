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
export function refOfGraph(message: GraphMessage, withAttachments: number): MailRef {
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
  };
}
