import { createHash } from 'node:crypto';
import { MailContentError } from '../../errors/mail-errors.ts';
import { VendorAnswerError, VendorForbiddenError, VendorRefusedError } from '../../errors/vendor-errors.ts';
import type { MailPosition } from '../../halo-api/mail/incoming-mail.ts';
import type { HttpRequest } from '../../http/http-client.ts';
import { present, type GraphMailbox } from './graph-mailbox.ts';
import { graphFields, graphMessageOf, type GraphMessage } from './graph-message.ts';

/** A delta query with a filter brings no more messages than this (Microsoft Graph, message: delta). */
const mostFiltered = 5000;

/** What a listing of a folder starts with. */
export interface ListingStart {
  readonly folder: string;
  /** Messages received before are not looked at. */
  readonly since: Date | undefined;
  /** Where the last whole listing ended. */
  readonly position: MailPosition | undefined;
}

/** A message of a folder, and why Graph gives no more of it than its id. */
export interface ListedMessage {
  readonly message: GraphMessage;
  readonly trouble?: MailContentError;
}

/** What is in a folder, and where the next listing starts; undefined where Graph does not say. */
export interface Listed {
  readonly messages: readonly ListedMessage[];
  readonly position: MailPosition | undefined;
}

type Delta = {
  readonly found: ReadonlyMap<string, GraphMessage>;
  /** Records by which no message can be asked for, each once. */
  readonly odd: ReadonlySet<string>;
  readonly position: MailPosition | undefined;
};

/**
 * Lists a folder by delta query from where the last listing ended, or whole. Throws VendorAnswerError for pages without a list or
 * without an end, and what a request throws.
 */
export async function listFolder(mailbox: GraphMailbox, start: ListingStart): Promise<Listed> {
  const listing = `${mailbox.folderUrl(start.folder)}/messages/delta()`;
  const { found, odd, position } = await readChanges(mailbox, listing, start);
  const messages: ListedMessage[] = [...odd].map(unasked);
  for (const message of found.values()) {
    const one = message.isDraft === true ? undefined : await complete(mailbox, message);
    if (one) messages.push(one);
  }
  return { messages, position };
}

async function readChanges(mailbox: GraphMailbox, listing: string, start: ListingStart): Promise<Delta> {
  const { position, since } = start;
  if (position?.of !== listing) return readAll(mailbox, listing, since);
  try {
    return await readDelta(mailbox, listing, { url: mailbox.ownLink(position.link) });
  } catch (error) {
    // A link that is too old, or of another folder, is no longer known: everything is listed again, and known again.
    if (error instanceof VendorRefusedError && [400, 404, 410].includes(error.status))
      return readAll(mailbox, listing, since);
    throw error;
  }
}

async function readAll(mailbox: GraphMailbox, listing: string, since: Date | undefined): Promise<Delta> {
  const query = { changeType: 'created', $select: graphFields };
  if (since === undefined) return readDelta(mailbox, listing, { url: listing, query });
  const moment = since.toISOString().replace(/\.\d+Z$/, 'Z');
  const filtered = { ...query, $filter: `receivedDateTime ge ${moment}` };
  const delta = await readDelta(mailbox, listing, { url: listing, query: filtered });
  // As many as a filter lets through may not be all of them.
  return delta.found.size < mostFiltered ? delta : readDelta(mailbox, listing, { url: listing, query });
}

/** All pages of a listing: what is there, what is gone, and where the next listing starts. */
async function readDelta(mailbox: GraphMailbox, listing: string, start: HttpRequest): Promise<Delta> {
  const found = new Map<string, GraphMessage>();
  const odd = new Set<string>();
  const followed = new Set<string>();
  let request = start;
  for (;;) {
    const answer = await mailbox.ask(request);
    const records = answer['value'];
    if (!Array.isArray(records))
      throw new VendorAnswerError({ method: 'GET', url: request.url }, 'no list under "value"');
    for (const record of records as unknown[]) {
      const one = graphMessageOf(record);
      if (!one) odd.add(createHash('sha256').update(JSON.stringify(record)).digest('hex'));
      else if (one.isRemoved) found.delete(one.id);
      else found.set(one.id, { ...found.get(one.id), ...one });
    }
    const next = answer['@odata.nextLink'];
    if (typeof next === 'string') {
      if (followed.has(next))
        throw new VendorAnswerError({ method: 'GET', url: request.url }, 'its pages lead in a circle');
      followed.add(next);
      request = { url: mailbox.ownLink(next) };
      continue;
    }
    const delta = answer['@odata.deltaLink'];
    return {
      found,
      odd,
      position: typeof delta === 'string' ? { link: mailbox.ownLink(delta), of: listing } : undefined,
    };
  }
}

/** A record of the listing that has no id of a message, known by its own content. */
function unasked(content: string): ListedMessage {
  return { message: { id: `odd-${content}` }, trouble: new MailContentError('the listing has no id for it') };
}

/** A message that only changed comes without what did not. */
async function complete(mailbox: GraphMailbox, message: GraphMessage): Promise<ListedMessage | undefined> {
  if (message.receivedDateTime && message.internetMessageId !== undefined) return { message };
  const url = mailbox.messageUrl(message.id);
  try {
    const whole = await present(() => mailbox.ask({ url, query: { $select: graphFields } }));
    return whole && { message: { ...message, ...graphMessageOf(whole) } };
  } catch (error) {
    if (!(error instanceof VendorRefusedError || error instanceof VendorForbiddenError)) throw error;
    return { message, trouble: new MailContentError(error.message, error) };
  }
}
