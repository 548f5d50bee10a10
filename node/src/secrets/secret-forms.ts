const utf8 = new TextEncoder();
/** Escaped again and again, as JSON within JSON or a query within a query is; bounded, so that no text takes long to look through. */
const again = '{0,4}';
/** A backslash, be it as it is or percent-encoded. */
const backslash = `(?:\\\\|%(?:25)${again}5[cC])`;
const letters: Readonly<Record<string, string>> = { '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' };
const entities: Readonly<Record<string, string>> = { '"': 'quot', '&': 'amp', '<': 'lt', '>': 'gt', "'": 'apos' };
/**
 * What may stand between two characters where a text was folded into lines (of mail, a quotation, a table's cell), made to break
 * anywhere, coloured, or is of UTF-16.
 */
const fold = String.raw`(?:(?:[ \t]{0,9}[│|])?=?\r?\n(?:\r?\n)?[ \t│|>]{0,40}|(?:\\r)?\\n|\x1b\[[\d;]{0,9}m|[\0\u00ad\u200b-\u200d\u2060\ufeff])?`;

/** The same within base64, whose pattern is made of many forms. */
const foldOfBase64 = String.raw`(?:(?:\\r)?\\n|=?\r?\n[ \t>]{0,9})?`;

/** A pattern for a text in any form it may take: plain, percent-encoded, as a form's value, escaped for JSON or HTML, or mixed. */
export function writtenForms(text: string): string {
  return [...text].map(formsOfCharacter).join(fold);
}

/** Forms of a secret in which it is looked for as a whole: a pattern for how each begins, and one for all of each. */
export interface EncodedForms {
  readonly begins: string;
  readonly whole: string;
}

/** How much of an encoded secret says that it may be there. */
const beginning = { base64: 5, bytes: 3 };

/** What base64 (of either alphabet) makes of a text, be it plain, or already written as a form, an address or JSON has it. */
export function base64Forms(text: string): EncodedForms {
  const json = JSON.stringify(text).slice(1, -1);
  const percent = [new URLSearchParams({ '': text }).toString().slice(1), encodeURIComponent(text.toWellFormed())];
  const written = [text, json, json.replaceAll('/', '\\/'), ...percent, ...percent.map(lowerPercent)];
  return patternsOf([...new Set(written)].flatMap((one) => base64Of(Buffer.from(one))));
}

/** A text as bytes are written: base64 of base64 or of UTF-16, and the bytes' numbers in hexadecimal or as a list. */
export function byteForms(text: string): EncodedForms {
  const twice = base64Of(Buffer.from(text)).flatMap((one) => base64Of(Buffer.from(one)));
  const wide = [base64Of(Buffer.from(text, 'utf16le')), base64Of(Buffer.from(text, 'utf16le').swap16())].flat();
  const encoded = patternsOf([...twice, ...wide]);
  const little = Buffer.from(text, 'utf16le');
  const bytes = [...utf8.encode(text)];
  const all = [bytes, [...little], [...Buffer.from(little).swap16()]];
  const first = bytes.slice(0, beginning.bytes);
  return {
    // UTF-16 has twice the bytes.
    begins: [
      encoded.begins,
      digitsOf(first),
      ...all.slice(1).map((one) => digitsOf(one.slice(0, 6))),
      listOf(first),
    ].join('|'),
    whole: [encoded.whole, ...all.map(digitsOf), `${listOf(bytes)}\\b`].join('|'),
  };
}

function digitsOf(bytes: readonly number[]): string {
  return bytes.map((byte) => hex(byte, 2)).join('(?:[\\s:,-]{1,2}(?:0x)?)?');
}

function listOf(bytes: readonly number[]): string {
  return `\\b${bytes.join('\\s{0,4},\\s{0,4}')}`;
}

function lowerPercent(text: string): string {
  return text.replaceAll(/%../g, (one) => one.toLowerCase());
}

/**
 * What base64 makes of bytes, wherever among others they stand: a Basic header has a user in front. Only whole characters are in it;
 * those at both ends depend on what stands beside the bytes.
 */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const inner = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
    return inner.length < 4 ? [] : [inner];
  });
}

function patternsOf(encoded: readonly string[]): EncodedForms {
  const all = [...new Set(encoded)];
  // Nothing matches what is empty.
  const pattern = (some: readonly string[], between: string): string =>
    some.map((one) => [...one].map(formsOfBase64).join(between)).join('|') || '(?!)';
  const begins = new Set(all.map((one) => one.slice(0, beginning.base64)));
  return { begins: pattern([...begins], ''), whole: pattern(all, foldOfBase64) };
}

function formsOfBase64(character: string): string {
  if (character === '+') return `(?:-|${formsOfCharacter('+')})`;
  if (character === '/') return `(?:_|${formsOfCharacter('/')})`;
  return character;
}

function formsOfCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const bytes = [...utf8.encode(character)];
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  const percent = (all: readonly number[], sign = '%'): string =>
    all.map((byte) => `${sign}(?:25)${again}${hex(byte, 2)}`).join('');
  const ways = [
    escaped(character),
    percent(bytes),
    units.map((unit) => `%(?:25)${again}u${hex(unit, 4)}`).join(''),
    units.map((unit) => `${backslash}{1,8}u${hex(unit, 4)}`).join(''),
    `${backslash}{1,8}u\\{0{0,4}${hex(code, 1)}\\}`,
    bytes.map((byte) => `${backslash}{1,8}${byte.toString(8).padStart(3, '0')}`).join(''),
    // Quoted-printable, as mail has it.
    bytes.map((byte) => `=${hex(byte, 2)}`).join(''),
    `&(?:amp;)${again}#0{0,6}${code};?`,
    `&(?:amp;)${again}#[xX]0{0,6}${hex(code, 1)};?`,
  ];
  if (code > 0x7f && code <= 0xff) ways.push(percent([code]));
  // Read in the wrong character set, by one that lacks it, or with its accent apart.
  if (code > 0x7f)
    ways.push(escaped(String.fromCharCode(...bytes)), '[?\\ufffd]{1,4}', escaped(character.normalize('NFD')));
  if (code <= 0xff) ways.push(`${backslash}{1,8}x${hex(code, 2)}`);
  if (character === ' ' || character === '+') ways.push(' ', '\\+');
  const letter = letters[character];
  if (letter !== undefined) ways.push(`${backslash}{1,8}${letter}`);
  const entity = entities[character];
  if (entity !== undefined) ways.push(`&(?:amp;)${again}${entity};?`);
  if (character === "'") ways.unshift("''");
  if (character === '\\') ways.unshift(`${backslash}{1,8}`);
  // Quoted, it begins with itself.
  if (character === '=') ways.unshift('=3[dD]');
  const any = `(?:${ways.join('|')})`;
  // A shell, too, puts its sign before each character that means something to it.
  return /[^A-Za-z\d]/.test(character) ? `(?:${backslash}|[\`^]){0,8}${any}` : any;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** Hexadecimal digits of either case. */
function hex(code: number, digits: number): string {
  return code
    .toString(16)
    .padStart(digits, '0')
    .replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}
