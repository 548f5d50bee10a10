import { hash } from 'node:crypto';
import type { FetchMessageObject, ImapFlow } from 'imapflow';
import { MailContentError, MailFolderError } from '../../errors/mail-errors.ts';
import { behindWhatTheyAnswer } from '../../halo-api/mail/mail-order.ts';
import { createImapFetcher, type Fetched, type ImapFetcher } from './imap-fetch.ts';
import { openImapLink, type ImapParts } from './imap-link.ts';
import {
  givenDate,
  inGroups,
  keyOf,
  messageIdOf,
  sentDate,
  type MailContent,
  type MailRef,
  type MailSource,
} from './mail-source.ts';

const listedAtOnce = 200;
/** As much of a message as is looked at for its id. */
const longestHead = 64 * 1024;
/** Messages fetched by one command, and their bytes. */
const fetchedAtOnce = 50;
const fetchedBytes = 4 * 1024 * 1024;

/** Signs in and opens the folder. Throws MailUnreachableError, MailTlsError, MailLoginError, MailFolderError. */
export async function openImapSource(parts: ImapParts): Promise<MailSource & { readonly greeting: string }> {
  const { access } = parts;
  const link = await openImapLink(parts);
  const listing = createImapFetcher(link);
  const content = createImapFetcher(link);
  let total: number | undefined;

  return {
    greeting: `Signed in to ${access.host}; the folder ${access.folder} holds ${link.exists} messages.`,
    get total() {
      return total;
    },
    async *list() {
      // The server compares whole days, in its own zone.
      const day = access.since && new Date(access.since.getTime() - 86_400_000);
      const found = await link.insist((client) =>
        client.search({ deleted: false, ...(day && { since: day }) }, { uid: true }),
      );
      const uids = found.sort((a, b) => a - b);
      total = uids.length;
      for (let from = 0; from < uids.length; from += listedAtOnce) {
        const refs = await listSome(
          listing,
          { name: JSON.stringify([link.server, access.folder]), validity: link.uidValidity },
          uids.slice(from, from + listedAtOnce),
          parts.clock.now(),
        );
        yield refs.filter((ref) => ref.trouble || !access.since || ref.received >= access.since);
      }
    },
    async *contents(refs) {
      for (const group of inGroups(refs, fetchedAtOnce, fetchedBytes)) {
        const sizes = new Map(group.map((ref) => [Number(ref.id), ref.size]));
        const found = await content.fetch([...sizes.keys()], { uid: true, source: true }, (row) =>
          hasContent(row, sizes.get(row.uid) ?? 0),
        );
        for (const ref of group) {
          const one = contentOf(ref, found.get(Number(ref.id)));
          yield isOf(ref, one) ? one : await givenAgain(content, one);
        }
      }
    },
    async settle(refs) {
      const { afterwards } = access;
      const wanted = afterwards.do === 'leave' ? refs.filter((ref) => !ref.seen) : refs;
      if (wanted.length === 0) return { left: [] };
      const uids = wanted.map((ref) => Number(ref.id));
      if (afterwards.do === 'leave') {
        await link.insist((client) => client.messageFlagsAdd(uids, ['\\Seen'], { uid: true }));
        return { left: [] };
      }
      const target = afterwards.do === 'move' ? (afterwards.folder ?? (await link.ask(trashOf))) : undefined;
      if (target === undefined) await link.insist((client) => client.messageDelete(uids, { uid: true }));
      else await link.insist((client) => moveTo(client, uids, target, access.name));
      return { left: refs };
    },
    position: undefined,
    close: () => link.close(),
  };
}

/** A folder as long as its UIDs stand for the same messages (RFC 3501 2.3.1.1). */
interface ListedFolder {
  readonly name: string;
  readonly validity: string;
}

function placeIn({ name, validity }: ListedFolder, uid: number): string {
  return hash('sha256', JSON.stringify([name, validity, uid]), 'hex').slice(0, 32);
}

async function listSome(
  listing: ImapFetcher,
  folder: ListedFolder,
  uids: readonly number[],
  now: Date,
): Promise<readonly MailRef[]> {
  const query = { uid: true, flags: true, envelope: true, internalDate: true, size: true };
  const found = await listing.fetch(uids, query, (row) => row.envelope !== undefined && row.internalDate !== undefined);
  const listed = uids.flatMap((uid) => {
    const one = found.get(uid);
    if (!one) return [];
    const { messageId = '', inReplyTo = '' } = one instanceof MailContentError ? {} : (one.envelope ?? {});
    const ref = one instanceof MailContentError ? unnamed(uid, folder, one) : refOf(one, folder, now);
    return [{ ref, id: messageIdOf(messageId), answers: [messageIdOf(inReplyTo)] }];
  });
  return behindWhatTheyAnswer(listed, (one) => one).map(({ ref }) => ref);
}

function hasContent({ source }: FetchMessageObject, size: number): boolean {
  return source !== undefined && (source.byteLength > 0 || size === 0);
}

function contentOf(ref: MailRef, found: Fetched | undefined): MailContent {
  if (found instanceof MailContentError) return { ref, trouble: found };
  return { ref, ...(found?.source && { source: found.source }) };
}

/** Whether what came may be the message that was listed, by its id, or else its size. */
function isOf(ref: MailRef, { source }: MailContent): boolean {
  if (!source) return true;
  if (ref.place !== undefined) return ref.size <= 0 || ref.size === source.byteLength;
  const bytes = Buffer.from(source.buffer, source.byteOffset, Math.min(source.byteLength, longestHead));
  const end = bytes.indexOf('\r\n\r\n');
  const head = bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
  const written = /(?:^|\n)message-id[ \t]*:([^]{1,1200})/i.exec(head)?.[1]?.replaceAll(/\s+/g, '') ?? '';
  return written.includes(ref.key.slice(1, -1));
}

/**
 * A message of which the server gave what seems to be another, as one that miscounts bytes runs two of them into one, asked for by
 * itself. What comes then is that message where it is the same once more, or seems to be it.
 */
async function givenAgain(content: ImapFetcher, { ref, source }: MailContent): Promise<MailContent> {
  const found = await content.fetch([Number(ref.id)], { uid: true, source: true }, (row) => hasContent(row, ref.size));
  const again = contentOf(ref, found.get(Number(ref.id)));
  const isSame = source !== undefined && again.source !== undefined && Buffer.compare(source, again.source) === 0;
  if (isSame || isOf(ref, again)) return again;
  return { ref, trouble: new MailContentError('the server gives another message in its place') };
}

/** Moves messages. Where it is refused because there is no such folder, that is the reason; the server's own words otherwise. */
async function moveTo(
  client: ImapFlow,
  uids: number[],
  target: string,
  mailbox: string,
): Promise<object | false | undefined> {
  const moved = await client.messageMove(uids, target, { uid: true });
  if (moved || !client.usable) return moved;
  const folders = await client.list();
  const there = folders.some(({ path }) => path.toLowerCase() === target.toLowerCase());
  if (!there) throw new MailFolderError(mailbox, target);
  return moved;
}

/** The folder for deleted messages; undefined where the server marks none. */
async function trashOf(client: ImapFlow): Promise<string | undefined> {
  const folders = await client.list();
  const marked = folders.find((folder) => folder.specialUse === '\\Trash');
  return (marked ?? folders.find((folder) => /^(INBOX[./])?(Trash|Deleted (Items|Messages))$/i.test(folder.path)))
    ?.path;
}

/** A message of which the server gives not even the envelope: known by its place in the folder. */
function unnamed(uid: number, { validity }: ListedFolder, trouble: MailContentError): MailRef {
  const never = new Date(0);
  const key = keyOf('', ['uid', validity, uid]);
  return {
    id: String(uid),
    key,
    sent: never,
    received: never,
    size: 0,
    from: '',
    listedSubject: '',
    seen: false,
    trouble,
  };
}

function refOf(message: FetchMessageObject, folder: ListedFolder, now: Date): MailRef {
  const { envelope, size = 0 } = message;
  const written = givenDate(envelope?.date);
  const dated = givenDate(message.internalDate) ?? written;
  const received = dated ?? now;
  const from = envelope?.from?.[0]?.address ?? '';
  const subject = envelope?.subject ?? '';
  const sent = sentDate(written, received);
  const messageId = messageIdOf(envelope?.messageId);
  return {
    id: String(message.uid),
    key: keyOf(messageId, [from, subject, dated ? sent.getTime() : 0, size]),
    sent,
    received,
    size,
    from,
    listedSubject: subject,
    // What such a message says of itself, others may say as well.
    ...(messageId === '' && { place: placeIn(folder, message.uid) }),
    seen: message.flags?.has('\\Seen') === true,
    ...(message.threadId !== undefined && { conversationId: message.threadId }),
  };
}
