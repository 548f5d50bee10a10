import type { ImapFlow, MailboxObject } from 'imapflow';
import type { Clock } from '../../environment.ts';
import { MailFolderError, MailUnreachableError } from '../../errors/mail-errors.ts';
import type { HttpClient } from '../../http/http-client.ts';
import { createTokenSource } from '../../http/oauth-client-credentials.ts';
import { translatedImapError } from './imap-errors.ts';
import type { ImapAccess } from './mailbox-access.ts';

const connectTimeout = 30_000;
/** How long a server may say nothing at all while it is asked something. */
const silenceTimeout = 120_000;
/** Connections of one run, above which the server is taken for one that cannot be read. */
const mostConnections = 60;

/** What an IMAP mailbox is opened with. */
export interface ImapParts {
  readonly access: ImapAccess;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A folder on an IMAP server that is open, and opened again where the server closes the connection at one message. */
export interface ImapLink {
  /** Host and port. */
  readonly server: string;
  readonly exists: number;
  readonly uidValidity: string;
  /** Does what is asked with the connection. Throws MailRefusedError with the server's words, MailUnreachableError. */
  ask<T>(work: (client: ImapFlow) => Promise<T>): Promise<T>;
  /** As `ask`; nothing or false in an answer, by which the library tells a refusal, is thrown as one. */
  insist<T>(work: (client: ImapFlow) => Promise<T | false | undefined>): Promise<T>;
  /** Opens the folder again after the connection was lost. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

/** Signs in and opens the folder. Throws MailUnreachableError, MailTlsError, MailLoginError, MailFolderError. */
export async function openImapLink(parts: ImapParts): Promise<ImapLink> {
  const { access, signal } = parts;
  const server = `${access.host}:${access.port}`;
  let refusal: unknown;
  const heard = (error: unknown): void => void (refusal = error);
  let client = await connect(parts, heard);
  const cancel = (): void => client.close();
  signal.addEventListener('abort', cancel, { once: true });
  const { exists, uidValidity } = await openFolder(client, access);
  let connections = 1;
  let opening: Promise<void> | undefined;

  async function ask<T>(work: (client: ImapFlow) => Promise<T>): Promise<T> {
    const own = client;
    let answer: T;
    try {
      answer = await work(own);
    } catch (error) {
      signal.throwIfAborted();
      throw translatedImapError(access, error);
    }
    signal.throwIfAborted();
    // The library answers nothing, in place of an error, once the connection is gone.
    if (!own.usable) throw new MailUnreachableError(server, 'the connection was lost');
    return answer;
  }

  async function openAgain(): Promise<void> {
    if (++connections > mostConnections)
      throw new MailUnreachableError(server, `it has closed ${mostConnections} connections`);
    client.close();
    client = await connect(parts, heard);
    signal.throwIfAborted();
    const folder = await openFolder(client, access);
    if (folder.uidValidity !== uidValidity)
      throw new MailUnreachableError(server, `the folder ${access.folder} was made anew`);
  }

  return {
    server,
    exists,
    uidValidity: String(uidValidity),
    ask,
    async insist<T>(work: (client: ImapFlow) => Promise<T | false | undefined>): Promise<T> {
      return ask(async (own) => {
        refusal = undefined;
        const answer = await work(own);
        if ((answer === false || answer === undefined) && own.usable) throw refusal ?? new Error('without a reason');
        return answer as T;
      });
    },
    async reopen() {
      // Listing and fetching go side by side, and lose the same connection.
      if (client.usable) return;
      opening ??= openAgain().finally(() => (opening = undefined));
      await opening;
    },
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

async function connect(parts: ImapParts, heard: (error: unknown) => void): Promise<ImapFlow> {
  const { access } = parts;
  // The library is large; whoever reads no IMAP mailbox does not load it.
  const { ImapFlow } = await import('imapflow');
  const client = new ImapFlow({
    host: access.host,
    port: access.port,
    secure: access.tls === 'implicit',
    ...(access.tls === 'starttls' && { doSTARTTLS: true }),
    auth: await authOf(parts),
    // Where a command answers "false", what the server said is told nowhere else.
    logger: {
      trace: () => undefined,
      debug: () => undefined,
      info: () => undefined,
      warn: (entry: { readonly err?: unknown }) => entry.err && heard(entry.err),
      error: () => undefined,
    },
    disableAutoIdle: true,
    connectionTimeout: connectTimeout,
    socketTimeout: silenceTimeout,
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

async function quit(client: ImapFlow): Promise<void> {
  try {
    await client.logout();
  } catch {
    // A connection that is gone already needs no farewell.
    client.close();
  }
}
