/** A text or number as SQL Server compares it: in no case, and without the spaces at its end. Anything else compares as empty. */
export function comparedText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trimEnd().toLowerCase() : '';
}
