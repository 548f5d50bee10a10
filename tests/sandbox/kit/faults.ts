import { fieldAt, isObject, withField } from '../../../node/src/integrations/kit/field-path.ts';
import type { Listing } from './listings.ts';

/** An answer on its way. */
export interface Passing {
  readonly listing: Listing;
  readonly path: string;
  readonly first: boolean;
  /** What the request was let in by. */
  readonly authorization: string;
  /** What the fault remembers while it plays. */
  readonly memory: Map<string, unknown>;
  /** Says that the fault was seen. */
  touch(): void;
}

/** What an integration must make of a fault: come to the same rows, come to an end without deactivating, or tell that it is not whole. */
export type Outcome = 'as if nothing was' | 'goes on' | 'is not whole';

/** Something that goes wrong. */
export interface Fault {
  /** As the table heads it. */
  readonly title: string;
  readonly outcome: Outcome;
  /** Which lists it can happen to. */
  applies(listing: Listing): boolean;
  /** What is answered in place of the vendor. */
  instead?(passing: Passing): { status: number; headers?: Record<string, string>; body: string } | 'drop' | undefined;
  /** The body that is answered. */
  edit?(passing: Passing, body: unknown, headers: Record<string, string>): unknown;
  /** The text that is answered; the body is given where it is JSON. */
  rewrite?(passing: Passing, text: string, body: unknown): string;
}

const always = (): boolean => true;
const isJson = ({ format = 'json' }: Listing): boolean => format === 'json';
const pages = ({ paging }: Listing): boolean => paging !== 'whole';
const refusal = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: JSON.stringify({ message: 'Something went wrong' }),
});

/** Answers each path with a refusal, so many times. */
function first(times: number, status: number, headers?: Record<string, string>): Fault['instead'] {
  return (passing) => {
    const count = Number(passing.memory.get(passing.path) ?? 0);
    if (count >= times) return undefined;
    passing.memory.set(passing.path, count + 1);
    passing.touch();
    return refusal(status, headers);
  };
}

/** A text that is spoilt on each page but the first, where there are more; what came before is good. */
function spoilt(spoil: (text: string) => string): Fault['rewrite'] {
  return (passing, text, body) => {
    if (passing.first && hasMore(passing.listing, body)) return text;
    passing.touch();
    return spoil(text);
  };
}

/** Records changed on each page; null where none of them can be. */
function records(
  change: (record: Readonly<Record<string, unknown>>, listing: Listing) => object | null,
): Fault['edit'] {
  return (passing, body) => {
    const { listing } = passing;
    const list = listIn(body, listing);
    const changed = list.map((record) => (isObject(record) ? change(record, listing) : null));
    if (changed.some((record) => record !== null)) passing.touch();
    return withList(
      body,
      listing,
      changed.map((record, index) => record ?? list[index]),
    );
  };
}

/** Everything that goes wrong with vendors, once for all integrations. */
export const faults = {
  'token-refused': {
    title: '401, then a new token',
    outcome: 'as if nothing was',
    applies: always,
    instead(passing) {
      const { memory, authorization } = passing;
      if (!memory.has('refused')) memory.set('refused', authorization);
      if (memory.get('refused') !== authorization) return undefined;
      passing.touch();
      return refusal(401);
    },
  },
  'throttled-with-time': {
    title: '429 with Retry-After',
    outcome: 'as if nothing was',
    applies: always,
    instead: first(2, 429, { 'retry-after': '2' }),
  },
  throttled: {
    title: '429 without Retry-After',
    outcome: 'as if nothing was',
    applies: always,
    instead: first(2, 429),
  },
  'server-error': { title: '500', outcome: 'as if nothing was', applies: always, instead: first(2, 500) },
  dropped: {
    title: 'connection lost',
    outcome: 'as if nothing was',
    applies: always,
    instead(passing) {
      if (passing.memory.has(passing.path)) return undefined;
      passing.memory.set(passing.path, true);
      passing.touch();
      return 'drop';
    },
  },
  cut: {
    title: 'cut body',
    outcome: 'is not whole',
    applies: always,
    rewrite: spoilt((text) => text.slice(0, Math.floor(text.length * 0.6))),
  },
  malformed: {
    title: 'a page of HTML',
    outcome: 'is not whole',
    applies: always,
    rewrite: spoilt(() => '<html><body>Please sign in</body></html>'),
  },
  'other-shape': {
    title: 'JSON of another shape',
    outcome: 'is not whole',
    applies: isJson,
    rewrite: spoilt(() => '{"status":"maintenance"}'),
  },
  'page-repeats': {
    title: 'page repeats',
    outcome: 'is not whole',
    applies: (listing) => isJson(listing) && pages(listing),
    edit(passing, body) {
      const key = `first ${passing.path}`;
      if (passing.first) passing.memory.set(key, body);
      const before = passing.memory.get(key);
      if (passing.first || before === undefined || listIn(before, passing.listing).length === 0) return body;
      passing.touch();
      return before;
    },
  },
  'list-shrinks': {
    title: 'list shrinks',
    outcome: 'is not whole',
    applies: (listing) =>
      isJson(listing) && listing.total !== undefined && (listing.paging === 'page' || listing.paging === 'offset'),
    edit(passing, body) {
      if (passing.first) return body;
      passing.touch();
      const { listing, memory, path } = passing;
      const total = Number(fieldAt(body, listing.total ?? ''));
      const shrunk = setAt(body, listing.total, total - 1);
      if (memory.has(path)) return shrunk;
      memory.set(path, true);
      // It has moved to the page before, where nobody looks any more.
      return withList(shrunk, listing, listIn(body, listing).slice(1));
    },
  },
  'cursor-stands-still': {
    title: 'cursor stands still',
    outcome: 'is not whole',
    applies: (listing) => isJson(listing) && listing.next !== undefined && listing.named !== true,
    edit(passing, body) {
      const { listing, memory, path } = passing;
      if (passing.first) memory.set(path, fieldAt(body, listing.next ?? ''));
      const next = memory.get(path);
      if (passing.first || typeof next !== 'string') return body;
      passing.touch();
      return setAt(setAt(body, listing.next, next), listing.more, true);
    },
  },
  'total-lies': {
    title: 'total lies',
    outcome: 'is not whole',
    applies: (listing) => isJson(listing) && listing.total !== undefined,
    edit(passing, body) {
      passing.touch();
      return setAt(body, passing.listing.total, Number(fieldAt(body, passing.listing.total ?? '')) + 3);
    },
  },
  endless: {
    title: 'endless pages',
    outcome: 'is not whole',
    applies: (listing) => isJson(listing) && pages(listing) && (listing.next === undefined || listing.named !== true),
    edit: endless,
  },
  'unknown-fields': {
    title: 'unknown fields',
    outcome: 'as if nothing was',
    applies: isJson,
    edit(passing, body) {
      const more = { unexpectedField: { deep: [1, null, 'x'] }, 'odd name-1': true };
      const changed = records((record) => ({ ...more, ...record }))?.(passing, body, {});
      return isObject(changed) ? { ...more, ...changed } : changed;
    },
  },
  nulls: {
    title: 'nulls everywhere',
    outcome: 'goes on',
    applies: isJson,
    edit: records((record, { id }) =>
      Object.fromEntries(Object.entries(record).map(([name, value]) => [name, name === id ? value : null])),
    ),
  },
  'ids-as-texts': {
    title: 'ids as texts',
    outcome: 'as if nothing was',
    applies: isJson,
    edit: records((record) => withIds(record, (id) => (Number.isSafeInteger(id) ? String(id) : id))),
  },
  'ids-as-numbers': {
    title: 'ids as numbers',
    outcome: 'as if nothing was',
    applies: isJson,
    edit: records((record) =>
      withIds(record, (id) => (typeof id === 'string' && /^[1-9]\d{0,14}$/.test(id) ? Number(id) : id)),
    ),
  },
} as const satisfies Readonly<Record<string, Fault>>;

/** A fault by its name. */
export type FaultName = keyof typeof faults;

/** Faults as they are looked up by name. */
export function faultOf(name: FaultName): Fault {
  return faults[name];
}

/** The vendor never comes to an end: what would be behind it is the beginning. */
function endless(passing: Passing, body: unknown): unknown {
  const { listing, memory, path } = passing;
  if (passing.first) {
    memory.set(`body ${path}`, body);
    memory.set(`next ${path}`, fieldAt(body, listing.next ?? ''));
  }
  if (listing.next !== undefined) {
    const next = memory.get(`next ${path}`);
    if (typeof next !== 'string') return body;
    passing.touch();
    const said = fieldAt(body, listing.next);
    return typeof said === 'string' ? body : setAt(setAt(body, listing.next, next), listing.more, true);
  }
  const more = [
    [listing.total, 1_000_000],
    [listing.pages, 1_000_000],
    [listing.more, true],
  ] as const;
  const start = memory.get(`body ${path}`);
  if (start === undefined || listIn(start, listing).length === 0) return body;
  const empty = listIn(body, listing).length === 0;
  if (empty || listing.total !== undefined || listing.pages !== undefined || listing.more !== undefined)
    passing.touch();
  const again = empty ? withList(body, listing, listIn(start, listing)) : body;
  return more.reduce<unknown>((changed, [place, value]) => setAt(changed, place, value), again);
}

/** Whether a page says, or looks as if, there is another one. */
function hasMore(listing: Listing, body: unknown): boolean {
  if (body === undefined || listing.paging === 'whole') return false;
  const list = listIn(body, listing);
  if (listing.next !== undefined) return typeof fieldAt(body, listing.next) === 'string';
  if (listing.more !== undefined) return fieldAt(body, listing.more) === true;
  if (listing.pages !== undefined) return Number(fieldAt(body, listing.pages)) > 1;
  if (listing.total !== undefined) return Number(fieldAt(body, listing.total)) > list.length;
  return list.length > 0;
}

function listIn(body: unknown, { records: path }: Listing): readonly unknown[] {
  const list = fieldAt(body, path);
  return Array.isArray(list) ? list : [];
}

function withList(body: unknown, { records: path }: Listing, list: readonly unknown[]): unknown {
  return path === '' ? list : setAt(body, path, list);
}

function setAt(body: unknown, path: string | undefined, value: unknown): unknown {
  if (path === undefined || !isObject(body)) return body;
  // `@odata.nextLink` is one name.
  return Object.hasOwn(body, path) || path.startsWith('@') ? { ...body, [path]: value } : withField(body, path, value);
}

/** A record with its ids written otherwise; null where it has none to write so. */
function withIds(record: Readonly<Record<string, unknown>>, change: (id: unknown) => unknown): object | null {
  let touched = false;
  const changed = Object.entries(record).map(([name, value]) => {
    const next = /^(uu)?id$|(Id|_id|ID)$/.test(name) ? change(value) : value;
    touched ||= next !== value;
    return [name, next];
  });
  return touched ? Object.fromEntries(changed) : null;
}
