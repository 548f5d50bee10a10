import { UsageError } from '../errors/command-errors.ts';

interface Kinds {
  readonly text: string;
  readonly texts: readonly string[];
  readonly switch: boolean;
  readonly number: number;
  readonly object: Readonly<Record<string, unknown>>;
  readonly list: readonly unknown[];
  /** Anything, null too. */
  readonly value: unknown;
}

/** The parameters that a command takes, by name; none of them has to be given. */
export type Shape = Readonly<Record<string, keyof Kinds>>;

/** Parameters of that shape. */
export type Given<S extends Shape> = { readonly [Name in keyof S]?: Kinds[S[Name]] };

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const kinds: Readonly<Record<keyof Kinds, { fits(value: unknown): boolean; readonly words: string }>> = {
  text: { fits: isText, words: 'a text that is not empty' },
  texts: {
    fits: (value) => Array.isArray(value) && value.length > 0 && value.every(isText),
    words: 'a list of one text or more, none of them empty',
  },
  switch: { fits: (value) => typeof value === 'boolean', words: 'true or false' },
  number: {
    fits: (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0,
    words: 'a whole number of 0 or more',
  },
  object: {
    fits: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    words: 'an object',
  },
  list: { fits: Array.isArray, words: 'a list' },
  value: { fits: () => true, words: 'anything' },
};

/**
 * The parameters of a request, where all of them are known and of their type: one taken for left out would make the command do
 * more than was asked. Null is the same as left out. Throws UsageError.
 */
export function givenParams<S extends Shape>(command: string, shape: S, params: unknown): Given<S> {
  if (!kinds.object.fits(params)) throw new UsageError(`The parameters of ${command} must be an object.`);
  const given = Object.entries(params as object).filter(
    ([name, value]) => value !== undefined && (value !== null || shape[name] === 'value'),
  );
  for (const [name, value] of given) {
    const kind = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (!kind) {
      const known = Object.keys(shape).join(', ');
      throw new UsageError(`${command} takes no "${name}".`, known ? `It takes: ${known}.` : 'It takes nothing.');
    }
    const { fits, words } = kinds[kind];
    if (!fits(value)) throw new UsageError(`${name} must be ${words}.`, `Correct the ${name} of ${command}.`);
  }
  return Object.fromEntries(given) as Given<S>;
}

/** A moment: a date, or a span back from now such as `2h`, `7d`; undefined where none is given. Throws UsageError. */
export function momentOf(name: string, value: string | undefined, now: Date): Date | undefined {
  if (value === undefined) return undefined;
  const span = /^(\d+)\s*([mhd])$/i.exec(value);
  const milliseconds = { m: 60_000, h: 3_600_000, d: 86_400_000 }[span?.[2]?.toLowerCase() ?? ''];
  const date = milliseconds ? new Date(now.getTime() - Number(span?.[1]) * milliseconds) : new Date(value);
  if (Number.isNaN(date.getTime()))
    throw new UsageError(
      `${name} is neither a date nor a span: "${value}".`,
      'Write a date as 2026-11-24 or 2026-11-24T08:00:00Z, a span as 30m, 2h or 7d.',
    );
  return date;
}
