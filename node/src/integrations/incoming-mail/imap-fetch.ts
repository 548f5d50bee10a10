import type { FetchMessageObject, FetchQueryObject } from 'imapflow';
import { MailContentError, MailRefusedError, MailUnreachableError } from '../../errors/mail-errors.ts';
import type { ImapLink } from './imap-link.ts';

/** As many messages refused one by one, with none given, are no fault of theirs. */
const refusedForAReason = 3;

/** What the server gave of a message, or why it cannot give that one. */
export type Fetched = FetchMessageObject | MailContentError;

/** Asks for some messages, those that a server cannot give one by one. */
export interface ImapFetcher {
  /**
   * What is asked for of each of these UIDs; none for a message that is not there any longer. `whole` tells whether a line of the
   * server has what was asked for. Throws MailRefusedError or MailUnreachableError where the server gives no message at all.
   */
  fetch(
    uids: readonly number[],
    query: FetchQueryObject,
    whole: (row: FetchMessageObject) => boolean,
  ): Promise<ReadonlyMap<number, Fetched>>;
}

/** A fetcher for one purpose (listing, or content): what is refused throughout is refused for another reason than the message. */
export function createImapFetcher(link: ImapLink): ImapFetcher {
  let given = 0;

  /** The rows of each message together: a server may tell of flags at any time, in a line of its own (RFC 3501 7.4.2). */
  async function rowsOf(uids: readonly number[], query: FetchQueryObject): Promise<Map<number, FetchMessageObject>> {
    const asked = new Set(uids);
    const rows = await link.ask((client) => client.fetchAll([...uids], query, { uid: true }));
    // What the server tells of its own accord may name the message by its sequence number alone.
    const uidOf = new Map(rows.flatMap(({ seq, uid }) => (uid ? [[seq, uid] as const] : [])));
    const found = new Map<number, FetchMessageObject>();
    for (const row of rows) {
      const uid = row.uid || (uidOf.get(row.seq) ?? 0);
      if (asked.has(uid)) found.set(uid, { ...found.get(uid), ...row, uid });
    }
    return found;
  }

  async function some(
    uids: readonly number[],
    query: FetchQueryObject,
    again: boolean,
  ): Promise<ReadonlyMap<number, Fetched>> {
    try {
      return await rowsOf(uids, query);
    } catch (error) {
      const lost = error instanceof MailUnreachableError;
      if (!lost && !(error instanceof MailRefusedError && !error.throttled)) throw error;
      // Where the server answers anew, it is one of these messages that it chokes on.
      if (lost) await link.reopen();
      const [first = 0] = uids;
      if (uids.length === 1)
        return lost && again ? some(uids, query, false) : new Map([[first, new MailContentError(error.said, error)]]);
      const half = Math.ceil(uids.length / 2);
      return new Map([
        ...(await some(uids.slice(0, half), query, again)),
        ...(await some(uids.slice(half), query, again)),
      ]);
    }
  }

  /** Those that the server gives nothing of, though they are in the folder: others were deleted since they were listed. */
  async function stillThere(uids: readonly number[]): Promise<readonly number[]> {
    if (uids.length === 0) return [];
    const found = await link.insist((client) => client.search({ uid: uids.join(',') }, { uid: true }));
    const there = new Set(found);
    return uids.filter((uid) => there.has(uid));
  }

  return {
    async fetch(uids, query, whole) {
      const found = new Map(await some(uids, query, true));
      const silent: number[] = [];
      for (const uid of uids) {
        const row = found.get(uid);
        if (row instanceof MailContentError || (row && whole(row))) continue;
        // A line without what was asked for is no message; asked alone, a message that is there comes.
        const alone = (await some([uid], query, true)).get(uid);
        if (alone instanceof MailContentError || (alone && whole(alone))) found.set(uid, alone);
        else {
          found.delete(uid);
          silent.push(uid);
        }
      }
      for (const uid of await stillThere(silent))
        found.set(uid, new MailContentError('the server gives nothing of it, and no reason'));
      const refused = [...found.values()].filter((one) => one instanceof MailContentError);
      given += found.size - refused.length;
      if (given === 0 && refused.length >= refusedForAReason)
        throw (
          refused[0]?.cause ??
          new MailRefusedError(link.server, 'it gives nothing of the messages it lists, and no reason', false)
        );
      return found;
    },
  };
}
