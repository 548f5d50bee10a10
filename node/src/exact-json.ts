/** A whole number of so many digits that it may be more than is exact. */
const longNumber = /[[:,]\s*-?\d{16,}\s*[,}\]]/;

/**
 * A JSON text's value. Whole numbers of more than 2^53 stay as they are written, as texts: two ids must not become one since both
 * were rounded. Throws SyntaxError.
 */
export function parseExactly(text: string): unknown {
  return longNumber.test(text)
    ? (JSON.parse(text, exact as (key: string, value: unknown) => unknown) as unknown)
    : JSON.parse(text);
}

function exact(_key: string, value: unknown, { source }: { readonly source?: string }): unknown {
  const rounded =
    typeof value === 'number' && source !== undefined && !Number.isSafeInteger(value) && /^-?\d+$/.test(source);
  return rounded ? source : value;
}
