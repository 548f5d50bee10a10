import { Splitter, type MimeNode } from '@zone-eu/mailsplit';
import libmime from 'libmime';
import type { MailHeaders } from '../mail-nature.ts';
import { parameterText } from './header-text.ts';
import { mendLines } from './mended-lines.ts';
import { decodeTransfer, type TransferContent } from './transfer-encoding.ts';

/** A part of a message (RFC 2045), or the message itself. */
export interface MimePart {
  /** Each header's values as bytes, a character each, folded as they came. */
  readonly headers: MailHeaders;
  /** In lower case; what cannot be read is `text/plain` (RFC 2045 5.2). */
  readonly contentType: string;
  /** `attachment`, `inline`, or '' where the part does not say. */
  readonly disposition: '' | 'inline' | 'attachment';
  /** As the sender wrote it; '' where the part has none. */
  readonly filename: string;
  /** Content-ID without its brackets; '' where the part has none. */
  readonly cid: string;
  readonly parts: readonly MimePart[];
  /** The character set that its words name, the first part of them that names one; '' where none does. */
  readonly set: string;
  /** A parameter of the content type; '' where there is none. */
  parameter(name: string): string;
  /** What the part holds, decoded each time it is asked for. */
  content(): TransferContent;
}

/** A part while its message is read. */
interface GrowingPart extends MimePart {
  readonly parts: GrowingPart[];
  readonly parent: GrowingPart | undefined;
  set: string;
  readonly body: Buffer[];
  readonly depth: number;
}

/** Every line is looked at for the end of each part it is in, so that depth costs. */
const deepest = 100;
const pieceBytes = 256 * 1024;

function* pieces(source: Buffer): Generator<Buffer> {
  for (let from = 0; from < source.length; from += pieceBytes) yield source.subarray(from, from + pieceBytes);
}

/** Takes a message apart; messages within it are parts without parts. Throws where it has more parts or longer headers than any mail. */
export async function splitMessage(source: Buffer): Promise<MimePart> {
  const splitter = new Splitter({ ignoreEmbedded: true });
  // The message is in memory already, so that nothing is gained by waiting; what goes wrong comes out of the splitter, below.
  for (const piece of pieces(mendLines(source))) splitter.write(piece);
  splitter.end();
  const parts = new Map<MimeNode, GrowingPart>();
  let root: MimePart | undefined;
  for await (const one of splitter) {
    const piece = one as
      MimeNode | { readonly type: 'body' | 'data'; readonly node: MimeNode; readonly value?: Buffer };
    if (piece.type === 'node') {
      const parent = piece.parentNode === false ? undefined : parts.get(piece.parentNode);
      const depth = (parent?.depth ?? 0) + 1;
      if (depth > deepest) throw new Error(`it has parts within parts, more than ${deepest} deep`);
      const part: GrowingPart = { ...partOf(piece, parent), parent, depth };
      noteSet(part);
      parts.set(piece, part);
      parent?.parts.push(part);
      root ??= part;
    } else if (piece.value) {
      const part = parts.get(piece.node);
      // What stands before the parts of a multipart is all there is where its boundary never comes.
      if (piece.type === 'body' || part?.parts.length === 0) part?.body.push(piece.value);
    }
  }
  return root ?? emptyPart;
}

/** What divides the parts of a multipart, by its first line that looks so; '' where none does. */
export function boundaryIn(content: Buffer): string {
  const text = content.subarray(0, pieceBytes).toString('latin1');
  return /^--([^\s"\\](?:[^\r\n"\\]{0,98}[^\s"\\])?)[ \t]*\r?\nContent-[A-Za-z-]{1,40}:/m.exec(text)?.[1] ?? '';
}

/** Notes the character set of words with all they are part of, where no words before them named one. */
function noteSet(part: GrowingPart): void {
  const set = part.contentType.startsWith('text/') ? part.parameter('charset') : '';
  if (set === '') return;
  for (let at: GrowingPart | undefined = part; at?.set === ''; at = at.parent) at.set = set;
}

/** The set of the words that stand before a part of this one. */
function setAbove(parent: GrowingPart | undefined): string {
  for (let at = parent; at; at = at.parent) if (at.set !== '') return at.set;
  return '';
}

const emptyPart: MimePart = {
  headers: new Map(),
  contentType: 'text/plain',
  disposition: '',
  filename: '',
  cid: '',
  parts: [],
  set: '',
  parameter: () => '',
  content: () => ({ content: Buffer.alloc(0) }),
};

function partOf(node: MimeNode, parent: GrowingPart | undefined): Omit<GrowingPart, 'depth' | 'parent'> {
  const headers = headersOf(node);
  const first = (name: string): string => headers.get(name)?.[0] ?? '';
  const type = first('content-type');
  const body: Buffer[] = [];
  const set = setAbove(parent);
  const filename = parameterText(first('content-disposition'), 'filename', set) || parameterText(type, 'name', set);
  return {
    headers,
    contentType: typeOf(node, type, filename, parent),
    disposition: dispositionOf(node.disposition || ''),
    filename,
    cid: first('content-id').trim().replace(/^</, '').replace(/>$/, '').trim(),
    parts: [],
    set: '',
    body,
    parameter: (name) => parameterText(type, name),
    content: () => decodeTransfer(body.length === 1 ? (body[0] as Buffer) : Buffer.concat(body), node.encoding || ''),
  };
}

function headersOf(node: MimeNode): MailHeaders {
  const headers = new Map<string, string[]>();
  for (const { key, line } of node.headers ? node.headers.getList() : []) {
    const value = line.slice(line.indexOf(':') + 1).trim();
    const values = headers.get(key);
    if (values) values.push(value);
    else headers.set(key, [value]);
  }
  return headers;
}

function typeOf(node: MimeNode, written: string, filename: string, parent: MimePart | undefined): string {
  // What a digest holds are messages where it says nothing else (RFC 2046 5.1.5).
  if (written === '' && parent?.contentType === 'multipart/digest') return 'message/rfc822';
  const type = node.contentType || '';
  if (!/^[^\s/]+\/[^\s/]+$/.test(type)) return misspeltType(written, filename);
  return type === 'application/octet-stream' && filename !== '' ? libmime.detectMimeType(filename) : type;
}

/** What is meant by a type that is none: with blanks or a backslash in it, without a semicolon behind it, or half of one. */
function misspeltType(written: string, filename: string): string {
  const [type = ''] = written
    .toLowerCase()
    .trim()
    .replace(/\s*[/\\]\s*/, '/')
    .split(/[\s;,]/);
  if (/^[a-z]+\/[\w.+-]+$/.test(type)) return type;
  if (filename !== '') return libmime.detectMimeType(filename);
  return /^x?html\b/.test(type) ? 'text/html' : 'text/plain';
}

function dispositionOf(written: string): MimePart['disposition'] {
  if (written === '' || written === 'inline') return written;
  // Others are treated as attachments (RFC 2183 2.8).
  return 'attachment';
}
