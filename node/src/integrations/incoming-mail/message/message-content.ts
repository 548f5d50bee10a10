import libmime from 'libmime';
import type { MailAttachment } from '../../../halo-api/mail/incoming-mail.ts';
import { signedContent } from '../smime-signed.ts';
import { createRichTextReader, type RichTextReader } from '../rich-text.ts';
import { isTnef, readTnef } from '../tnef.ts';
import { decodeText, setInHtml } from './character-sets.ts';
import { enrichedWords } from './enriched-text.ts';
import { nameByType, safeName } from './file-names.ts';
import { headerText } from './header-text.ts';
import { boundaryIn, splitMessage, type MimePart } from './mime-parts.ts';
import { uuencodedIn } from './uuencoded.ts';

/** Bytes of words that are read; far fewer are kept. */
const mostWords = 16 * 1024 * 1024;
/** Messages within messages that are opened for their words and files. */
const deepest = 5;
/** Reports of mail systems, which are lines to read. */
const reports = /^message\/(global-)?(delivery-status|disposition-notification|feedback-report|tracking-status)$/;
/** Kinds of text that are files rather than words. */
const fileTexts =
  /^text\/(calendar|csv|tab-separated-values|(x-)?vcard|directory|xml|css|(x-)?javascript|rtf|rfc822-headers|x-amp-html|watch-html)$/;

/** A file of a message; a picture may be named by its HTML. */
export interface FoundFile extends MailAttachment {
  readonly cid: string;
}

/** What is to be read and kept of a message. */
export interface MessageContent {
  readonly text: string;
  /** As it was written: not to be shown before it is cleaned. */
  readonly html: string;
  readonly files: readonly FoundFile[];
}

/** Words of one part. Of an alternative, the HTML has them as well. */
type Words = { readonly kind: 'text' | 'html'; readonly words: string; readonly alternative: boolean };

interface Found {
  readonly words: Words[];
  readonly files: FoundFile[];
  /** HTML and words of a winmail.dat, for where there are no others. */
  readonly hidden: { html: string; text: string };
  readonly readRich: RichTextReader;
  /** Whether the whole is a message that was sent along or a digest of some, which are all it has to show. */
  readonly isOfMessages: boolean;
}

/** Reads what a message holds, each part by its own bytes. Throws what taking apart a message within it may throw. */
export async function readContent(message: MimePart): Promise<MessageContent> {
  const found: Found = {
    words: [],
    files: [],
    hidden: { html: '', text: '' },
    readRich: createRichTextReader(),
    isOfMessages: /^(message\/rfc822|multipart\/digest)$/.test(message.contentType),
  };
  await readPart(message, found, false, 0);
  const html = found.words.filter(({ kind }) => kind === 'html');
  return {
    text:
      found.words.length === 0
        ? found.hidden.text
        : found.words.flatMap(({ kind, words }) => (kind === 'text' ? [words] : [])).join('\n'),
    html:
      html.length === 0
        ? found.hidden.html
        : found.words
            .flatMap(({ kind, words, alternative }) =>
              kind === 'html' ? [words] : alternative ? [] : [escapedLines(words)],
            )
            .join('<br/>\n'),
    files: found.files,
  };
}

async function readPart(part: MimePart, found: Found, alternative: boolean, depth: number): Promise<void> {
  const { contentType, disposition } = part;
  if (contentType.startsWith('multipart/') || part.parts.length > 0) {
    const each = alternative || contentType === 'multipart/alternative';
    if (part.parts.length === 0) return readUnparted(part, found, each, depth);
    for (const child of part.parts) await readPart(child, found, each, depth);
    return;
  }
  if (contentType === 'message/rfc822') return readMessageWithin(part, found, depth);
  if (/^application\/(x-)?pkcs7-mime$/.test(contentType) && depth < deepest) {
    const inside = signedContent(part.content().content);
    if (inside) return readPart(await splitMessage(inside), found, alternative, depth + 1);
  }
  if (/^application\/(vnd\.)?ms-tnef$/.test(contentType) || isEnvelope(part)) return readEnvelope(part, found);
  const isText = reports.test(contentType) || (contentType.startsWith('text/') && !fileTexts.test(contentType));
  const named = safeName(part.filename) !== '';
  if (!isText || disposition === 'attachment') return keep(part, part.content().content, found);
  // A named text behind other words is a file; in their place it is both.
  const file = named && !alternative && found.words.length > 0;
  if (!file) readWords(part, found, alternative);
  if (named) keep(part, part.content().content, found);
}

/** Whether it is a winmail.dat, which a gateway may have given another name. */
function isEnvelope(part: MimePart): boolean {
  if (/^winmail\.dat$/i.test(part.filename)) return true;
  return /\.dat$/i.test(part.filename) && isTnef(part.content().content);
}

/** A multipart without its boundary: what stands in the place of one divides it, and without that it is words. */
async function readUnparted(part: MimePart, found: Found, each: boolean, depth: number): Promise<void> {
  const { content } = part.content();
  const boundary = depth < deepest ? boundaryIn(content) : '';
  const head = `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`;
  const divided =
    boundary === '' ? undefined : await splitMessage(Buffer.concat([Buffer.from(head, 'latin1'), content]));
  if (!divided || divided.parts.length === 0) return addWords('text', decodeText(content), found, each);
  for (const child of divided.parts) await readPart(child, found, each, depth + 1);
}

function readWords(part: MimePart, found: Found, alternative: boolean): void {
  const { content: whole, behind } = part.content();
  const content = whole.subarray(0, mostWords);
  if (part.contentType === 'text/html') {
    addWords('html', decodeText(content, part.parameter('charset'), setInHtml(content)), found, alternative);
  } else {
    const isRich = /^text\/(enriched|richtext)$/.test(part.contentType);
    const files = part.contentType === 'text/plain' ? uuencodedIn(content, 'exactly') : [];
    const text = decodeText(without(content, files), part.parameter('charset'));
    const flowed = part.contentType === 'text/plain' && /^\s*flowed\s*$/i.test(part.parameter('format'));
    const words = flowed ? libmime.decodeFlowed(text, /^\s*yes\s*$/i.test(part.parameter('delsp'))) : text;
    addWords('text', isRich ? enrichedWords(words) : words, found, alternative);
    for (const file of files) addFile(file.filename, '', file.content, found);
  }
  if (behind) addWords('text', decodeText(behind), found, alternative);
}

function addWords(kind: Words['kind'], words: string, found: Found, alternative: boolean): void {
  // A text ends at a zero for much of what reads it later.
  const read = words.replaceAll(/\r\n?/g, '\n').replaceAll('\0', '');
  if (read.trim() !== '') found.words.push({ kind, words: read, alternative });
}

function without(content: Buffer, places: readonly { readonly from: number; readonly to: number }[]): Buffer {
  if (places.length === 0) return content;
  const ends = [0, ...places.map(({ to }) => to)];
  return Buffer.concat(ends.map((from, at) => content.subarray(from, places[at]?.from)));
}

/** A message in a message is a file; one that is to be shown is opened as well. */
async function readMessageWithin(part: MimePart, found: Found, depth: number): Promise<void> {
  const { content } = part.content();
  keep(part, content, found);
  const shown = part.disposition === 'inline' || part.headers.get('content-type') === undefined || found.isOfMessages;
  if (!shown || depth >= deepest) return;
  const inner = await splitMessage(content);
  const head = ['From', 'Subject', 'Date', 'To', 'Cc'].flatMap((name) => {
    const [value] = inner.headers.get(name.toLowerCase()) ?? [];
    return value === undefined ? [] : [`${name}: ${headerText(value).trim()}`];
  });
  addWords('text', `\n${head.join('\n')}\n`, found, false);
  await readPart(inner, found, false, depth + 1);
}

/** What Outlook hid in a winmail.dat, which itself is kept where something of it could not be read. */
function readEnvelope(part: MimePart, found: Found): void {
  const { content } = part.content();
  const inside = readTnef(content, found.readRich);
  if (inside) {
    const { html, text, rich } = inside;
    found.hidden.html ||= html;
    found.hidden.text ||= text.replaceAll(/\r\n?/g, '\n');
    // Rich text too long or odd to be read, in a mail without other words.
    if (rich && text === '' && found.words.length === 0) addFile('message.rtf', '', rich, found);
    for (const file of inside.files) addFile(file.filename, '', Buffer.from(file.content), found);
  }
  const isEmpty = inside?.files.length === 0 && inside.html === '' && inside.text === '' && !inside.rich;
  if (!inside?.whole || isEmpty) keep(part, content, found);
}

function keep(part: MimePart, content: Buffer, found: Found): void {
  addFile(part.filename, part.contentType, content, found, part.cid);
}

function addFile(name: string, contentType: string, content: Uint8Array, found: Found, cid = ''): void {
  const type = contentType || libmime.detectMimeType(name);
  const filename = safeName(name) || nameByType(String(found.files.length + 1), type);
  found.files.push({ filename, contentType: type, content, cid });
}

function escapedLines(words: string): string {
  const escaped = words.trim().replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<p>${escaped.replaceAll(/\n\n+/g, '</p><p>').replaceAll('\n', '<br/>')}</p>`;
}
