import type { Clock } from '../../environment.ts';
import { MailFolderError } from '../../errors/mail-errors.ts';
import { VendorAnswerError, VendorRefusedError } from '../../errors/vendor-errors.ts';
import type { MailPosition } from '../../halo-api/mail/incoming-mail.ts';
import type { HttpClient, HttpRequest } from '../../http/http-client.ts';
import { createTokenSource, withBearer } from '../../http/oauth-client-credentials.ts';
import type { GraphAccess } from './mailbox-access.ts';

const pageSize = 100;
/** Folders Graph knows by these names whatever the mailbox's language. */
const wellKnown = new Set(['inbox', 'deleteditems', 'archive', 'junkemail', 'recoverableitemsdeletions']);
/** Ids that stay the same when a message is moved. */
const prefer = `IdType="ImmutableId", odata.maxpagesize=${pageSize}`;

/** What an Exchange Online mailbox is opened with. */
export interface GraphParts {
  readonly access: GraphAccess;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Where the last whole listing ended. */
  readonly position?: MailPosition;
}

/** A mailbox of Exchange Online as Microsoft Graph gives it. Requests throw what an HTTP client throws. */
export interface GraphMailbox {
  /** Of the folder with that id. */
  folderUrl(id: string): string;
  messageUrl(id: string): string;
  /** The id of a folder, by its name. Throws MailFolderError. */
  folderId(name: string): Promise<string>;
  ask(request: HttpRequest): Promise<Record<string, unknown>>;
  /** A message as it was sent. */
  bytes(url: string): Promise<Uint8Array>;
  /** A link of an answer; it is followed only to Graph itself, since the token goes with it. */
  ownLink(link: string): string;
}

/** Opens the mailbox; the first request signs in. */
export function openGraphMailbox({ access, http: client, clock, signal }: GraphParts): GraphMailbox {
  const { graphUrl } = access;
  const user = `${graphUrl}/v1.0/users/${encodeURIComponent(access.address)}`;
  const form = {
    client_id: access.clientId ?? '',
    client_secret: access.clientSecret ?? '',
    scope: `${graphUrl}/.default`,
    grant_type: 'client_credentials',
  };
  const request: HttpRequest = { method: 'POST', url: access.tokenUrl, form };
  const http = withBearer(client, createTokenSource({ http: client, clock, request }));
  const folders = new Map<string, Promise<string>>();

  async function ask(question: HttpRequest): Promise<Record<string, unknown>> {
    const answer = await http.json({ ...question, headers: { ...question.headers, prefer } }, signal);
    return (answer ?? {}) as Record<string, unknown>;
  }

  async function findFolder(name: string): Promise<string> {
    const short = name.toLowerCase().replaceAll(' ', '');
    if (wellKnown.has(short)) return short;
    const answer = await ask({
      url: `${user}/mailFolders`,
      query: { $filter: `displayName eq '${name.replaceAll("'", "''")}'`, $top: 2 },
    });
    const [found] = Array.isArray(answer['value']) ? (answer['value'] as { id?: string }[]) : [];
    if (!found?.id) throw new MailFolderError(access.name, name);
    return found.id;
  }

  return {
    ask,
    folderUrl: (id) => `${user}/mailFolders/${id}`,
    messageUrl: (id) => `${user}/messages/${encodeURIComponent(id)}`,
    folderId(name) {
      let id = folders.get(name);
      if (!id) folders.set(name, (id = findFolder(name)));
      return id;
    },
    bytes: (url) => http.bytes({ url, headers: { prefer } }, signal),
    ownLink(link) {
      if (!URL.canParse(link) || new URL(link).origin !== new URL(graphUrl).origin)
        throw new VendorAnswerError({ method: 'GET', url: graphUrl }, 'it links to another server');
      return link;
    },
  };
}

/** The answer; undefined where the message is no longer there. */
export async function present<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VendorRefusedError && (error.status === 404 || error.status === 410)) return undefined;
    throw error;
  }
}
