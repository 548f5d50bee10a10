import { XMLBuilder } from 'fast-xml-parser';
import type { VendorRecord } from './spec-data.ts';

/** An object as XML: its members are elements, a list's items elements of the same name. */
export function xmlOf(body: unknown): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${new XMLBuilder({}).build(body)}`;
}

/** Records as comma-separated values, with a line of names. */
export function csvOf(records: readonly VendorRecord[]): string {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const cell = (value: unknown): string => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [names, ...records.map((record) => names.map((name) => record[name]))]
    .map((line) => line.map(cell).join(','))
    .join('\r\n');
}
