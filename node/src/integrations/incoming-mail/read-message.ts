import { cut } from '../../halo-api/values/cut-text.ts';
import type { IncomingMail, MailAddress } from '../../halo-api/mail/incoming-mail.ts';
import { cleanHtml, embedPictures } from './html-body.ts';
import { htmlText } from './html-text.ts';
import { automaticOf, ignoredBecause, type MailHeaders } from './mail-nature.ts';
import type { OwnAddresses } from './mailbox-rows.ts';
import { messageIdOf, type MailRef } from './mail-source.ts';
import { addressesIn, senderIn } from './message/addresses.ts';
import { headerText } from './message/header-text.ts';
import { readContent, type MessageContent } from './message/message-content.ts';
import { splitMessage, type MimePart } from './message/mime-parts.ts';

const longestText = 1_000_000;
/** As much of a subject as Halo holds. */
const longestSubject = 4000;
const mostReferences = 50;

/** Reads a message as it was sent (RFC 5322, MIME) into what Halo takes in. Throws where it cannot be read at all. */
export async function readMessage(source: Uint8Array, ref: MailRef, own: OwnAddresses): Promise<IncomingMail> {
  const message = await splitMessage(Buffer.from(source.buffer, source.byteOffset, source.byteLength));
  const content = await readContent(message);
  const { headers } = message;
  const first = (name: string): string => headers.get(name)?.[0] ?? '';
  // Programs that write letters as they are write them alike in headers and words.
  const { set } = message;
  const from = senderOf(headers, set);
  const subject = cut(headerText(first('subject'), set).replaceAll(/\s+/g, ' '), longestSubject).trim();
  const references = referencesOf(headers);
  const ignored = ignoredBecause({ headers, from: from.address }, own);
  return {
    key: ref.key,
    sent: ref.sent,
    listedSubject: ref.listedSubject,
    messageId: messageIdOf(headerText(first('message-id'))),
    entryId: ref.id,
    ...(ref.conversationId !== undefined && { conversationId: ref.conversationId }),
    references,
    from,
    replyTo: senderIn(headers.get('reply-to') ?? [])?.address ?? '',
    to: others(addressesIn(headers.get('to') ?? [], set), own.all),
    cc: others(addressesIn(headers.get('cc') ?? [], set), own.all),
    subject: subject === '' ? '(no subject)' : subject,
    ...bodyOf(content),
    received: ref.received,
    importance: importanceOf(headers),
    automatic: automaticOf({
      headers,
      from: from.address,
      subject,
      answersSomething: references.length > 0,
      report: reportOf(message),
    }),
    byOtherMailbox: own.all.has(from.address),
    ...(ignored !== undefined && { ignored }),
    attachments: content.files.map(({ filename, contentType, content: bytes }) => ({
      filename,
      contentType,
      content: bytes,
    })),
  };
}

/** Who it is from: an empty address gives way to the one that sent it for others, and to the one that answers go to. */
function senderOf(headers: MailHeaders, set: string): MailAddress {
  const from = senderIn(headers.get('from') ?? [], set);
  if (from && from.address !== '') return from;
  const instead = ['sender', 'reply-to'].flatMap((name) => senderIn(headers.get(name) ?? [], set) ?? []);
  const known = instead.find(({ address }) => address !== '');
  return { address: known?.address ?? '', name: from?.name || (known?.name ?? '') };
}

/** What a report reports. */
function reportOf(message: MimePart): string | undefined {
  if (message.contentType !== 'multipart/report') return undefined;
  return (message.parameter('report-type') || (message.parts[1]?.contentType ?? '')).toLowerCase();
}

function bodyOf(content: MessageContent): { readonly text: string; readonly html: string } {
  const html = cleanHtml(content.html);
  const plain = cut(content.text, longestText).trim();
  const words = cut(htmlText(html === '' ? content.html.slice(0, longestText) : html), longestText);
  // A text that says much less than the HTML is a footer, or asks for another mail program.
  const text = plain.length * 2 < words.length ? words : plain;
  return { text, html: embedPictures(html, content.files) };
}

function referencesOf(headers: MailHeaders): readonly string[] {
  const idsOf = (name: string): string[] => (headers.get(name) ?? []).flatMap((value) => idsIn(headerText(value)));
  const ids = [...idsOf('in-reply-to'), ...idsOf('references').toReversed()].map(messageIdOf);
  return [...new Set(ids.filter((id) => id !== ''))].slice(0, mostReferences);
}

/** The ids of a header, which are in angle brackets or, where a program leaves those out, between spaces. */
function idsIn(header: string): string[] {
  const words = withoutComments(header);
  return words.match(/<[^<>]+(?:>|$)/g) ?? words.split(/\s+/);
}

/** A header without comments (RFC 5322 3.2.2), which may name ids as well; one that never ends is none. */
function withoutComments(header: string): string {
  if (!header.includes('(')) return header;
  let kept = '';
  let depth = 0;
  let from = 0;
  let inId = false;
  for (let at = 0; at < header.length; at++) {
    const sign = header[at];
    if (depth === 0 && (sign === '<' || sign === '>')) inId = sign === '<';
    if (inId || (sign !== '(' && sign !== ')')) continue;
    if (sign === '(' && depth++ === 0) kept += header.slice(from, at);
    else if (sign === ')' && depth > 0 && --depth === 0) from = at + 1;
  }
  return depth === 0 ? kept + header.slice(from) : kept + header.slice(from).replaceAll(/[()]/g, ' ');
}

function importanceOf(headers: MailHeaders): IncomingMail['importance'] {
  const said = (headers.get('importance')?.[0] ?? '').toLowerCase();
  const priority = Number.parseInt(headers.get('x-priority')?.[0] ?? '3', 10);
  if (said === 'high' || priority === 1 || priority === 2) return 'high';
  return said === 'low' || priority === 4 || priority === 5 ? 'low' : 'normal';
}

function others(addresses: readonly MailAddress[], own: ReadonlySet<string>): readonly MailAddress[] {
  return addresses.filter((one) => !own.has(one.address));
}
