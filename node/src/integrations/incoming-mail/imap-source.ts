import type { FetchMessageObject, ImapFlow, MailboxObject } from 'imapflow';
import type { Clock } from '../../environment.ts';
import { MailFolderError, MailUnreachableError } from '../../errors/mail-errors.ts';
import type { HttpClient } from '../../http/http-client.ts';
import { createTokenSource } from '../../http/oauth-client-credentials.ts';
import { translatedImapError } from './imap-errors.ts';
import { inGroups, keyOf, messageIdOf, sentDate, type MailRef, type MailSource } from './mail-source.ts';
import type { ImapAccess } from './mailbox-access.ts';

const listedAtOnce = 200;
/** Messages fetched by one command, and their bytes. */
const fetchedAtOnce = 50;
const fetchedBytes = 4 * 1024 * 1024;
const connectTimeout = 30_000;

/** What an IMAP mailbox is opened with. */
export interface ImapParts {
  readonly access: ImapAccess;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Signs in and opens the folder. Throws MailUnreachableError, MailTlsError, MailLoginError, MailFolderError. */
export async function openImapSource(parts: ImapParts): Promise<MailSource & { readonly greeting: string }> {
  const { access, signal } = parts;
  const client = await connect(parts);
  const cancel = (): void => client.close();
  signal.addEventListener('abort', cancel, { once: true });
  const { exists } = await openFolder(client, access);
  let total: number | undefined;

  async function asking<T>(work: () => Promise<T>): Promise<T> {
    let answer: T;
    try {
      answer = await work();
    } catch (error) {
      signal.throwIfAborted();
      throw translatedImapError(access, error);
    }
    signal.throwIfAborted();
    // The library answers nothing, in place of an error, once the connection is gone.
    if (!client.usable) throw new MailUnreachableError(`${access.host}:${access.port}`, 'the connection was lost');
    return answer;
  }

  return {
    greeting: `Signed in to ${access.host}; the folder ${access.folder} holds ${exists} messages.`,
    get total() {
      return total;
    },
    async *list() {
      // The server compares whole days, in its own zone.
      const day = access.since && new Date(access.since.getTime() - 86_400_000);
      const found = await asking(() => client.search({ deleted: false, ...(day && { since: day }) }, { uid: true }));
      const uids = (found || []).sort((a, b) => a - b);
      total = uids.length;
      for (let from = 0; from < uids.length; from += listedAtOnce) {
        const some = uids.slice(from, from + listedAtOnce);
        const messages = await asking(() =>
          client.fetchAll(
            some,
            { uid: true, flags: true, envelope: true, internalDate: true, size: true },
            { uid: true },
          ),
        );
        const refs = messages.sort((a, b) => a.uid - b.uid).map((one) => refOf(one));
        yield refs.filter((ref) => !access.since || ref.received >= access.since);
      }
    },
    async *contents(refs) {
      for (const group of inGroups(refs, fetchedAtOnce, fetchedBytes)) {
        const uids = group.map((ref) => Number(ref.id));
        const messages = await asking(() => client.fetchAll(uids, { uid: true, source: true }, { uid: true }));
        const byUid = new Map(messages.map((message) => [message.uid, message.source]));
        for (const ref of group) {
          const source = byUid.get(Number(ref.id));
          yield { ref, ...(source && { source }) };
        }
      }
    },
    async settle(refs) {
      const { afterwards } = access;
      const wanted = afterwards.do === 'leave' ? refs.filter((ref) => !ref.seen) : refs;
      if (wanted.length === 0) return [];
      const uids = wanted.map((ref) => Number(ref.id));
      return asking(async () => {
        if (afterwards.do === 'leave') {
          await client.messageFlagsAdd(uids, ['\\Seen'], { uid: true });
          return [];
        }
        const target = afterwards.do === 'move' ? (afterwards.folder ?? (await trashOf(client))) : undefined;
        if (target === undefined) await client.messageDelete(uids, { uid: true });
        else if (!(await client.messageMove(uids, target, { uid: true })) && client.usable)
          throw new MailFolderError(access.name, target);
        return refs;
      });
    },
    position: undefined,
    async close() {
      signal.removeEventListener('abort', cancel);
      await quit(client);
    },
  };
}

async function openFolder(client: ImapFlow, access: ImapAccess): Promise<MailboxObject> {
  try {
    return await client.mailboxOpen(access.folder);
  } catch (error) {
    await quit(client);
    const { mailboxMissing, serverResponseCode } = error as { mailboxMissing?: boolean; serverResponseCode?: string };
    if (mailboxMissing || serverResponseCode === 'NONEXISTENT')
      throw new MailFolderError(access.name, access.folder, error);
    throw translatedImapError(access, error);
  }
}

async function connect(parts: ImapParts): Promise<ImapFlow> {
  const { access } = parts;
  // The library is large; whoever reads no IMAP mailbox does not load it.
  const { ImapFlow } = await import('imapflow');
  const client = new ImapFlow({
    host: access.host,
    port: access.port,
    secure: access.tls === 'implicit',
    ...(access.tls === 'starttls' && { doSTARTTLS: true }),
    auth: await authOf(parts),
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: connectTimeout,
    ...(access.trustAnyCertificate && { tls: { rejectUnauthorized: false } }),
  });
  // Without a listener a lost connection would end the process; whoever waits for an answer gets the error too.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    client.close();
    throw translatedImapError(access, error);
  }
  return client;
}

async function authOf({
  access,
  http,
  clock,
  signal,
}: ImapParts): Promise<{ user: string; pass: string } | { user: string; accessToken: string }> {
  const { user, google } = access;
  if (!google) return { user, pass: access.password ?? '' };
  const tokens = createTokenSource({
    http,
    clock,
    request: {
      method: 'POST',
      url: google.tokenUrl,
      form: {
        client_id: google.clientId,
        client_secret: google.clientSecret,
        refresh_token: google.refreshToken,
        grant_type: 'refresh_token',
      },
    },
  });
  return { user, accessToken: await tokens.token(signal) };
}

/** The folder for deleted messages; undefined where the server marks none. */
async function trashOf(client: ImapFlow): Promise<string | undefined> {
  const folders = await client.list();
  const marked = folders.find((folder) => folder.specialUse === '\\Trash');
  return (marked ?? folders.find((folder) => /^(INBOX[./])?(Trash|Deleted (Items|Messages))$/i.test(folder.path)))
    ?.path;
}

async function quit(client: ImapFlow): Promise<void> {
  try {
    await client.logout();
  } catch {
    // A connection that is gone already needs no farewell.
    client.close();
  }
}

function refOf(message: FetchMessageObject): MailRef {
  const { envelope, size = 0 } = message;
  const received = message.internalDate === undefined ? new Date(0) : new Date(message.internalDate);
  const from = envelope?.from?.[0]?.address ?? '';
  const subject = envelope?.subject ?? '';
  const sent = sentDate(envelope?.date ? new Date(envelope.date) : undefined, received);
  const messageId = messageIdOf(envelope?.messageId);
  return {
    id: String(message.uid),
    key: keyOf(messageId, [from, subject, sent.getTime(), size]),
    sent,
    received,
    size,
    from,
    listedSubject: subject,
    seen: message.flags?.has('\\Seen') === true,
    ...(message.threadId !== undefined && { conversationId: message.threadId }),
  };
}
