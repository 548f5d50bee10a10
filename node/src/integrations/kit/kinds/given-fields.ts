import { isoDate } from '../../../halo-api/values/iso-date.ts';
import type { HaloObject } from '../../../halo-api/halo-api.ts';

/** What a vendor may say or leave unsaid: absent leaves Halo as it is, null and '' clear. */
export type Said<T> = T | null | undefined;

/** Fields of a record that is being put together. */
export type Fields = Record<string, HaloObject[string]>;

/** Fields as Halo takes them: what is not said is left out, texts are trimmed, empty ones are null. */
export function givenFields(said: Readonly<Record<string, Said<string | number | boolean>>>): HaloObject {
  const given: Fields = {};
  for (const name in said) give(given, name, said[name]);
  return given;
}

/** Whether a text says when something happened: it is a date, and not the first one that a program counts from, which says never. */
export function happened(text: Said<string>): boolean {
  return (isoDate(text ?? '')?.getUTCFullYear() ?? 0) > 1970;
}

/** Puts in a field as Halo takes it, where something is said. */
export function give(fields: Fields, name: string, value: Said<string | number | boolean>): void {
  if (value !== undefined) fields[name] = typeof value === 'string' ? value.trim() || null : value;
}

/** A text with something in it; undefined for anything else. */
export function filled(text: Said<string>): string | undefined {
  const trimmed = text?.trim();
  return trimmed ? trimmed : undefined;
}
