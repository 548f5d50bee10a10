import { hash } from 'node:crypto';
import { StateFolderError } from '../../errors/run-errors.ts';
import { identityOf } from '../../halo-api/mail/mail-identity.ts';
import type { IncomingMail } from '../../halo-api/mail/incoming-mail.ts';
import type { EntityContext } from '../entity.ts';
import { viewSettings } from './mail-settings.ts';
import type { MailContent, MailRef } from './mail-source.ts';
import { ownAddresses } from './mailbox-rows.ts';
import { readMessage } from './read-message.ts';
import { awaitsScan } from './safe-attachments.ts';

const megabyte = 1024 * 1024;
const endedThere = 'the engine ended, or was ended, while it read this message';

/** Reads the messages of one mailbox; a message that cannot be read is set aside with the reason. */
export interface MailReader {
  /** What is known of a message without its content, where it is not to be read at all; undefined where it is. */
  unread(ref: MailRef): IncomingMail | undefined;
  /** The message; undefined where it is gone, or is to be seen again later. Throws StateFolderError. */
  read(content: MailContent): Promise<IncomingMail | undefined>;
  /** Notes that what messages became is committed. */
  written(refs: readonly MailRef[]): Promise<void>;
  close(): Promise<void>;
}

/** A reader that marks each message as it begins to read it, so that one the engine dies of is known at the next start. */
export async function createMailReader(context: EntityContext): Promise<MailReader> {
  const own = await ownAddresses(context.api, context.connection.id);
  const largest = (viewSettings(context.settings).number('MaxMessageMB') ?? 60) * megabyte;
  const marks = await context.marks?.();

  return {
    unread(ref) {
      if (marks?.wasLeft(identityOf(ref))) return { ...unreadable(ref, endedThere), perilous: true };
      if (ref.trouble) return unreadable(ref, ref.trouble.message);
      return ref.size > largest ? unreadable(ref, tooLarge(ref.size, largest)) : undefined;
    },
    async read({ ref, source: content, trouble }) {
      if (trouble) return unreadable(ref, trouble.message);
      if (!content) return undefined;
      if (content.byteLength > largest) return unreadable(ref, tooLarge(content.byteLength, largest));
      try {
        await marks?.set(identityOf(ref));
        const mail = { ...(await readMessage(content, ref, own)), ...contentOf(ref, content) };
        return awaitsScan(mail, context.connection.row, context.clock.now()) ? undefined : mail;
      } catch (error) {
        // What is wrong with one message is its own affair.
        if (error instanceof StateFolderError) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        return { ...unreadable(ref, reason), ...contentOf(ref, content) };
      } finally {
        await marks?.set(undefined);
      }
    },
    async written(refs) {
      for (const ref of refs) await marks?.forget(identityOf(ref));
    },
    async close() {
      await marks?.close();
    },
  };
}

/** What tells a message without an id from others that say the same of themselves. */
function contentOf({ place }: MailRef, content: Uint8Array): Pick<IncomingMail, 'place' | 'content'> {
  return place === undefined ? {} : { place, content: hash('sha256', content, 'hex') };
}

function tooLarge(size: number, limit: number): string {
  return `it has ${Math.ceil(size / megabyte)} MB, and ${limit / megabyte} are allowed (MaxMessageMB)`;
}

function unreadable(ref: MailRef, reason: string): IncomingMail {
  return {
    key: ref.key,
    sent: ref.sent,
    listedSubject: ref.listedSubject,
    ...(ref.place !== undefined && { place: ref.place }),
    messageId: '',
    entryId: ref.id,
    references: [],
    from: { address: ref.from.toLowerCase(), name: '' },
    replyTo: '',
    to: [],
    cc: [],
    subject: ref.listedSubject,
    text: '',
    html: '',
    received: ref.received,
    importance: 'normal',
    automatic: 'no',
    byOtherMailbox: false,
    unreadable: reason,
    attachments: [],
  };
}
