const Zone = /(z|[+-]\d{2}:?\d{2})$/i;
const DateOnly = /^\d{4}-\d{2}-\d{2}$/;

/** A Pax8 date as ISO in UTC. Pax8 sends dates with and without time and zone; without a zone it is read as UTC. */
export function utcDate(text: string | null | undefined): string | null {
  const given = text?.trim();
  if (!given) return null;
  const full = DateOnly.test(given) ? `${given}T00:00:00Z` : Zone.test(given) ? given : `${given}Z`;
  const date = new Date(full.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
