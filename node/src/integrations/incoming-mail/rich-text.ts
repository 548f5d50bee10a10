import { decompressRTF } from '@kenjiuno/decompressrtf';
import { deEncapsulateSync, Tokenize } from 'rtf-stream-parser';
import { ToPlainText } from 'rtf-stream-parser/dist/src/ToPlainText.js';
import { decodeText } from './message/character-sets.ts';
import { setOfCodePage } from './tnef-properties.ts';

/** What a message says in RTF: the HTML or text that was put into it (MS-OXRTFEX), or the words of RTF that somebody wrote as such. */
export interface RichText {
  readonly kind: 'html' | 'text' | 'rich';
  readonly words: string;
  readonly rtf: Buffer;
}

/** Bytes of compressed RTF that are unpacked, and of RTF in all of one mail that is read: more takes longer than it is worth. */
const longestCompressed = 1024 * 1024;
const longestRtf = 768 * 1024;
/** Groups within groups; each costs as much as there are around it. */
const deepest = 200;
const head = { bytes: 16, sizeAt: 0, rawSizeAt: 4, kindAt: 8 } as const;
/** "MELA", of RTF that is not compressed. */
const uncompressed = 0x414c454d;
/** Groups that hold no words of the text (Rich Text Format 1.9.1). */
const wordless = new Set(
  'info colortbl stylesheet listtable listoverridetable revtbl rsidtbl generator pict object nonshppict header footer headerl headerr headerf footerl footerr footerf themedata datastore latentstyles xmlnstbl fldinst'.split(
    ' ',
  ),
);

/** Reads compressed RTF (MS-OXRTFCP); undefined for what is none or too much. One reader for the RTF of one mail. */
export type RichTextReader = (compressed: Buffer) => RichText | undefined;

/** A reader that has so much time for all the RTF of one mail. */
export function createRichTextReader(): RichTextReader {
  let room = longestRtf;
  return (compressed) => {
    const rtf = unpacked(compressed);
    if (!rtf) return undefined;
    const fits = rtf.length <= room && nestedGroups(rtf) <= deepest;
    if (!fits) return { kind: 'rich', words: '', rtf };
    room -= rtf.length;
    return { ...wordsOf(withoutPerils(rtf)), rtf };
  };
}

function unpacked(compressed: Buffer): Buffer | undefined {
  if (compressed.length < head.bytes || compressed.length > longestCompressed) return undefined;
  const size = compressed.readUInt32LE(head.sizeAt) + 4;
  const rawSize = compressed.readUInt32LE(head.rawSizeAt);
  const isPlain = compressed.readUInt32LE(head.kindAt) === uncompressed;
  // The library reads as far as the header says.
  if (size > compressed.length || (isPlain && rawSize > compressed.length)) return undefined;
  try {
    return Buffer.from(decompressRTF([...compressed])).subarray(0, rawSize);
  } catch {
    // Of another kind, which nobody writes.
    return undefined;
  }
}

function nestedGroups(rtf: Buffer): number {
  let depth = 0;
  let most = 0;
  for (let at = 0; at < rtf.length && most <= deepest; at++) {
    if (rtf[at] === 0x5c) at++;
    else if (rtf[at] === 0x7b) most = Math.max(most, ++depth);
    else if (rtf[at] === 0x7d) depth--;
  }
  return most;
}

/** The library makes room for as many bytes as binary data says it has, and tells the console of each sign that is no hexadecimal digit. */
function withoutPerils(rtf: Buffer): Buffer {
  const text = rtf
    .toString('latin1')
    .replaceAll(/\\(?:bin(-?\d+)|('(?![0-9a-f]{2}))|[^])/gi, (found: string, length?: string, noHex?: string) => {
      if (noHex !== undefined) return "\\'3f";
      return length !== undefined && !(Number(length) <= rtf.length) ? '\\bin0' : found;
    });
  return Buffer.from(text, 'latin1');
}

function wordsOf(rtf: Buffer): Pick<RichText, 'kind' | 'words'> {
  const options = { decode: inCodePage, warn: () => undefined };
  try {
    // It is said at the beginning (MS-OXRTFEX 2.1.3.1).
    if (!/\\from(html|text)/.test(rtf.toString('latin1', 0, 2048)))
      return { kind: 'rich', words: plainWords(rtf, new ToPlainText(options)) };
    const { mode, text } = deEncapsulateSync(rtf, options);
    return { kind: mode, words: String(text) };
  } catch {
    // RTF that the library makes nothing of is a file still.
    return { kind: 'rich', words: '' };
  }
}

/** Control word or group as the library's tokenizer gives it: 0 opens a group, 1 closes one. */
interface Token {
  readonly type: number;
  readonly word?: string;
}

function plainWords(rtf: Buffer, plain: ToPlainText): string {
  const words: string[] = [];
  const thrown = (error?: Error | null): void => {
    if (error) throw error;
  };
  plain.push = (piece: unknown) => words.push(String(piece)) > 0;
  /** How deep the groups are nested, and where one without words began. */
  let depth = 0;
  let silent = 0;
  const tokens = new Tokenize();
  tokens.push = (token: Token | null) => {
    if (!token) return true;
    if (token.type === 0) depth++;
    if (silent === 0 && token.word !== undefined && wordless.has(token.word)) silent = depth;
    // The library must see that the group ends.
    if (silent === 0 || (token.type === 1 && depth === silent)) plain._transform(token as never, undefined, thrown);
    if (token.type === 1 && depth-- === silent) silent = 0;
    return true;
  };
  tokens._transform(rtf, 'buffer', thrown);
  tokens._flush(thrown);
  plain._flush(thrown);
  return words.join('').trim();
}

/** The library names code pages as `cp1252`. */
function inCodePage(bytes: Buffer, name: string): string {
  return decodeText(bytes, setOfCodePage(Number(name.slice(2))));
}
