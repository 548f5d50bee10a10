import { fieldAt, withField } from '../../../node/src/integrations/kit/field-path.ts';
import type { VendorRecord } from './spec-data.ts';
import type { SpecPaging } from './vendor-spec.ts';

/** A page as the description says it comes. */
export interface SpecPage {
  readonly records: readonly VendorRecord[];
  /** What the answer says beside them, by paths. */
  readonly says: readonly (readonly [path: string, value: unknown])[];
  readonly headers: Readonly<Record<string, string>>;
}

/** What a page is asked for by: a parameter of the query, or of the body by its path. */
export type Asked = (parameter: string) => string | undefined;

/** The page of a list that is asked for; undefined where the vendor would refuse (a cursor that is none). */
export function pageOf(
  list: readonly VendorRecord[],
  paging: SpecPaging,
  asked: Asked,
  link: (parameter: string, value: string) => string,
  named: Map<string, number>,
): SpecPage | undefined {
  const nothing = { headers: {} };
  const total = paging.style !== 'last-id' && paging.says?.total;
  const saysTotal = typeof total === 'string' ? [[total, list.length] as const] : [];
  if (paging.style === 'whole') return { records: list, says: saysTotal, ...nothing };
  const size = Math.min(Number((paging.size && asked(paging.size)) || paging.usual), paging.most);
  const given = asked(paging.parameter);
  const from = startOf(list, paging, given, size, named);
  if (from === undefined) return undefined;
  const records = list.slice(from, from + size);
  const end = from + records.length;
  const more = end < list.length;
  const says: (readonly [string, unknown])[] = [...saysTotal];
  const say = (path: string | undefined, value: unknown): void => {
    if (path !== undefined) says.push([path, value]);
  };
  switch (paging.style) {
    case 'page':
      say(paging.says?.pages, Math.ceil(list.length / size));
      say(paging.says?.number, from / size + paging.first);
      say(paging.says?.more, more);
      say(paging.says?.size, size);
      return { records, says, ...nothing };
    case 'offset':
      say(paging.says?.more, more);
      return { records, says, ...nothing };
    case 'last-id':
      return { records, says, ...nothing };
    case 'cursor':
      say(paging.says?.more, more);
      say(paging.moves, end);
      if (paging.moves !== undefined) say(paging.next, keepNamed(named, given, end));
      else say(paging.next, more ? cursorOf(end) : null);
      return { records, says, ...nothing };
    case 'link': {
      const next = more ? link(paging.parameter, cursorOf(end)) : undefined;
      if (paging.next !== undefined) say(paging.next, next ?? null);
      return {
        records,
        says,
        headers: next !== undefined && paging.next === undefined ? { link: `<${next}>; rel="next"` } : {},
      };
    }
  }
}

/** The place in a list where a page begins. */
function startOf(
  list: readonly VendorRecord[],
  paging: Exclude<SpecPaging, { style: 'whole' }>,
  given: string | undefined,
  size: number,
  named: Map<string, number>,
): number | undefined {
  if (given === undefined) return 0;
  switch (paging.style) {
    case 'page':
      return (Number(given) - paging.first) * size;
    case 'offset':
      return Number(given);
    case 'last-id': {
      const at = list.findIndex((record) => String(fieldAt(record, paging.id)) === given);
      // A record that went has left its place to the next one; ids go up.
      return at >= 0 ? at + 1 : list.findIndex((record) => Number(fieldAt(record, paging.id)) > Number(given));
    }
    case 'cursor':
    case 'link':
      return paging.style === 'cursor' && paging.moves !== undefined ? named.get(given) : placeOf(given);
  }
}

function keepNamed(named: Map<string, number>, given: string | undefined, end: number): string {
  const name = given ?? `report-${named.size + 1}`;
  named.set(name, end);
  return name;
}

function cursorOf(place: number): string {
  return Buffer.from(`place ${place}`).toString('base64url');
}

function placeOf(cursor: string): number | undefined {
  const [, place] = /^place (\d+)$/.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  return place === undefined ? undefined : Number(place);
}

/** An answer with its records and all that is said beside them. */
export function bodyOf(records: unknown, path: string | undefined, page: SpecPage, more: object = {}): unknown {
  if (path === undefined) return records;
  const said = [...page.says, [path, records] as const];
  return said.reduce<object>((body, [at, value]) => withField({ ...body }, at, value), more);
}
