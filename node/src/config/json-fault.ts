import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { SettingsFault } from '../errors/config-errors.ts';

const typographic = /[\u2018-\u201f\u2039\u203a\u00ab\u00bb\u2032\u2033]/;
const badEscape = /\\(?!["\\/bfnrt]|u[0-9a-f]{4})/i;
/** Spaces of web pages and word processors, which JSON does not take for any. */
const otherSpace = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]/;

/**
 * What is wrong with a text that is no JSON, where, and what to write instead. Only the place is told: the text around it may be
 * a password.
 */
export function jsonFault(text: string): SettingsFault {
  const errors: ParseError[] = [];
  parse(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (!error) return fault(text, text.trimEnd().length, 'look for a missing comma, quote or brace there');
  const { at, fix } = cureOf(text, error);
  return fault(text, at, fix);
}

function fault(text: string, at: number, fix: string): SettingsFault {
  const before = text.slice(0, at).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  return { path: '', problem: `is not JSON: ${place}`, fix };
}

interface Cure {
  readonly at: number;
  readonly fix: string;
}

function cureOf(text: string, { error, offset, length }: ParseError): Cure {
  const code = printParseErrorCode(error);
  const token = text.slice(offset, offset + Math.max(length, 1));
  const lineEnd = text.indexOf('\n', offset);
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, lineEnd < 0 ? text.length : lineEnd);
  const cure = (fix: string, at = offset): Cure => ({ at, fix });
  if (code === 'InvalidEscapeCharacter' || code === 'InvalidUnicode') {
    const within = badEscape.exec(token)?.index ?? 0;
    return cure('write each backslash twice, as in "sql01\\\\HALO"', offset + within);
  }
  if (typographic.test(line))
    return cure('write straight quotes (") in place of typographic ones', startOf(text, offset, line, typographic));
  if (otherSpace.test(token[0] ?? '')) return cure('write an ordinary space there; this one came with the copied text');
  if (token.startsWith("'")) return cure('write double quotes (") in place of single ones');
  if (/^(true|false|null|none|yes|no|on|off)$/i.test(token)) return cure('write true, false or null, in small letters');
  switch (code) {
    case 'CommaExpected':
      return cure('put a comma behind what stands before it');
    case 'CloseBraceExpected':
      return cure('close what is open: a brace } is missing');
    case 'CloseBracketExpected':
      return cure('close what is open: a bracket ] is missing');
    case 'ColonExpected':
      return cure('put a colon between the name and its value');
    case 'UnexpectedEndOfString':
      return cure('end the text with a quote (") in the same line');
    case 'UnexpectedEndOfComment':
      return cure('end the comment with */');
    case 'EndOfFileExpected':
      return cure('take away what stands behind the last brace, or the brace that is one too many');
    case 'InvalidSymbol':
    case 'PropertyNameExpected':
      return cure('put names and texts into double quotes, and look for a comma or brace too many');
    default:
      return cure('look for a missing comma, quote or brace there');
  }
}

/** Where in that line the first such character is. */
function startOf(text: string, offset: number, line: string, pattern: RegExp): number {
  const begin = text.lastIndexOf('\n', offset - 1) + 1;
  return begin + (pattern.exec(line)?.index ?? 0);
}
