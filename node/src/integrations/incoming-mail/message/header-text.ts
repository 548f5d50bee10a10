import { isAscii, isUtf8 } from 'node:buffer';
import libmime from 'libmime';
import { decode as decodeQuoted } from 'libqp';
import { decodeText } from './character-sets.ts';

/** More of one header than anybody reads; what is behind it is left out. */
const longestHeader = 64 * 1024;

/** What no header says; tabs and ends of lines are white space. */
const controls = /(?![\t\n\r])\p{Cc}/gu;

/** A piece of a header: bytes as they stand, or those of an encoded word with the set it names. */
interface Piece {
  readonly bytes: Buffer;
  readonly set?: string;
  readonly encoding?: string;
}

/**
 * The text of a header's value, given as its bytes in a string of one character each: encoded words (RFC 2047), and letters in none,
 * which are UTF-8 or else in the set that the words of the message are in.
 */
export function headerText(raw: string, set?: string): string {
  const value = raw
    .slice(0, longestHeader)
    .replaceAll(/\r?\n(?=[ \t])/g, '')
    .replaceAll(/[\r\n]+/g, ' ');
  const pieces = value.includes('=?') ? joined(piecesOf(value)) : [{ bytes: Buffer.from(value, 'latin1') }];
  return pieces
    .map((piece: Piece) => (piece.set === undefined ? plainText(piece.bytes, set) : decodeText(piece.bytes, piece.set)))
    .join('')
    .replaceAll(controls, '');
}

function plainText(bytes: Buffer, set: string | undefined): string {
  return isAscii(bytes) || isUtf8(bytes) ? decodeText(bytes) : decodeText(bytes, set);
}

function piecesOf(value: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  const plain = (to: number): void => {
    if (to > from) pieces.push({ bytes: Buffer.from(value.slice(from, to), 'latin1') });
  };
  for (let at = value.indexOf('=?'); at >= 0; at = value.indexOf('=?', at + 1)) {
    const [opening, set = '', encoding = ''] =
      /^=\?([\w.:+'*"-]{1,60})\?([bq])\?/i.exec(value.slice(at, at + 70)) ?? [];
    if (opening === undefined) continue;
    const begin = at + opening.length;
    const end = value.indexOf('?=', begin);
    if (end < 0) break;
    plain(at);
    pieces.push({ bytes: wordBytes(value.slice(begin, end), encoding), set: set.toLowerCase(), encoding });
    from = end + 2;
    at = from - 1;
  }
  plain(value.length);
  return pieces;
}

function wordBytes(content: string, encoding: string): Buffer {
  return /b/i.test(encoding)
    ? Buffer.from(content, 'base64')
    : decodeQuoted(Buffer.from(content.replaceAll('_', '=20'), 'latin1'));
}

/** Words of one set behind each other together, since a letter may be split between them; white space between words is none. */
function joined(pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  pieces.forEach((piece, at) => {
    const last = found.at(-1);
    const isSpace = piece.set === undefined && /^\s*$/.test(piece.bytes.toString('latin1'));
    if (isSpace && last?.set !== undefined && pieces[at + 1]?.set !== undefined) return;
    if (last?.set === undefined || last.set !== piece.set) found.push(piece);
    else found[found.length - 1] = { ...last, bytes: Buffer.concat([last.bytes, piece.bytes]) };
  });
  return found;
}

/**
 * The text of a parameter of a header: `name*=set'language'…`, in pieces or not (RFC 2231), encoded words, or letters in none, which
 * are UTF-8 or else in the set given. '' where there is none.
 */
export function parameterText(raw: string, name: string, set?: string): string {
  const sets: string[] = [];
  // Read as "binary", what is escaped comes as the bytes it stands for.
  const asBytes = raw
    .slice(0, longestHeader)
    .replaceAll(/(\*(?:0\*)?\s*=\s*"?)([\w.:+-]*)'([^']*)'/g, (_all, head: string, set: string, language: string) => {
      sets.push(set);
      return `${head}binary'${language}'`;
    });
  // A piece that is not escaped, behind one that is, may have a percent sign of its own.
  const escaped = !/\*0\*\s*=/.test(asBytes)
    ? asBytes
    : asBytes.replaceAll(
        /(\*[1-9]\d{0,3}\s*=\s*)("(?:[^"\\]|\\.)*"|[^\s;"]*)/g,
        (_all, head: string, value: string) => head + value.replaceAll('%', '%25'),
      );
  // Parameters without the value they belong to are parameters all the same.
  const whole = /^\s*[\w*-]+\s*=/.test(escaped) ? `;${escaped}` : escaped;
  const { params, decodedParams } = libmime.parseHeaderValue(whole, { stripComments: true });
  const value = params[name];
  if (value === undefined) return '';
  return decodedParams.includes(name) ? decodeText(Buffer.from(value, 'latin1'), sets[0]) : headerText(value, set);
}
