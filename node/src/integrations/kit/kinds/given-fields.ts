import { isoDate } from '../../../halo-api/iso-date.ts';
import type { HaloObject } from '../../../halo-api/halo-api.ts';

/** What a vendor may say or leave unsaid: absent leaves Halo as it is, null and '' clear. */
export type Said<T> = T | null | undefined;

/** Fields as Halo takes them: what is not said is left out, texts are trimmed, empty ones are null. */
export function givenFields(said: Readonly<Record<string, Said<string | number | boolean>>>): HaloObject {
  const given: Record<string, string | number | boolean | null> = {};
  for (const name in said) {
    const value = said[name];
    if (value !== undefined) given[name] = typeof value === 'string' ? value.trim() || null : value;
  }
  return given;
}

/** Whether a text says when something happened: it is a date, and not the first one that a program counts from, which says never. */
export function happened(text: Said<string>): boolean {
  return (isoDate(text ?? '')?.getUTCFullYear() ?? 0) > 1970;
}

/** A text with something in it; undefined for anything else. */
export function filled(text: Said<string>): string | undefined {
  const trimmed = text?.trim();
  return trimmed ? trimmed : undefined;
}
