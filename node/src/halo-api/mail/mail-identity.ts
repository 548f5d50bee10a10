import { comparedText } from '../values/compared-text.ts';
import { cut } from '../values/cut-text.ts';
import type { IncomingMail, MailKey } from './incoming-mail.ts';

const keyLength = 2000;
/** Characters of a subject, less than the column holds. */
const comparedSubject = 200;
/** What a log says, behind its words, of a message without an id. */
const traits = / \[place ([0-9a-f]{32})(?:, content ([0-9a-f]{64}))?\]$/;

/** A message as the listing names it, or as it was read. */
type Named = MailKey & Pick<IncomingMail, 'content'>;

/** By what a message without an id is known beside its key. */
export interface Traits {
  readonly place: string;
  readonly content: string | undefined;
}

/**
 * Tells one message from another: some programs give all their messages one id, so the second it was sent counts, too, and its
 * subject, but for white space and case, of which a column may keep less than the mailbox. One without an id is told by its place.
 */
export function identityOf(mail: MailKey): string {
  return mail.place === undefined ? identityByFacts(mail) : `${comparedKey(mail)}\n${mail.place}`;
}

/** The same of messages that were read: two of the same bytes at two places are one. */
export function identityOfRead(mail: Named): string {
  return mail.content === undefined ? identityOf(mail) : `${comparedKey(mail)}\n${mail.content}`;
}

/** By what a message may be known that was dealt with before, the surest first. Rows of old have no more than the facts. */
export function identitiesOf(mail: Named): readonly string[] {
  if (mail.place === undefined) return [identityByFacts(mail)];
  return [...new Set([identityOf(mail), identityOfRead(mail), identityByFacts(mail)])];
}

/** By what a row says that a message of its key is known. */
export function identitiesOfRow(mail: MailKey, known: Traits | undefined): readonly string[] {
  if (!known) return [identityByFacts(mail)];
  return [known.place, known.content ?? []].flat().map((one) => `${comparedKey(mail)}\n${one}`);
}

/** The words of a log with what the message is known by, where it has no id. */
export function withTraits(words: string, { place, content }: Named): string {
  if (place === undefined) return words;
  return `${words} [place ${place}${content === undefined ? '' : `, content ${content}`}]`;
}

/** A log's own words, and what it says the message is known by. */
export function splitLog(log: string): { readonly words: string; readonly known: Traits | undefined } {
  const [behind, place, content] = traits.exec(log) ?? [];
  if (behind === undefined || place === undefined) return { words: log, known: undefined };
  return { words: log.slice(0, -behind.length), known: { place, content } };
}

/** As much of a key as its column holds. */
export function storedKey(key: string): string {
  return cut(key, keyLength);
}

function identityByFacts(mail: MailKey): string {
  const subject = cut(mail.listedSubject.replaceAll(/\s+/g, '').toLowerCase(), comparedSubject);
  return `${comparedKey(mail)}\n${Math.round(mail.sent.getTime() / 1000)}\n${subject}`;
}

function comparedKey({ key }: MailKey): string {
  return comparedText(storedKey(key));
}
