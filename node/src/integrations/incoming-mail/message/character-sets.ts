import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import libmime from 'libmime';
import { meantSet } from './set-names.ts';
import { shiftedSet } from './shifted-sets.ts';

/** Sets that say of bytes beyond ASCII nothing that counts: programs name them without looking. */
const saysNothing =
  /^(us-?ascii|ascii|ansi_x3\.4-\d+|utf-?8|unknown-8bit|x-unknown|x-user-defined|default|binary|8bit|7bit|none)?$/;
/** Sets of several bytes a letter whose texts may be UTF-8 by chance (Encoding Standard, names). */
const severalBytes = new Set([
  'gbk',
  'gb18030',
  'big5',
  'euc-jp',
  'iso-2022-jp',
  'shift_jis',
  'euc-kr',
  'utf-16le',
  'utf-16be',
]);
/** Sets of which the runtime knows but a part, and the name of the whole. */
const wholeSets: Readonly<Record<string, string>> = { 'euc-kr': 'cp949', big5: 'big5hkscs' };
/** How far into HTML it may say what it is written in. */
const htmlHead = 32 * 1024;
const windows = 'windows-1252';

/**
 * Text of a part or header by its own bytes: the set it names, unless they contradict that; what the HTML itself names; UTF-8 if it
 * is that; else Windows-1252, in which devices and old programs write without saying so.
 */
export function decodeText(bytes: Buffer, named?: string, inside?: string): string {
  return withoutControls(lettersOf(bytes, named, inside), named ?? '');
}

function lettersOf(bytes: Buffer, named: string | undefined, inside: string | undefined): string {
  const mark = byteOrderMark(bytes);
  if (mark) return new TextDecoder(mark).decode(mark === 'utf-8' ? bytes : inPairs(bytes));
  const called = cleanLabel(named);
  const label = /^(utf-?(16|32)|unicode$|ucs)/.test(called) && isOfSingleBytes(bytes) ? '' : called;
  if (isAscii(bytes)) return asciiText(bytes, label, inside);
  const sets = [saysNothing.test(label) ? '' : label, cleanLabel(inside)].filter((one) => !saysNothing.test(one));
  for (const set of sets) {
    const text = readIn(bytes, set);
    if (text !== undefined) return text;
  }
  return isUtf8(bytes) ? bytes.toString('utf8') : (cutOffUtf8(bytes) ?? mostlyIn(bytes, sets[0]) ?? mixedText(bytes));
}

/** Whether bytes are no text of two or four bytes a letter, whose blanks and ends of lines have zeros. */
function isOfSingleBytes(bytes: Buffer): boolean {
  return !bytes.includes(0) && (isUtf8(bytes) || bytes.filter((byte) => byte < 0x80).length > bytes.length * 0.75);
}

/** Controls that no text has (C1), as the letters which Windows has in their place; central Europe has its own there. */
function withoutControls(text: string, named: string): string {
  if (!/[\x80-\x9f]/.test(text)) return text;
  const decoder = new TextDecoder(/8859-?2\b|latin-?2/i.test(named) ? 'windows-1250' : windows);
  const letters = Array.from({ length: 32 }, (_, at) => decoder.decode(Uint8Array.of(at + 0x80)).charCodeAt(0));
  const units = Buffer.from(text, 'utf16le');
  for (let at = 0; at < units.length; at += 2) {
    const unit = units.readUInt16LE(at);
    if (unit >= 0x80 && unit < 0xa0) units.writeUInt16LE(letters[unit - 0x80] ?? unit, at);
  }
  return units.toString('utf16le');
}

/** Without half of a letter of two bytes at the end. */
function inPairs(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length - (bytes.length % 2));
}

/** UTF-8 without the letter that was cut off at its end; undefined for what is not UTF-8 before it either. */
function cutOffUtf8(bytes: Buffer): string | undefined {
  for (let at = bytes.length - 1; at >= Math.max(0, bytes.length - 3); at--) {
    const first = bytes[at] ?? 0;
    if (first >= 0x80 && first < 0xc0) continue;
    const length = first > 0xf4 || first < 0xc2 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    const before = bytes.subarray(0, at);
    return bytes.length - at < length && isUtf8(before) && !isAscii(before) ? before.toString('utf8') : undefined;
  }
  return undefined;
}

/** The set that HTML names in itself: in a meta element, or the declaration of XML. '' where it names none. */
export function setInHtml(bytes: Buffer): string {
  const head = withoutComments(bytes.subarray(0, htmlHead).toString('latin1'));
  const xml = /^\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]+)/i.exec(head)?.[1];
  const meta = /<meta\b[^>]{0,400}?\bcharset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head)?.[1];
  const found = xml ?? meta ?? '';
  // Whoever could read it does not read UTF-16.
  return /^utf-?16/i.test(found) ? 'utf-8' : found;
}

function withoutComments(html: string): string {
  const [first = '', ...others] = html.split('<!--');
  return (
    first + others.map((piece) => (piece.includes('-->') ? piece.slice(piece.indexOf('-->') + 3) : piece)).join('')
  );
}

function cleanLabel(named: string | undefined): string {
  return (named ?? '')
    .slice(0, 60)
    .trim()
    .replace(/^["']+|["';,]+$/g, '')
    .replace(/\*.*$/, '')
    .toLowerCase()
    .replace(/^iso-2022-jp-?\w+$/, 'iso-2022-jp')
    .replace(/^uhc$/, 'cp949');
}

function byteOrderMark(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

/** Seven bits are ASCII, unless the set is one that writes other letters in them, or they shift as none other does. */
function asciiText(bytes: Buffer, label: string, inside: string | undefined): string {
  const named = saysNothing.test(label) ? cleanLabel(inside) : label;
  if (isSevenBit(named)) return readIn(bytes, named) ?? bytes.toString('latin1');
  if (/^utf-?(16|32)/.test(named)) return readIn(bytes, named) ?? bytes.toString('latin1');
  if (bytes.includes('\u001b$)C')) return readIn(bytes, 'iso-2022-kr') ?? bytes.toString('latin1');
  if (bytes.includes('\u001b$B') || bytes.includes('\u001b$@'))
    return readIn(bytes, 'iso-2022-jp') ?? bytes.toString('latin1');
  return bytes.toString('latin1');
}

function isSevenBit(label: string): boolean {
  return (
    shiftedSet(label) !== undefined || /^(iso-2022-jp|csiso2022jp|(x-)?(csunicode11|unicode-1-1-)?utf-?7)/.test(label)
  );
}

/** The text in a set; undefined where the set is not known, or the bytes cannot be in it. */
function readIn(bytes: Buffer, label: string): string | undefined {
  const shift = shiftedSet(label);
  if (shift && isAscii(bytes)) return strictly(shift.bytes(bytes), shift.table);
  if (shift) return shift.table === 'euc-jp' ? inJapanese(bytes) : undefined;
  if (/utf-?7$/.test(label)) return isAscii(bytes) ? withoutLoss(iconv.decode(plusWritten(bytes), 'utf-7')) : undefined;
  const decoder = decoderOf(label);
  if (!decoder) return inOtherSets(bytes, label);
  const { encoding } = decoder;
  if (encoding.startsWith('utf-16')) return strictly(inPairs(bytes), encoding);
  // UTF-8 of some length is valid by chance in no text of a set that has one byte a letter.
  if (!severalBytes.has(encoding) && isUtf8(bytes)) return bytes.toString('utf8');
  const whole = wholeSets[encoding];
  return whole === undefined ? strictly(bytes, encoding) : withoutLoss(iconv.decode(bytes, whole));
}

/** What is called ISO-2022-JP and has letters of eight bits: one of the other sets of Japan. */
function inJapanese(bytes: Buffer): string | undefined {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return strictly(bytes, 'iso-2022-jp') ?? strictly(bytes, 'shift_jis') ?? strictly(bytes, 'euc-jp');
}

/** A plus that shifts into nothing is one that somebody forgot to write as such (RFC 2152, rule 2). */
function plusWritten(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll(/\+(?![A-Za-z0-9+/-])/g, '+-'), 'latin1');
}

function decoderOf(label: string): InstanceType<typeof TextDecoder> | undefined {
  for (const name of namesOf(label)) {
    try {
      // UTF-16 without a mark may be of either order; the other library looks which.
      if (!/^utf-?16$/i.test(name)) return new TextDecoder(name);
    } catch {
      // Not a name of the Encoding Standard.
    }
  }
  return undefined;
}

/** Sets the Encoding Standard lacks: those of DOS, UTF-32, some of old Unix. */
function inOtherSets(bytes: Buffer, label: string): string | undefined {
  const name = namesOf(label).find((one) => iconv.encodingExists(one));
  if (name === undefined || /^(base64|hex|binary|utf-?7.*)$/i.test(name)) return undefined;
  if (isUtf8(bytes) && !/^(utf|ucs)/.test(name)) return bytes.toString('utf8');
  return withoutLoss(iconv.decode(/^utf-?16$/.test(name) ? inPairs(bytes) : bytes, name));
}

/** A set's name as it is written, and what else may be meant by it. */
function namesOf(label: string): readonly string[] {
  return [label, meantSet(label) ?? [], libmime.normalizeCharset(label)].flat();
}

function withoutLoss(text: string): string | undefined {
  return text.includes('\uFFFD') ? undefined : text;
}

function strictly(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The text in a set of several bytes a letter, or with gaps, where only little of it is not in that set. */
function mostlyIn(bytes: Buffer, label: string | undefined): string | undefined {
  const decoder = label === undefined ? undefined : decoderOf(label);
  if (!decoder || decoder.encoding === 'utf-8' || decoder.encoding === windows) return undefined;
  if (decoder.encoding.startsWith('utf-16') && !bytes.includes(0)) return undefined;
  const text = decoder.decode(bytes);
  let lost = 0;
  let letters = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd) lost++;
    else if (code > 0x7f) letters++;
  }
  return letters > 0 && lost * 2 <= letters ? text : undefined;
}

/**
 * UTF-8 and Windows-1252 side by side, as mail is put together by several programs: what is UTF-8 is read so, a byte that is not
 * as Windows-1252.
 */
function mixedText(bytes: Buffer): string {
  const decoder = new TextDecoder(windows);
  // What each byte beyond ASCII is in UTF-8: three bytes at most.
  const letters = Array.from({ length: 128 }, (_, at) => Buffer.from(decoder.decode(Uint8Array.of(at + 128))));
  const text = Buffer.alloc(bytes.length * 3);
  let end = 0;
  for (let at = 0; at < bytes.length;) {
    const length = letterLength(bytes, at);
    if (length > 0) {
      for (const stop = at + length; at < stop; at++) text[end++] = bytes[at] ?? 0;
    } else {
      end += letters[(bytes[at++] ?? 0) - 128]?.copy(text, end) ?? 0;
    }
  }
  return text.toString('utf8', 0, end);
}

/** Bytes of the letter of UTF-8 that begins here; 0 where none does (RFC 3629). */
function letterLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  for (let next = at + 1; next < at + length; next++) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] ?? 0;
  const tooShort = (first === 0xe0 && second < 0xa0) || (first === 0xf0 && second < 0x90);
  const noLetter = (first === 0xed && second > 0x9f) || (first === 0xf4 && second > 0x8f);
  return tooShort || noLetter ? 0 : length;
}
