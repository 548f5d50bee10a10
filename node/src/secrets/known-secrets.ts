import { quotedParts } from './secret-parts.ts';
import { SecretPattern, type TextRange } from './secret-pattern.ts';

const hidden = '***';
/** Shorter ones would be found in every other word. */
const shortest = 4;
/** Tokens that came in while at work: the newest are what may still be quoted. */
const tokensKept = 50;
const longestMessage = 20_000;
const ownName = /^[A-Za-z]{1,30}$/;
const hiddenName = /password|secret|token|authorization|api[-_]?key|credential/i;
const secretName =
  /password|passwd|secret|token|assertion|authorization|(api|access|private)[-_]?key|^(key|sig|signature)$/i;
/** Places in a listing, and what is said about a secret. */
const otherName =
  /(next|page|skip|delta|sync|continuation)[-_]?(page[-_]?)?token|(type|expir\w*|date|url|uri|endpoint|id|name|count|lifetime)$/i;
/** What is a credential by where it stands, known or not. Names of products have "Basic" in them, so that is not among them. */
const byPlace = [
  /(\bBearer\s+)[\w.~+/%-]{8,}=*/gi,
  // The password in an address.
  /(\/\/[^\s/:@"'<>]{1,80}:)[^\s/@"'<>]{3,200}(?=@)/g,
  /(\b(?:client[-_]?secret|client[-_]?assertion|(?:access|refresh|id)[-_]?token|password|passwd|pwd|api[-_]?key|sig|signature|x-amz-(?:signature|security-token))(?:=|%3D)+)[^\s&"'<>,;\\]{4,}/gi,
];

/**
 * The secrets of an instance: those of its settings, those in Halo's rows, and the tokens that came while it works. Whatever leaves
 * the engine goes through here first: the screen, the bridge, the log, the record of runs, Halo's own columns, the report.
 */
export class KnownSecrets {
  readonly #lasting = new Map<string, SecretPattern>();
  readonly #tokens = new Map<string, SecretPattern>();

  constructor(secrets: Iterable<string> = []) {
    this.add(secrets);
  }

  /** Secrets that are hidden from now on. */
  add(secrets: Iterable<string>): void {
    for (const secret of secrets) this.#keep(secret, this.#lasting, 'secret');
  }

  /** Secrets that a vendor gave, or that were made for a request: hidden until many newer ones have come. */
  learn(tokens: Iterable<string>): void {
    for (const token of tokens) if (!this.#lasting.has(token)) this.#keep(token, this.#tokens, 'token');
    for (const oldest of this.#tokens.keys()) {
      if (this.#tokens.size <= tokensKept) break;
      this.#tokens.delete(oldest);
    }
  }

  /** Secrets among the columns or fields of a row, by the names these have. */
  addNamed(row: Readonly<Record<string, unknown>>): void {
    this.add(namedSecrets(row));
  }

  /** The text with every secret in it hidden, in whatever form it is written. */
  text(text: string): string {
    if (text.length < shortest) return text;
    const known = [...this.#lasting.values(), ...this.#tokens.values()];
    const found = known.flatMap((one) => one.rangesIn(text));
    // Whoever quotes a part of a secret writes a message; what is longer is data, such as the changes of a batch.
    if (text.length <= longestMessage)
      found.push(
        ...quotedParts(
          text,
          known.map(({ parts }) => parts),
        ),
      );
    return byPlace.reduce((shown, pattern) => shown.replace(pattern, `$1${hidden}`), without(text, found));
  }

  /** Whether a secret is in the text. */
  areIn(text: string): boolean {
    return this.text(text) !== text;
  }

  /** The same data with secrets hidden in its texts. */
  mask<T>(data: T): T {
    return this.#masked(data, false, 0) as T;
  }

  /** The same, and what has the name of a secret is hidden whatever it is. */
  maskNamed<T>(data: T): T {
    return this.#masked(data, true, 0) as T;
  }

  #masked(value: unknown, named: boolean, depth: number): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value !== 'object' || value === null || value instanceof Date) return value;
    // Nothing of ours is that deep, and what is not looked through is not shown.
    if (depth > 50) return hidden;
    if (Array.isArray(value)) return value.map((one) => this.#masked(one, named, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [
        // Names of ours are words; one of a vendor's may be what it quotes.
        ownName.test(key) ? key : this.text(key),
        named && hiddenName.test(key) && typeof one === 'string' ? hidden : this.#masked(one, named, depth + 1),
      ]),
    );
  }

  #keep(secret: string, where: Map<string, SecretPattern>, kind: 'secret' | 'token'): void {
    // A key of several lines may be quoted line by line.
    const parts = /[\r\n]/.test(secret) ? secret.split(/[\r\n]+/).filter((line) => !/^-+(BEGIN|END) /.test(line)) : [];
    for (const one of [secret, ...parts].flatMap((part) => [part, part.normalize('NFC')])) {
      if (one.trim().length >= shortest && !where.has(one)) where.set(one, new SecretPattern(one, kind));
    }
  }
}

/** The values that have a secret's name. */
export function namedSecrets(fields: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    typeof value === 'string' && secretName.test(name) && !otherName.test(name) ? [value] : [],
  );
}

function without(text: string, ranges: readonly TextRange[]): string {
  let shown = '';
  let end = 0;
  for (const [from, to] of ranges.toSorted(([a], [b]) => a - b)) {
    if (to <= end) continue;
    if (from >= end) shown += text.slice(end, from) + hidden;
    end = to;
  }
  return shown + text.slice(end);
}
