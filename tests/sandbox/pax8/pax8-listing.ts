import { companyAt, contactAt, productAt, subscriptionAt } from './pax8-data.ts';
import type { Pax8Kind, Pax8Record, Pax8Sizes } from './pax8-data.ts';
import type { Pax8Faults } from './pax8-faults.ts';

/** Pages kept where nothing else is said. */
const CachedPages = 64;

/** A listing request after its validation. */
export interface ListingRequest {
  readonly kind: Pax8Kind;
  /** Index of the company, for contacts. */
  readonly company?: number;
  readonly page: number;
  readonly size: number;
  /** Fields that must be equal. */
  readonly filter: Readonly<Record<string, string>>;
}

/** The records behind the sandbox: made from their index when asked for, with what was changed laid over. */
export interface Pax8Listing {
  /** A page as JSON. */
  page(request: ListingRequest, faults: Pax8Faults): Buffer;
  /** Changes fields of a record, or removes it (`null`). */
  change(kind: Exclude<Pax8Kind, 'contacts'>, index: number, fields: Pax8Record | null): void;
}

/** Opens the records of the given sizes. Memory does not grow with them: only so many pages are kept. */
export function openPax8Listing(sizes: Pax8Sizes, cachedPages = CachedPages): Pax8Listing {
  const changes = new Map<string, Pax8Record | null>();
  const pages = new Map<string, Buffer>();
  const selections = new Map<string, readonly number[]>();

  function count({ kind, company }: ListingRequest): number {
    if (kind === 'contacts') return company === undefined ? 0 : sizes.contactsPerCompany;
    return sizes[kind];
  }

  function record({ kind, company = 0 }: ListingRequest, index: number): Pax8Record {
    if (kind === 'contacts') return contactAt(sizes, company, index);
    const make = { companies: companyAt, products: productAt, subscriptions: subscriptionAt }[kind];
    return { ...make(sizes, index), ...changes.get(`${kind}/${index}`) };
  }

  /** Indexes of the records that pass; undefined where all do. */
  function selection(request: ListingRequest): readonly number[] | undefined {
    const wanted = Object.entries(request.filter);
    const removed = [...changes].some(([key, fields]) => fields === null && key.startsWith(`${request.kind}/`));
    if (wanted.length === 0 && !removed) return undefined;
    const key = JSON.stringify([request.kind, request.company, wanted]);
    const known = selections.get(key);
    if (known) return known;
    const found: number[] = [];
    for (let index = 0; index < count(request); index++) {
      if (changes.get(`${request.kind}/${index}`) === null) continue;
      const one = record(request, index);
      if (wanted.every(([name, value]) => String(one[name]) === value)) found.push(index);
    }
    selections.set(key, found);
    return found;
  }

  function build(request: ListingRequest, faults: Pax8Faults): Buffer {
    const size = Math.min(request.size, faults.pageSizeCap ?? request.size);
    const selected = selection(request);
    const total = selected?.length ?? count(request);
    const empty = faults.emptyPageAt;
    const shift = empty !== undefined && request.page > empty ? 1 : 0;
    let number = request.page - shift;
    if (faults.repeatPageFrom !== undefined) number = Math.min(number, faults.repeatPageFrom - 1);
    const content: Pax8Record[] = [];
    const end = Math.min(total - (faults.missingRecords ?? 0), (number + 1) * size);
    for (let at = number * size; at < end && request.page !== empty; at++) {
      const one = record(request, selected?.[at] ?? at);
      if (faults.withoutProductNames) delete one['productName'];
      content.push(one);
    }
    const envelope = {
      size,
      totalElements: total,
      totalPages: Math.ceil(total / size) + (empty === undefined ? 0 : 1),
      number: request.page,
    };
    return Buffer.from(JSON.stringify(faults.pageInfo ? { content, pageInfo: envelope } : { content, page: envelope }));
  }

  return {
    page(request, faults) {
      const key = JSON.stringify([request, { ...faults, queue: undefined }]);
      const known = pages.get(key);
      if (known !== undefined) return known;
      const built = build(request, faults);
      const oldest = pages.size >= cachedPages ? pages.keys().next() : undefined;
      if (oldest && !oldest.done) pages.delete(oldest.value);
      pages.set(key, built);
      return built;
    },
    change(kind, index, fields) {
      const key = `${kind}/${index}`;
      changes.set(key, fields === null ? null : { ...changes.get(key), ...fields });
      pages.clear();
      selections.clear();
    },
  };
}
