import { decodeText } from './character-sets.ts';

/** A file written into a text by uuencode, and the place of its lines there, in bytes. */
export interface UuencodedFile {
  readonly filename: string;
  readonly content: Buffer;
  readonly from: number;
  readonly to: number;
}

const newLine = 0x0a;
/** The most one line carries. */
const lineBytes = 45;

/**
 * Files that uuencode (POSIX) has written between lines `begin 644 name` and `end`, or as base64 up to `====`. Exactly, a file that is not as it describes in
 * every line is none, since people begin sentences with "begin", too; somehow, what can be read is, up to the end.
 */
export function uuencodedIn(text: Buffer, reading: 'exactly' | 'somehow'): readonly UuencodedFile[] {
  const files: UuencodedFile[] = [];
  for (let at = text.indexOf('begin'); at >= 0; at = text.indexOf('begin', at)) {
    const file = at === 0 || text[at - 1] === newLine ? fileAt(text, at, reading) : undefined;
    if (file) files.push(file);
    at = file?.to ?? at + 5;
  }
  return files;
}

function fileAt(text: Buffer, from: number, reading: 'exactly' | 'somehow'): UuencodedFile | undefined {
  let at = lineEnd(text, from);
  const head = text.subarray(from, Math.min(at, from + 1000)).toString('latin1');
  const [, base64, written] = /^begin(-base64)? [0-7]{3,6} (.+?)\s*$/.exec(head) ?? [];
  if (written === undefined) return undefined;
  const filename = decodeText(Buffer.from(written, 'latin1'));
  const lastLine = base64 === undefined ? 'end' : '====';
  const pieces: Buffer[] = [];
  while (at < text.length) {
    const next = lineEnd(text, at);
    const line = text
      .subarray(at, next)
      .toString('latin1')
      .replace(/[\r\n]+$/, '');
    at = next;
    if (line === lastLine) return { filename, content: Buffer.concat(pieces), from, to: at };
    const piece = base64 === undefined ? lineContent(line) : base64Line(line);
    if (piece) pieces.push(piece);
    else if (reading === 'exactly') return undefined;
  }
  return reading === 'somehow' && pieces.length > 0
    ? { filename, content: Buffer.concat(pieces), from, to: at }
    : undefined;
}

function lineEnd(text: Buffer, from: number): number {
  const end = text.indexOf(newLine, from);
  return end < 0 ? text.length : end + 1;
}

/** The bytes of one line; undefined where it is none. Spaces at its end may have been lost on the way. */
function lineContent(line: string): Buffer | undefined {
  if (line === '') return Buffer.alloc(0);
  const count = (line.charCodeAt(0) - 32) & 63;
  const needed = Math.ceil(count / 3) * 4;
  if (count > lineBytes || line.length - 1 > needed + 2 || !/^[ -`]+$/.test(line)) return undefined;
  const content = Buffer.alloc((needed / 4) * 3);
  for (let group = 0; group * 4 < needed; group++) {
    let bits = 0;
    for (let place = 0; place < 4; place++) {
      const code = line.charCodeAt(1 + group * 4 + place);
      bits = bits * 64 + (Number.isNaN(code) ? 0 : (code - 32) & 63);
    }
    content.writeUIntBE(bits, group * 3, 3);
  }
  return content.subarray(0, count);
}

function base64Line(line: string): Buffer | undefined {
  return /^[A-Za-z0-9+/]*={0,2}\s*$/.test(line) ? Buffer.from(line, 'base64') : undefined;
}
