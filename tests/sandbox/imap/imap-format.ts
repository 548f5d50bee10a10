import type { StoredMessage } from './imap-store.ts';

/** A string as IMAP writes it: quoted, or as a literal where quoting cannot hold it. */
export function imapString(text: string | undefined): string {
  if (text === undefined) return 'NIL';
  if (/^[\x20-\x7e]*$/.test(text)) return `"${text.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;
  return `{${Buffer.byteLength(text, 'latin1')}}\r\n${text}`;
}

/** The header lines of a message, unfolded, by lower-case name. */
export function headersOf(source: Buffer): ReadonlyMap<string, string> {
  const end = source.indexOf('\r\n\r\n');
  const head = source.subarray(0, end < 0 ? source.length : end).toString('latin1');
  const headers = new Map<string, string>();
  for (const line of head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}

function addresses(header: string | undefined): string {
  if (!header) return 'NIL';
  const found = header.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).flatMap((part) => {
    const address = /([^\s<>"]+)@([^\s<>"]+)/.exec(part);
    if (!address) return [];
    const name = /^\s*"?([^"<]*?)"?\s*</.exec(part)?.[1];
    return [`(${imapString(name || undefined)} NIL ${imapString(address[1])} ${imapString(address[2])})`];
  });
  return found.length === 0 ? 'NIL' : `(${found.join('')})`;
}

/** ENVELOPE of RFC 3501. */
export function envelope(message: StoredMessage): string {
  const headers = headersOf(message.source);
  const from = addresses(headers.get('from'));
  return `(${[
    imapString(headers.get('date')),
    imapString(headers.get('subject')),
    from,
    headers.has('sender') ? addresses(headers.get('sender')) : from,
    headers.has('reply-to') ? addresses(headers.get('reply-to')) : from,
    addresses(headers.get('to')),
    addresses(headers.get('cc')),
    'NIL',
    imapString(headers.get('in-reply-to')),
    imapString(headers.get('message-id')),
  ].join(' ')})`;
}

/** INTERNALDATE of RFC 3501. */
export function internalDate(date: Date): string {
  const [, day, month, year] = /^\w+, (\d+) (\w+) (\d+)/.exec(date.toUTCString()) ?? [];
  return `"${day}-${month}-${year} ${date.toISOString().slice(11, 19)} +0000"`;
}

/** Atoms, strings and literals of a command's arguments; lists keep their brackets. */
export function words(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|\([^()]*\)|[^\s()]+(?:\[[^\]]*\])?/g)].map((match) =>
    match[1] === undefined ? match[0] : match[1].replaceAll(/\\(.)/g, '$1'),
  );
}
