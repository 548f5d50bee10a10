import { isUtf8 } from 'node:buffer';
import type { AddressObject, Attachment, ParsedMail } from 'mailparser';
import { cut } from '../../halo-api/cut-text.ts';
import type { IncomingMail, MailAddress, MailAttachment } from '../../halo-api/mail/incoming-mail.ts';
import { cleanHtml, embedPictures } from './html-body.ts';
import { htmlText } from './html-text.ts';
import { automaticOf, ignoredBecause, type MailHeaders } from './mail-nature.ts';
import type { OwnAddresses } from './mailbox-rows.ts';
import { messageIdOf, type MailRef } from './mail-source.ts';
import { signedContent } from './smime-signed.ts';
import { readTnef, type TnefContent } from './tnef.ts';

const longestText = 1_000_000;
/** As much of a subject as Halo holds. */
const longestSubject = 4000;
const mostReferences = 50;
const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/calendar': 'ics',
  'application/pdf': 'pdf',
  'message/rfc822': 'eml',
  'message/delivery-status': 'txt',
};

/** Reads a message as it was sent (RFC 5322, MIME) into what Halo takes in. Throws where it cannot be read at all. */
export async function readMessage(source: Uint8Array, ref: MailRef, own: OwnAddresses): Promise<IncomingMail> {
  // The library is large; whoever reads no mail does not load it.
  const { simpleParser } = await import('mailparser');
  const parseAs = (bytes: Buffer): Promise<ParsedMail> =>
    simpleParser(bytes, { keepCidLinks: true, skipHtmlToText: true });
  const parse = async (bytes: Buffer): Promise<ParsedMail> => {
    const read = await parseAs(bytes);
    return isUtf8(bytes) || !hasLostLetters(read) ? read : withLostLetters(read, bytes, parseAs);
  };
  const outer = await parse(Buffer.from(source.buffer, source.byteOffset, source.byteLength));
  const inside = signedInside(outer);
  const parsed = inside ? withContentOf(outer, await parse(inside)) : outer;
  const headers = headersOf(parsed);
  const from = firstAddress(parsed.from) ?? firstAddress(addressHeader(parsed, 'sender')) ?? { address: '', name: '' };
  const subject = cut(parsed.subject ?? '', longestSubject)
    .replaceAll(/\s+/g, ' ')
    .trim();
  const references = referencesOf(parsed);
  const envelopes = tnefOf(parsed);
  const ignored = ignoredBecause({ headers, from: from.address }, own);
  return {
    key: ref.key,
    sent: ref.sent,
    listedSubject: ref.listedSubject,
    messageId: messageIdOf(parsed.messageId),
    entryId: ref.id,
    ...(ref.conversationId !== undefined && { conversationId: ref.conversationId }),
    references,
    from,
    replyTo: firstAddress(parsed.replyTo)?.address ?? '',
    to: others(addressesOf(parsed.to), own.all),
    cc: others(addressesOf(parsed.cc), own.all),
    subject: subject === '' ? '(no subject)' : subject,
    ...bodyOf(parsed, envelopes),
    received: ref.received,
    importance: importanceOf(headers),
    automatic: automaticOf({
      headers,
      from: from.address,
      subject,
      answersSomething: references.length > 0,
      report: reportOf(headers.get('content-type')?.[0] ?? '', parsed.attachments),
    }),
    byOtherMailbox: own.all.has(from.address),
    ...(ignored !== undefined && { ignored }),
    attachments: attachmentsOf(parsed, envelopes),
  };
}

/** What a report reports. */
function reportOf(contentType: string, parts: readonly Attachment[]): string | undefined {
  if (!/^\s*multipart\/report\b/i.test(contentType)) return undefined;
  return (/report-type\s*=\s*"?([\w-]+)/i.exec(contentType)?.[1] ?? parts[0]?.contentType ?? '').toLowerCase();
}

/** The message within one that is nothing but a signed envelope. */
function signedInside({ attachments: [only, ...others] }: ParsedMail): Buffer | undefined {
  const named = only && /^application\/(x-)?pkcs7-mime$/i.test(only.contentType);
  return named && others.length === 0 ? signedContent(only.content) : undefined;
}

/** The envelope's headers with the content of what is inside. */
function withContentOf(outer: ParsedMail, { text, html, attachments }: ParsedMail): ParsedMail {
  return { ...outer, html, attachments, ...(text !== undefined && { text }) };
}

/** What Outlook hid in a winmail.dat, by the attachment it is. */
type Envelopes = ReadonlyMap<Attachment, TnefContent>;

function tnefOf(parsed: ParsedMail): Envelopes {
  const envelopes = new Map<Attachment, TnefContent>();
  for (const one of parsed.attachments) {
    const named = /^application\/(vnd\.)?ms-tnef$/i.test(one.contentType) || /^winmail\.dat$/i.test(one.filename ?? '');
    const found = named ? readTnef(one.content) : undefined;
    if (found) envelopes.set(one, found);
  }
  return envelopes;
}

function bodyOf(parsed: ParsedMail, envelopes: Envelopes): { readonly text: string; readonly html: string } {
  const hidden = [...envelopes.values()].map((one) => one.html).find((one) => one !== '') ?? '';
  const written = typeof parsed.html === 'string' && parsed.html !== '' ? parsed.html : hidden;
  const html = cleanHtml(written);
  const pictures = parsed.attachments.flatMap((one) =>
    one.cid === undefined ? [] : [{ cid: one.cid, contentType: one.contentType, content: one.content }],
  );
  const plain = cut(parsed.text ?? '', longestText)
    .replaceAll('\r\n', '\n')
    .trim();
  const words = cut(htmlText(html === '' ? written.slice(0, longestText) : html), longestText);
  // A text that says much less than the HTML is a footer, or asks for another mail program.
  const text = plain.length * 2 < words.length ? words : plain;
  return { text, html: embedPictures(html, pictures) };
}

/** The files; those in a winmail.dat in its place, which itself is kept only where it holds none. */
function attachmentsOf(parsed: ParsedMail, envelopes: Envelopes): readonly MailAttachment[] {
  return parsed.attachments.flatMap((one, at): MailAttachment[] => {
    const inside = envelopes.get(one)?.files ?? [];
    if (inside.length > 0)
      return inside.map(({ filename, content }, place) => ({
        filename: safeName(filename) || `attachment-${at + 1}-${place + 1}.bin`,
        contentType: 'application/octet-stream',
        content,
      }));
    const name = safeName(one.filename ?? '') || `attachment-${at + 1}.${extensions[one.contentType] ?? 'bin'}`;
    return [{ filename: name, contentType: one.contentType || 'application/octet-stream', content: one.content }];
  });
}

/** The last part of whatever path the sender wrote, without characters no file name may have. */
function safeName(written: string): string {
  const given = written.split(/[\\/]/).at(-1) ?? '';
  const clean = Array.from(given.replaceAll(/[<>:"|?*]/g, '_'))
    .filter((character) => character >= ' ' && character !== '\u007f')
    .join('')
    .trim();
  // Half of a pair at the beginning is no character.
  return /^\.+$/.test(clean) ? '' : clean.slice(-200).replace(/^[\uDC00-\uDFFF]/, '');
}

function headersOf(parsed: ParsedMail): MailHeaders {
  const headers = new Map<string, string[]>();
  for (const { key, line } of parsed.headerLines) {
    const value = line.slice(line.indexOf(':') + 1).trim();
    headers.set(key.toLowerCase(), [...(headers.get(key.toLowerCase()) ?? []), value]);
  }
  return headers;
}

function referencesOf(parsed: ParsedMail): readonly string[] {
  const listed = idsIn([parsed.references ?? ''].flat().join(' '));
  const ids = [...idsIn(parsed.inReplyTo ?? ''), ...listed.toReversed()].map(messageIdOf);
  return [...new Set(ids.filter((id) => id !== ''))].slice(0, mostReferences);
}

function hasLostLetters({ subject, text, html }: ParsedMail): boolean {
  return [subject, text, html || undefined].some(isLost);
}

/** Whether no letter beyond ASCII could be read: a text in UTF-8 with a bad byte in it has others that could. */
function isLost(text: string | undefined): boolean {
  return text?.includes('\uFFFD') === true && !/[^\p{ASCII}\uFFFD]/u.test(text);
}

/**
 * What devices and old programs send without a character set, or with a wrong one, is in that of Western Windows most of the time.
 * Only what was lost is taken from that reading, and no body of a message that names another character set.
 */
async function withLostLetters(
  read: ParsedMail,
  bytes: Buffer,
  parse: (bytes: Buffer) => Promise<ParsedMail>,
): Promise<ParsedMail> {
  const windows = await parse(Buffer.from(new TextDecoder('windows-1252').decode(bytes)));
  const found: ParsedMail = { ...read };
  if (isLost(read.subject) && windows.subject !== undefined) found.subject = windows.subject;
  if (namesAnotherSet(bytes)) return found;
  if (isLost(read.text) && windows.text !== undefined) found.text = windows.text;
  if (isLost(read.html || undefined)) found.html = windows.html;
  return found;
}

/** Whether a part names a character set that is known and can have letters beyond ASCII, other than UTF-8. */
function namesAnotherSet(bytes: Buffer): boolean {
  const named = bytes.toString('latin1').matchAll(/charset\s*=\s*["']?([\w.:+-]+)/gi);
  return [...named].some(([, name = '']) => !/^(us-)?ascii$|^utf-?8$/i.test(name) && isKnownSet(name));
}

function isKnownSet(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== '';
  } catch {
    return false;
  }
}

/** The ids of a header, which are in angle brackets or, where a program leaves those out, between spaces. */
function idsIn(header: string): string[] {
  return header.match(/<[^<>]+>/g) ?? header.split(/\s+/);
}

function importanceOf(headers: MailHeaders): IncomingMail['importance'] {
  const said = (headers.get('importance')?.[0] ?? '').toLowerCase();
  const priority = Number.parseInt(headers.get('x-priority')?.[0] ?? '3', 10);
  if (said === 'high' || priority === 1 || priority === 2) return 'high';
  return said === 'low' || priority === 4 || priority === 5 ? 'low' : 'normal';
}

function addressHeader(parsed: ParsedMail, name: string): AddressObject | undefined {
  const value = parsed.headers.get(name);
  return typeof value === 'object' && 'value' in value && Array.isArray(value.value)
    ? (value as AddressObject)
    : undefined;
}

function addressesOf(objects: AddressObject | AddressObject[] | undefined): readonly MailAddress[] {
  const all = objects === undefined ? [] : Array.isArray(objects) ? objects : [objects];
  return all
    .flatMap((object) => object.value)
    .flatMap((one) => one.group ?? [one])
    .map((one) => ({ address: (one.address ?? '').trim().toLowerCase(), name: one.name.trim() }))
    .filter((one) => one.address.includes('@'));
}

function firstAddress(objects: AddressObject | AddressObject[] | undefined): MailAddress | undefined {
  return addressesOf(objects)[0];
}

function others(addresses: readonly MailAddress[], own: ReadonlySet<string>): readonly MailAddress[] {
  return addresses.filter((one) => !own.has(one.address));
}
