import type { TextRange } from './secret-pattern.ts';

/** Characters of either end that are looked for by themselves; of a token, whose beginning is that of all others, more. */
const longPart = { secret: 8, token: 24 };
/** A part that could be a word of any language is looked for where it is that long. */
const longestWord = 16;
/** A shorter secret is looked for as a whole, and where something says that it is quoted in part. */
const shortestInParts = 12;
/** Characters that such a quotation shows at least of one end, and of each where both are there. */
const leastShown = { one: 4, both: 2 };
/** No quotation shows more than that beside its signs. */
const mostShown = 40;

const inToken = /[\p{L}\p{N}_.~+/=$-]/u;
const letterOrDigit = /[\p{L}\p{N}]/u;
/** What stands for what is not shown. */
const signs =
  /\*{3,}|\.{3,}|\u2026+|[\u2022\u25cf\u00b7#]{3,}|x{4,}|X{4,}|\[(?:\.\.\.|redacted|hidden|masked)\]|<(?:redacted|hidden|masked)>/gi;
/** What is said before an end that is quoted. */
const said =
  /\b(?:(end|last|final)|(?:start|begin|first|prefix))(?:s|ed|ing|ning)?(?:\s+(?:in|with|by|of|is|are|\d+|four|six|eight|characters?|chars?|letters?|digits?))*\s*[:=]?\s*["'`\u2018\u201c([]*([^\s"'`\u2019\u201d)\],;]{3,40})/gi;

/** Finds the ends of a secret where a vendor quotes only these: "invalid key abcd…wxyz", "the key ending in wxyz". */
export class SecretParts {
  readonly #whole: string;
  readonly #begin: string | undefined;
  readonly #end: string | undefined;

  constructor(secret: string, kind: keyof typeof longPart) {
    this.#whole = secret;
    const least = longPart[kind];
    // Of an address or a document, every other one begins alike.
    this.#begin = /^([a-z][a-z\d+.-]*:|[{[<\s-])/i.test(secret)
      ? undefined
      : tellingPart(secret, least, (to) => secret.slice(0, to));
    this.#end = /[}\]>\s-]$/.test(secret) ? undefined : tellingPart(secret, least, (length) => secret.slice(-length));
  }

  /** Where a long part of either end is, as far as it goes. */
  rangesIn(text: string): TextRange[] {
    const ranges: TextRange[] = [];
    const begin = this.#begin;
    if (begin !== undefined)
      for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + 1)) {
        if (at > 0 && letterOrDigit.test(text.charAt(at - 1))) continue;
        let to = at + begin.length;
        while (to < text.length && to - at < this.#whole.length && text[to] === this.#whole[to - at]) to++;
        ranges.push([at, to]);
      }
    const end = this.#end;
    if (end !== undefined)
      for (let at = text.indexOf(end); at >= 0; at = text.indexOf(end, at + 1)) {
        const to = at + end.length;
        if (letterOrDigit.test(text.charAt(to))) continue;
        let from = at;
        const offset = this.#whole.length - to;
        while (from > 0 && from + offset > 0 && text[from - 1] === this.#whole[from - 1 + offset]) from--;
        ranges.push([from, to]);
      }
    return ranges;
  }

  /** Whether a quotation shows this secret: what stands before its signs, and behind. */
  isShownBy(before: string, behind: string, wordsMayEnd: boolean): boolean {
    // The whole of it is found as such.
    if (before.length + behind.length >= this.#whole.length) return false;
    const begins = before !== '' && this.#whole.startsWith(before);
    const ends = behind !== '' && this.#whole.endsWith(behind);
    if (begins && ends) return before.length >= leastShown.both && behind.length >= leastShown.both;
    if (ends && before === '') return behind.length >= leastShown.one;
    if (begins && behind === '') return before.length >= leastShown.one && (!wordsMayEnd || isTelling(before));
    return false;
  }

  beginsWith(part: string): boolean {
    return part.length >= leastShown.one && this.#whole.startsWith(part);
  }

  endsWith(part: string): boolean {
    return part.length >= leastShown.one && this.#whole.endsWith(part);
  }
}

/** Where a text quotes a part of one of these secrets: one long enough to know it by, or one that is said to be one, by signs or in words. */
export function quotedParts(text: string, secrets: readonly SecretParts[]): TextRange[] {
  if (secrets.length === 0) return [];
  const ranges = secrets.flatMap((one) => one.rangesIn(text));
  for (const { 0: sign, index } of text.matchAll(signs)) {
    const to = index + sign.length;
    let from = index;
    while (from > 0 && index - from < mostShown && inToken.test(text.charAt(from - 1))) from--;
    let end = to;
    while (end < text.length && end - to < mostShown && inToken.test(text.charAt(end))) end++;
    const behind = text.slice(to, end).replace(/[.]+$/, '');
    const before = text.slice(from, index);
    if (before === '' && behind === '') continue;
    // Three points end many a sentence.
    const wordsMayEnd = /^[.\u2026]/.test(sign);
    if (secrets.some((one) => one.isShownBy(before, behind, wordsMayEnd))) ranges.push([from, to + behind.length]);
  }
  for (const match of text.matchAll(said)) {
    const part = (match[2] ?? '').replace(/[.]+$/, '');
    const isEnd = match[1] !== undefined;
    const from = match.index + match[0].length - (match[2] ?? '').length;
    if (secrets.some((one) => (isEnd ? one.endsWith(part) : one.beginsWith(part))))
      ranges.push([from, from + part.length]);
  }
  return ranges;
}

/** The shortest part of an end that is no word. */
function tellingPart(secret: string, least: number, part: (length: number) => string): string | undefined {
  if (secret.length < shortestInParts) return undefined;
  for (let length = least; length < Math.min(secret.length, Math.max(longestWord, least)); length++)
    if (isTelling(part(length))) return part(length);
  return secret.length > Math.max(longestWord, least) ? part(Math.max(longestWord, least)) : undefined;
}

/** Whether it holds letters and digits, as words do not. */
function isTelling(part: string): boolean {
  return /\p{L}/u.test(part) && /\p{N}/u.test(part);
}
