/**
 * A text or number as SQL Server compares it, and therefore both databases do: in no case, and without the spaces at its end. Anything
 * else compares as empty. Names and ids that come to the same are the same.
 */
export function comparedText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? withoutEndSpaces(String(value)).toLowerCase() : '';
}

/** A text without the spaces at its end, which count in no comparison. */
export function withoutEndSpaces(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 32) end--;
  return end === text.length ? text : text.slice(0, end);
}
