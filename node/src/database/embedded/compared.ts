import type { SQLInputValue } from 'node:sqlite';
import { withoutEndSpaces } from '../compared-text.ts';

/** Letters beyond ASCII whose case is tried in every combination; SQLite knows the case of no other. */
const lettersTried = 4;

/** Whether columns of a SQL Server type hold text that is compared as such; dates are text to SQLite alone. */
export function isTextType(type: string): boolean {
  return /char|text|uniqueidentifier|xml|sql_variant/.test(type);
}

/** A text column as it is compared: SQLite's own NOCASE minds the spaces at the end, which SQL Server does not. */
export function compared(column: string): string {
  return `rtrim(${column}) COLLATE NOCASE`;
}

/** A value to be compared with {@link compared}. */
export function comparand<T extends SQLInputValue>(value: T): T | string {
  return typeof value === 'string' ? withoutEndSpaces(value) : value;
}

/** Values with each text in all its spellings, in every combination: one list for each. */
export function spelt(values: readonly SQLInputValue[]): SQLInputValue[][] {
  // As good as every row: it takes no list of choices.
  if (values.every((value) => typeof value !== 'string' || isAscii(value))) return [values.map(comparand)];
  return values.reduce<SQLInputValue[][]>(
    (begun, value) => {
      const choices = typeof value === 'string' ? spellings(value) : [value];
      return begun.flatMap((one) => choices.map((choice) => [...one, choice]));
    },
    [[]],
  );
}

/**
 * A text in the spellings it may be stored in: NOCASE knows the case of ASCII letters only, and SQL Server that of all. Where many others
 * stand in it, it is looked for as it is, in small and in capital letters.
 */
export function spellings(given: string): readonly string[] {
  const text = withoutEndSpaces(given);
  if (isAscii(text)) return [text];
  const letters = [...text].map((letter) => {
    const [small, capital] = [letter.toLowerCase(), letter.toUpperCase()];
    return letter > '\x7f' && small !== capital && capital.length === small.length ? [small, capital] : [letter];
  });
  if (letters.filter(({ length }) => length > 1).length > lettersTried)
    return [...new Set([text, text.toLowerCase(), text.toUpperCase()])];
  return letters.reduce<string[]>(
    (begun, choices) => begun.flatMap((one) => choices.map((letter) => one + letter)),
    [''],
  );
}

function isAscii(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /^[\x00-\x7f]*$/.test(text);
}
