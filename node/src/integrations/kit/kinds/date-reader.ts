import { isoDate } from '../../../halo-api/values/iso-date.ts';

/** Years of days; beyond that dates hardly repeat. */
const remembered = 10_000;

/** Reads a vendor's dates as ISO in UTC: null where there is none, or what stands there is none of the calendar. */
export type DateReader = (text: string | null | undefined) => string | null;

/**
 * A reader of dates. They come with and without time and zone; without a zone they are read as UTC. A day that came
 * before is remembered, since the licences of a client share a few, and reading one costs more than finding it.
 */
export function createDateReader(): DateReader {
  const known = new Map<string, string | null>();
  return (text) => {
    const given = text?.trim();
    if (!given) return null;
    let date = known.get(given);
    if (date === undefined) {
      if (known.size >= remembered) known.clear();
      known.set(given, (date = isoDate(given)?.toISOString() ?? null));
    }
    return date;
  };
}
