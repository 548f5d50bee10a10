import { createHash } from 'node:crypto';
import type { IntegratorError } from '../../errors/integrator-error.ts';
import type { MailContentError } from '../../errors/mail-errors.ts';
import type { MailKey, MailPosition } from '../../halo-api/mail/incoming-mail.ts';

/** A message of a mailbox as its listing names it, before its content is read. */
export interface MailRef extends MailKey {
  /** The provider's id: the immutable id of Graph, the UID of IMAP. */
  readonly id: string;
  readonly received: Date;
  /** Bytes; 0 where the listing does not say. */
  readonly size: number;
  readonly from: string;
  /** Whether it is marked as read already. */
  readonly seen: boolean;
  readonly conversationId?: string;
  /** Why the listing knows no more of it: the server cannot give this message. */
  readonly trouble?: MailContentError;
}

/** The content of a message; neither source nor trouble where it is no longer in the mailbox. */
export interface MailContent {
  readonly ref: MailRef;
  readonly source?: Uint8Array;
  /** Why only this message cannot be had. */
  readonly trouble?: MailContentError;
}

/** What became of messages that were dealt with. */
export interface Settled {
  /** Those that have left the folder. */
  readonly left: readonly MailRef[];
  /** Why some of them could not be settled. */
  readonly trouble?: IntegratorError;
}

/** A mailbox that is read: listed, fetched message by message, and cleared of what was dealt with. */
export interface MailSource {
  /** How many messages are to be looked at, once known. */
  readonly total: number | undefined;
  /** The messages of the folder, oldest first, some at a time. */
  list(): AsyncIterable<readonly MailRef[]>;
  /** Whole messages as they were sent, in the order asked for; some at a time are fetched together where they are small. */
  contents(refs: readonly MailRef[]): AsyncIterable<MailContent>;
  /** Leaves, moves or deletes messages as the mailbox row says. Throws where all of them are refused. */
  settle(refs: readonly MailRef[]): Promise<Settled>;
  /** Where the next listing starts, known after a whole one; undefined where each listing names what is to be done. */
  readonly position: MailPosition | undefined;
  close(): Promise<void>;
}

/** Refs in groups that are fetched together: up to so many, and up to so many bytes; a larger one goes alone. */
export function* inGroups(refs: readonly MailRef[], most: number, bytes: number): Generator<readonly MailRef[]> {
  let group: MailRef[] = [];
  let size = 0;
  for (const ref of refs) {
    if (group.length > 0 && (group.length >= most || size + ref.size > bytes)) {
      yield group;
      group = [];
      size = 0;
    }
    group.push(ref);
    size += ref.size;
  }
  if (group.length > 0) yield group;
}

/** A Message-ID as headers compare it, with its brackets; '' where there is none. */
export function messageIdOf(header: string | null | undefined): string {
  const text = header?.trim() ?? '';
  const bracketed = /<([^<>\s]+)>/.exec(text)?.[1] ?? text.replaceAll(/[<>\s]/g, '');
  return bracketed === '' ? '' : `<${bracketed}>`;
}

/** What a message without an id is known by: the same each time it is listed, wherever it is moved to. */
export function keyOf(messageId: string, facts: readonly (string | number)[]): string {
  if (messageId !== '') return messageId;
  return `no-message-id-${createHash('sha256').update(JSON.stringify(facts)).digest('hex')}`;
}

/** A date as a provider gives it; undefined where it is none, or one on which no mail came. */
export function givenDate(value: unknown): Date | undefined {
  const date = value instanceof Date ? value : new Date(typeof value === 'string' ? value : Number.NaN);
  const time = date.getTime();
  return time > Date.UTC(1970, 0, 2) && time < Date.UTC(2200, 0, 1) ? date : undefined;
}

/** When a message was sent, in whole seconds; a date nobody can have sent it on gives way to when it was received. */
export function sentDate(header: Date | undefined, received: Date): Date {
  const day = 86_400_000;
  const time = header?.getTime() ?? Number.NaN;
  const earliest = Date.UTC(1990, 0, 1);
  const good = time > earliest && time < received.getTime() + day;
  return new Date(Math.floor((good ? time : received.getTime()) / 1000) * 1000);
}
