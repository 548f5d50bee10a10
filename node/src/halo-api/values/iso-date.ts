const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,12}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * A date as ISO 8601 writes it, such as `2026-01-31` or `2026-01-31T08:00:00+01:00`; without a zone it is UTC, as Halo keeps its
 * dates. Undefined for anything else, and for days that do not exist.
 */
export function isoDate(text: string): Date | undefined {
  const [, year, month, day, hour = '00', minute = '00', second = '00', part = '', zone = 'Z'] =
    pattern.exec(text.trim()) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const written = new Date(`${year}-${month}-${day}T00:00:00Z`);
  // The calendar would carry 31 February over into March.
  if (Number.isNaN(written.getTime()) || written.getUTCDate() !== Number(day)) return undefined;
  const offset = zone
    .toUpperCase()
    .replace(/^([+-]\d{2}):?(\d{2})?$/, (_, hours: string, minutes = '00') => `${hours}:${minutes}`);
  // A clock of ours has no leap seconds.
  const lasting = second === '60' ? '59' : second;
  const date = new Date(
    `${year}-${month}-${day}T${hour}:${minute}:${lasting}.${part.padEnd(3, '0').slice(0, 3)}${offset}`,
  );
  return Number.isNaN(date.getTime()) ? undefined : date;
}
