const Zone = /(z|[+-]\d{2}:?\d{2})$/i;
const DateOnly = /^\d{4}-\d{2}-\d{2}$/;
/** Years of days; beyond that dates hardly repeat. */
const remembered = 10_000;

/** Reads Pax8's dates as ISO in UTC: null where there is none or it cannot be read. */
export type DateReader = (text: string | null | undefined) => string | null;

/**
 * A reader of Pax8's dates. They come with and without time and zone; without a zone they are read as UTC. A day that came
 * before is remembered, since the subscriptions of a company share a few, and reading one costs more than finding it.
 */
export function createDateReader(): DateReader {
  const known = new Map<string, string | null>();
  return (text) => {
    const given = text?.trim();
    if (!given) return null;
    let date = known.get(given);
    if (date === undefined) {
      if (known.size >= remembered) known.clear();
      known.set(given, (date = utcDate(given)));
    }
    return date;
  };
}

function utcDate(given: string): string | null {
  const full = DateOnly.test(given) ? `${given}T00:00:00Z` : Zone.test(given) ? given : `${given}Z`;
  const date = new Date(full.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
