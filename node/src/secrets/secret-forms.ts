const utf8 = new TextEncoder();
/** Escaped again and again, as JSON within JSON or a query within a query is; bounded, so that no text takes long to look through. */
const again = '{0,4}';
/** A backslash, be it as it is or percent-encoded. */
const backslash = `(?:\\\\|%(?:25)${again}5[cC])`;
const letters: Readonly<Record<string, string>> = { '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' };
const entities: Readonly<Record<string, string>> = { '"': 'quot', '&': 'amp', '<': 'lt', '>': 'gt', "'": 'apos' };
/** A pattern for a text in any form it may take: plain, percent-encoded, as a form's value, escaped for JSON or HTML, or mixed. */
export function writtenForms(text: string): string {
  return [...text].map(formsOfCharacter).join('');
}

/**
 * Patterns for what base64 (of either alphabet) makes of a text, wherever in the encoded bytes it stands: a Basic header has a
 * user in front. Only whole characters are in them; those at both ends depend on what stands beside the text.
 */
export function base64Forms(text: string): string[] {
  const bytes = utf8.encode(text);
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const inner = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
    return inner.length < 4 ? [] : [[...inner].map(formsOfBase64).join('')];
  });
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
    character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&'),
    percent(bytes),
    units.map((unit) => `%(?:25)${again}u${hex(unit, 4)}`).join(''),
    units.map((unit) => `${backslash}{1,8}u${hex(unit, 4)}`).join(''),
    // Quoted-printable, as mail has it.
    bytes.map((byte) => `=${hex(byte, 2)}`).join(''),
    `&(?:amp;)${again}#0{0,6}${code};?`,
    `&(?:amp;)${again}#[xX]0{0,6}${hex(code, 1)};?`,
  ];
  if (code > 0x7f && code <= 0xff) ways.push(percent([code]));
  if (code <= 0xff) ways.push(`${backslash}{1,8}x${hex(code, 2)}`);
  if (character === ' ' || character === '+') ways.push(' ', '\\+');
  const letter = letters[character];
  if (letter !== undefined) ways.push(`${backslash}{1,8}${letter}`);
  const entity = entities[character];
  if (entity !== undefined) ways.push(`&(?:amp;)${again}${entity};?`);
  if (character === "'") ways.unshift("''");
  if (character === '\\') ways.unshift(`${backslash}{1,8}`);
  const any = `(?:${ways.join('|')})`;
  return `"'/`.includes(character) ? `${backslash}{0,8}${any}` : any;
}

/** Hexadecimal digits of either case. */
function hex(code: number, digits: number): string {
  return code
    .toString(16)
    .padStart(digits, '0')
    .replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}
