import { parse } from 'csv-parse/sync';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { fieldAt } from '../field-path.ts';
import type { CsvFormat } from './declared-source.ts';

/** Values stay texts: an id may begin with noughts. */
const xml = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  htmlEntities: true,
});

/**
 * Reads XML as objects: elements and attributes by their names, an element that comes several times as a list.
 * @param path where the records are; none is an empty list, but what they are in must be there
 * @param failed makes the error that is thrown
 */
export function readXml(
  text: string,
  path: string,
  failed: (trouble: string) => Error,
): { readonly body: unknown; readonly records: readonly unknown[] } {
  // Entities of its own are what such a document is blown up with.
  if (/<!DOCTYPE/i.test(text)) throw failed('the answer declares a document type, which no answer needs');
  if (XMLValidator.validate(text) !== true) throw failed(`the answer of ${text.length} characters is not whole XML`);
  const body: unknown = xml.parse(text);
  const within = path.split('.').slice(0, -1).join('.');
  if (fieldAt(body, within) === undefined) throw failed(`the answer has no element "${within}"`);
  const found = fieldAt(body, path);
  const records = found === undefined || found === '' ? [] : Array.isArray(found) ? (found as unknown[]) : [found];
  return { body, records };
}

/** Reads CSV as objects by the names of its first line; values stay texts. Throws what `failed` makes. */
export function readCsv(text: string, { csv }: CsvFormat, failed: (trouble: string) => Error): readonly unknown[] {
  let records: readonly Record<string, string>[];
  let columns: readonly string[] = [];
  try {
    records = parse(text, {
      bom: true,
      delimiter: csv.delimiter ?? ',',
      skip_empty_lines: true,
      columns: (names: string[]) => (columns = names.map((name) => name.trim())) as string[],
    });
  } catch {
    // The parser quotes the line it stumbles on.
    throw failed(`the answer of ${text.length} characters is not whole CSV`);
  }
  const missing = csv.columns.filter((name) => !columns.includes(name));
  if (missing.length > 0) throw failed(`the answer lacks the columns ${missing.join(', ')}`);
  return records;
}
