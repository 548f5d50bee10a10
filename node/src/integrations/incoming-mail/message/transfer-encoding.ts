import { isUtf8 } from 'node:buffer';
import { decode as decodeQuoted } from 'libqp';
import { uuencodedIn } from './uuencoded.ts';

/** A line of base64 in a body of several is so long; a shorter one may be words. */
const wholeLine = 40;

/** The content of a part, and what a list or gateway has put over or under it in words of its own. */
export interface TransferContent {
  readonly content: Buffer;
  readonly behind?: Buffer;
}

/** A part's content as it was before it was encoded for the way (RFC 2045, and uuencode); as it is where the encoding is not known. */
export function decodeTransfer(body: Buffer, encoding: string): TransferContent {
  const name = encoding.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  if (name.startsWith('base64')) return decodeBase64(body);
  if (name.startsWith('quotedprintable')) return { content: decodeQuoted(body) };
  if (/^x?(uuencode|uue|uu)$/.test(name)) return { content: uuencodedIn(body, 'somehow')[0]?.content ?? body };
  return { content: body };
}

/** A line that may be a word as well as base64: a greeting or the name of a list, put there by a gateway. */
const word = '[ \\t]*(?:[A-Z]?[a-z]+|[A-Z]+)';
const wordOver = new RegExp(`^(${word})\\s*\\n([^]*)$`);
const wordUnder = new RegExp(`^([^]*)\\n(${word})\\s*$`);

function decodeBase64(body: Buffer): TransferContent {
  const text = body.toString('latin1');
  const whole = decodeLines(text);
  if (isBetweenNoWords(text) || isText(whole.content)) return whole;
  // What is a text but for a line that looks like a word is that text, and the word.
  const [, over, below] = wordOver.exec(text) ?? [];
  const [, above, under] = wordUnder.exec(text) ?? [];
  for (const [said, rest] of [
    [under, above],
    [over, below],
  ]) {
    const inner = said !== undefined && rest !== undefined ? decodeLines(rest) : undefined;
    if (said === undefined || !inner || inner.content.length === 0 || !isText(inner.content)) continue;
    return {
      content: inner.content,
      behind: Buffer.concat([...(inner.behind ? [inner.behind] : []), Buffer.from(said)]),
    };
  }
  return isPlain(text, whole.content) ? { content: body } : whole;
}

/** Whether it begins with a whole line of base64 and ends in what is no word, as what programs encode does nearly always. */
function isBetweenNoWords(text: string): boolean {
  const first = text.slice(0, Math.max(text.indexOf('\n'), 0));
  const last =
    text
      .slice(-2 * wholeLine)
      .trimEnd()
      .split('\n')
      .at(-1) ?? '';
  return first.length >= wholeLine && isClean(first) && !/^[ \t]*[A-Za-z]+$/.test(last);
}

/** Whether words are called base64 that never were: few of their lines could be, and what comes out is no text in any set. */
function isPlain(text: string, decoded: Buffer): boolean {
  if (!/[^\t\n\f\r\x20-\xff]/.test(decoded.toString('latin1')) || /[^\t\n\f\r\x20-\xff]/.test(text)) return false;
  let clean = 0;
  let odd = 0;
  for (const line of text.split('\n')) {
    if (isClean(line)) {
      if (line.trim().length >= wholeLine) return false;
      clean++;
    } else if (line.trim() !== '') odd++;
  }
  return odd > clean;
}

function isClean(line: string): boolean {
  return /^\s*[A-Za-z0-9+/]+={0,2}\s*$/.test(line);
}

function isText(content: Buffer): boolean {
  return isUtf8(content) && !/[^\t\n\f\r\x20-\x7e\x80-\xff]/.test(content.toString('latin1'));
}

function decodeLines(text: string): TransferContent {
  if (/^[A-Za-z0-9+/\r\n]*={0,2}\s*$/.test(text)) return { content: Buffer.from(text, 'base64') };
  // Blocks, and nothing else in any line.
  if (!/[^A-Za-z0-9+/=\r\n]|=[A-Za-z0-9+/]|={3}|\n=/.test(text) && !text.startsWith('='))
    return { content: blocksOf(text) };
  const lines = text.split('\n');
  const lastWhole = lines.findLastIndex((line) => line.length >= wholeLine && isClean(line));
  const first = lines.findIndex(isClean);
  const foot =
    first < 0
      ? -1
      : lines.findIndex((line, at) => at > first && at > lastWhole && line.trim() !== '' && !isClean(line));
  const content = blocksOf(lines.slice(Math.max(first, 0), foot < 0 ? undefined : foot).join('\n'));
  const words = [...lines.slice(0, Math.max(first, 0)), ...(foot < 0 ? [] : lines.slice(foot))].join('\n');
  return words.trim() === '' ? { content } : { content, behind: Buffer.from(words, 'latin1') };
}

/** What was encoded in several blocks, each with its own padding, behind each other. */
function blocksOf(text: string): Buffer {
  const content = Buffer.alloc(Math.ceil((text.length * 3) / 4) + 3);
  let end = 0;
  for (let from = 0; from < text.length;) {
    const padding = text.indexOf('=', from);
    const to = padding < 0 ? text.length : padding;
    if (to > from) end += content.write(text.slice(from, to), end, 'base64');
    from = to + 1;
  }
  return content.subarray(0, end);
}
