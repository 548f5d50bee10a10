import { SecretParts } from './secret-parts.ts';
import { base64Forms, byteForms, writtenForms } from './secret-forms.ts';

/** Of what is longer, such as a token, this much is looked for: the rest is what stands behind it. */
const foundBy = { secret: 400, token: 40 };
/** A pattern for a whole secret takes milliseconds to make: it is made when its beginning has been found. */
const beginning = 3;

/** A part of a text, its end not included. */
export type TextRange = readonly [from: number, to: number];

/** Forms looked for once their beginning has been found. */
interface Encoded {
  readonly begins: RegExp;
  readonly pattern: string;
  whole: RegExp | undefined;
}

/** Finds one secret in texts. */
export class SecretPattern {
  /** The same of its ends alone. */
  readonly parts: SecretParts;
  readonly #found: string;
  readonly #kind: keyof typeof foundBy;
  readonly #cut: boolean;
  #begins: RegExp | undefined;
  #written: RegExp | undefined;
  #encoded: Encoded[] | undefined;

  constructor(secret: string, kind: keyof typeof foundBy) {
    const characters = [...secret];
    this.parts = new SecretParts(secret, kind);
    this.#kind = kind;
    this.#found = characters.slice(0, foundBy[kind]).join('');
    this.#cut = characters.length > foundBy[kind];
  }

  /** Where the secret is, in whatever form. */
  rangesIn(text: string): TextRange[] {
    const ranges: TextRange[] = [];
    this.#begins ??= new RegExp(writtenForms([...this.#found].slice(0, beginning).join('')), 'i');
    if (this.#begins.test(text)) {
      this.#written ??= new RegExp(writtenForms(this.#found), 'gi');
      for (const match of text.matchAll(this.#written))
        ranges.push(rangeOf(match, text, this.#cut ? /[\w.~+/=%\\-]/ : undefined));
    }
    for (const encoded of (this.#encoded ??= this.#encodedForms())) {
      if (!encoded.begins.test(text)) continue;
      encoded.whole ??= new RegExp(encoded.pattern, 'g');
      for (const match of text.matchAll(encoded.whole)) ranges.push(rangeOf(match, text, /[\w+/=%-]/, true));
    }
    return ranges;
  }

  /** Tokens come by the dozen, and are looked for in fewer forms. */
  #encodedForms(): Encoded[] {
    const forms = [base64Forms(this.#found), ...(this.#kind === 'secret' ? [byteForms(this.#found)] : [])];
    return forms.map(({ begins, whole }) => ({ begins: new RegExp(begins), pattern: whole, whole: undefined }));
  }
}

/** Where a match is, with what belongs to it behind and, where asked, before. */
function rangeOf(match: RegExpExecArray, text: string, belongs?: RegExp, before = false): TextRange {
  let from = match.index;
  let to = from + match[0].length;
  if (belongs) while (to < text.length && belongs.test(text.charAt(to))) to++;
  if (belongs && before) while (from > 0 && belongs.test(text.charAt(from - 1))) from--;
  return [from, to];
}
