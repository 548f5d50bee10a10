import type { Clock } from '../../environment.ts';
import { MailContentError, MailFolderError } from '../../errors/mail-errors.ts';
import {
  VendorAnswerError,
  VendorAnswerSizeError,
  VendorRefusedError,
  VendorUnreachableError,
} from '../../errors/vendor-errors.ts';
import { createTokenSource, withBearer } from '../../http/oauth-client-credentials.ts';
import type { HttpClient, HttpRequest } from '../../http/http-client.ts';
import type { MailPosition } from '../../halo-api/mail/incoming-mail.ts';
import { graphFields, questionsBeforeAnswers, refOfGraph, type GraphMessage } from './graph-message.ts';
import { inGroups, type MailContent, type MailRef, type MailSource } from './mail-source.ts';
import type { GraphAccess } from './mailbox-access.ts';

const pageSize = 100;
const yieldedAtOnce = 200;
/** A delta query with a filter brings no more messages than this (Microsoft Graph, message: delta). */
const mostFiltered = 5000;
const settledAtOnce = 4;
/** Messages fetched side by side, and the bytes they are reckoned to have: one with attachments goes alone. */
const fetchedAtOnce = 4;
const fetchedBytes = 1024 * 1024;
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

/** Signs in and finds the folder. Throws VendorAuthError, VendorForbiddenError, MailFolderError and what a request may throw. */
export async function openGraphSource(parts: GraphParts): Promise<MailSource & { readonly greeting: string }> {
  const { access, signal, clock } = parts;
  const root = `${access.graphUrl}/v1.0`;
  const user = `${root}/users/${encodeURIComponent(access.address)}`;
  const tokens = createTokenSource({
    http: parts.http,
    clock,
    request: {
      method: 'POST',
      url: access.tokenUrl,
      form: {
        client_id: access.clientId ?? '',
        client_secret: access.clientSecret ?? '',
        scope: `${access.graphUrl}/.default`,
        grant_type: 'client_credentials',
      },
    },
  });
  const http = withBearer(parts.http, tokens);
  const ask = async (request: HttpRequest): Promise<Record<string, unknown>> =>
    ((await http.json({ ...request, headers: { ...request.headers, prefer } }, signal)) ?? {}) as Record<
      string,
      unknown
    >;

  const folders = new Map<string, Promise<string>>();
  function folderId(name: string): Promise<string> {
    let id = folders.get(name);
    if (!id) folders.set(name, (id = findFolder(name)));
    return id;
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

  const folder = await folderId(access.folder);
  const { totalItemCount = 0 } = (await ask({ url: `${user}/mailFolders/${folder}` })) as { totalItemCount?: number };
  const listing = `${user}/mailFolders/${folder}/messages/delta()`;
  let position: MailPosition | undefined;
  let total: number | undefined;

  /** All pages of a listing: what is there, what is gone, and where the next listing starts. */
  async function readDelta(start: HttpRequest): Promise<ReadonlyMap<string, GraphMessage>> {
    const found = new Map<string, GraphMessage>();
    const followed = new Set<string>();
    let request = start;
    for (;;) {
      const answer = await ask(request);
      const records = answer['value'];
      if (!Array.isArray(records))
        throw new VendorAnswerError({ method: 'GET', url: request.url }, 'no list under "value"');
      for (const one of records as GraphMessage[]) {
        if (!one.id) continue;
        if (one['@removed'] !== undefined) found.delete(one.id);
        else found.set(one.id, { ...found.get(one.id), ...one });
      }
      const next = answer['@odata.nextLink'];
      if (typeof next === 'string') {
        if (followed.has(next))
          throw new VendorAnswerError({ method: 'GET', url: request.url }, 'its pages lead in a circle');
        followed.add(next);
        request = { url: ownLink(next, access.graphUrl) };
        continue;
      }
      const delta = answer['@odata.deltaLink'];
      position = typeof delta === 'string' ? { link: ownLink(delta, access.graphUrl), of: listing } : undefined;
      return found;
    }
  }

  async function readChanges(): Promise<ReadonlyMap<string, GraphMessage>> {
    if (parts.position?.of !== listing) return readAll();
    try {
      return await readDelta({ url: ownLink(parts.position.link, access.graphUrl) });
    } catch (error) {
      // A link that is too old, or of another folder, is no longer known: everything is listed again, and known again.
      if (error instanceof VendorRefusedError && [400, 404, 410].includes(error.status)) return readAll();
      throw error;
    }
  }

  async function readAll(): Promise<ReadonlyMap<string, GraphMessage>> {
    const query = { changeType: 'created', $select: graphFields };
    const since = access.since?.toISOString().replace(/\.\d+Z$/, 'Z');
    if (since === undefined) return readDelta({ url: listing, query });
    const found = await readDelta({ url: listing, query: { ...query, $filter: `receivedDateTime ge ${since}` } });
    // As many as a filter lets through may not be all of them.
    return found.size < mostFiltered ? found : readDelta({ url: listing, query });
  }

  /** A message that only changed comes without what did not. */
  async function complete(message: GraphMessage): Promise<GraphMessage | undefined> {
    if (message.receivedDateTime && message.internetMessageId !== undefined) return message;
    return present(
      async () => (await ask({ url: messageUrl(message.id), query: { $select: graphFields } })) as GraphMessage,
    );
  }

  const messageUrl = (id = ''): string => `${user}/messages/${encodeURIComponent(id)}`;

  async function contentOf(ref: MailRef): Promise<MailContent> {
    try {
      const url = `${messageUrl(ref.id)}/$value`;
      const source = await present(() => http.bytes({ url, headers: { prefer } }, signal));
      return { ref, ...(source && { source }) };
    } catch (error) {
      if (error instanceof VendorRefusedError || error instanceof VendorAnswerSizeError)
        return { ref, trouble: new MailContentError(error.message, error) };
      if (!(error instanceof VendorUnreachableError)) throw error;
      // Where the mailbox still answers, it is this message that the server chokes on.
      await ask({ url: `${user}/mailFolders/${folder}` });
      return { ref, trouble: new MailContentError(error.message, error) };
    }
  }

  return {
    greeting: `Signed in to Microsoft Graph; the folder ${access.folder} of ${access.address} holds ${totalItemCount} messages.`,
    get total() {
      return total;
    },
    get position() {
      return position;
    },
    async *list() {
      const refs: MailRef[] = [];
      for (const message of (await readChanges()).values()) {
        const one = message.isDraft === true ? undefined : await complete(message);
        const ref = one && refOfGraph(one, fetchedBytes);
        if (ref && !(access.since && ref.received < access.since)) refs.push(ref);
      }
      const ordered = questionsBeforeAnswers(refs);
      total = ordered.length;
      for (let from = 0; from < ordered.length; from += yieldedAtOnce) yield ordered.slice(from, from + yieldedAtOnce);
    },
    async *contents(refs) {
      for (const group of inGroups(refs, fetchedAtOnce, fetchedBytes)) yield* await Promise.all(group.map(contentOf));
    },
    async settle(refs) {
      const { afterwards } = access;
      const target = afterwards.do === 'leave' ? undefined : await folderId(destinationOf(afterwards));
      const open = target === undefined ? refs.filter((ref) => !ref.seen) : refs;
      for (let from = 0; from < open.length; from += settledAtOnce) {
        await Promise.all(
          open.slice(from, from + settledAtOnce).map((ref) =>
            present(() =>
              target === undefined
                ? ask({ method: 'PATCH', url: messageUrl(ref.id), json: { isRead: true }, retry: true })
                : ask({
                    method: 'POST',
                    url: `${messageUrl(ref.id)}/move`,
                    json: { DestinationId: target },
                    retry: true,
                  }),
            ),
          ),
        );
      }
      return target === undefined ? [] : refs;
    },
    close: async () => undefined,
  };
}

function destinationOf(afterwards: Exclude<GraphAccess['afterwards'], { do: 'leave' }>): string {
  return afterwards.do === 'delete' ? 'recoverableitemsdeletions' : (afterwards.folder ?? 'deleteditems');
}

/** The answer; undefined where the message is no longer there. */
async function present<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VendorRefusedError && (error.status === 404 || error.status === 410)) return undefined;
    throw error;
  }
}

/** A link is followed only to Graph itself, since the token goes with it. */
function ownLink(link: string, graphUrl: string): string {
  if (!URL.canParse(link) || new URL(link).origin !== new URL(graphUrl).origin)
    throw new VendorAnswerError({ method: 'GET', url: graphUrl }, 'it links to another server');
  return link;
}
