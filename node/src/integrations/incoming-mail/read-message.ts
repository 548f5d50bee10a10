import type { AddressObject, Attachment, ParsedMail } from 'mailparser';
import type { IncomingMail, MailAddress, MailAttachment } from '../../halo-api/mail/incoming-mail.ts';
import { cleanHtml, embedPictures } from './html-body.ts';
import { automaticOf, ignoredBecause, type MailHeaders } from './mail-nature.ts';
import { messageIdOf, type MailRef } from './mail-source.ts';

const longestText = 1_000_000;
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
export async function readMessage(
  source: Uint8Array,
  ref: MailRef,
  ownAddresses: ReadonlySet<string>,
): Promise<IncomingMail> {
  // The library is large; whoever reads no mail does not load it.
  const { simpleParser } = await import('mailparser');
  const parsed = await simpleParser(Buffer.from(source.buffer, source.byteOffset, source.byteLength), {
    keepCidLinks: true,
    skipTextToHtml: true,
    maxHtmlLengthToParse: 4 * 1024 * 1024,
  });
  const headers = headersOf(parsed);
  const from = firstAddress(parsed.from) ?? firstAddress(addressHeader(parsed, 'sender')) ?? { address: '', name: '' };
  const subject = (parsed.subject ?? '').replaceAll(/\s+/g, ' ').trim();
  const references = referencesOf(parsed);
  const ignored = ignoredBecause({ headers, from: from.address }, ownAddresses);
  return {
    key: ref.key,
    sent: ref.sent,
    messageId: messageIdOf(parsed.messageId),
    entryId: ref.id,
    ...(ref.conversationId !== undefined && { conversationId: ref.conversationId }),
    references,
    from,
    replyTo: firstAddress(parsed.replyTo)?.address ?? '',
    to: others(addressesOf(parsed.to), ownAddresses),
    cc: others(addressesOf(parsed.cc), ownAddresses),
    subject: subject === '' ? '(no subject)' : subject,
    ...bodyOf(parsed),
    received: ref.received,
    importance: importanceOf(headers),
    automatic: automaticOf({
      headers,
      from: from.address,
      subject,
      answersSomething: references.length > 0,
      isReport: /^\s*multipart\/report\b/i.test(headers.get('content-type')?.[0] ?? ''),
    }),
    ...(ignored !== undefined && { ignored }),
    attachments: attachmentsOf(parsed),
  };
}

function bodyOf(parsed: ParsedMail): { readonly text: string; readonly html: string } {
  const html = typeof parsed.html === 'string' ? cleanHtml(parsed.html) : '';
  const pictures = parsed.attachments.flatMap((one) =>
    one.cid === undefined ? [] : [{ cid: one.cid, contentType: one.contentType, content: one.content }],
  );
  const text = (parsed.text ?? '').replaceAll('\r\n', '\n').trim();
  return { text: text.slice(0, longestText), html: embedPictures(html, pictures) };
}

function attachmentsOf(parsed: ParsedMail): readonly MailAttachment[] {
  return parsed.attachments.map((one, at) => ({
    filename: filenameOf(one, at),
    contentType: one.contentType || 'application/octet-stream',
    content: one.content,
  }));
}

/** The last part of whatever path the sender wrote, without characters no file name may have. */
function filenameOf(attachment: Attachment, at: number): string {
  const given = (attachment.filename ?? '').split(/[\\/]/).at(-1) ?? '';
  const clean = Array.from(given.replaceAll(/[<>:"|?*]/g, '_'))
    .filter((character) => character >= ' ' && character !== '\u007f')
    .join('')
    .trim();
  if (clean !== '' && !/^\.+$/.test(clean)) return clean.slice(-200);
  return `attachment-${at + 1}.${extensions[attachment.contentType] ?? 'bin'}`;
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
  const listed = Array.isArray(parsed.references) ? parsed.references : (parsed.references ?? '').split(/\s+/);
  const ids = [...(parsed.inReplyTo ?? '').split(/\s+/), ...listed.toReversed()].map(messageIdOf);
  return [...new Set(ids.filter((id) => id !== ''))].slice(0, mostReferences);
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
