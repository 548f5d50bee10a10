import type { VendorPage } from '../../../reading/vendor-page.ts';
import type { ChangesSource } from '../../changes-source.ts';
import type { Source } from '../../source.ts';
import type { Values } from '../fill-in.ts';
import type { VendorApi } from '../vendor-api.ts';
import { readAfterLastId, readByCursor, readByLinks, readWhole } from './chained.ts';
import type { DeclaredSource } from './declared-source.ts';
import { openChanges } from './only-changes.ts';
import { readExport } from './exported.ts';
import { readFromParents } from './from-parents.ts';
import { isOfCursor, type ListReading, type ReadingContext } from './list-reading.ts';
import { createListRequests } from './list-requests.ts';
import { readByOffset, readNumbered } from './numbered.ts';
import { isHeader, type Paging, type Place } from './paging.ts';

/** Opens a declared list; nothing is asked of the vendor before its pages are. */
export function openSource<T>(
  source: DeclaredSource<T>,
  api: VendorApi,
  context: ReadingContext,
): Source<T> | ChangesSource<T> {
  if (source.changes && context.kept)
    return openChanges(source, { changes: source.changes, kept: context.kept, api, context, read: readPages });
  return { shape: source.shape, pagesShift: pagesShift(source), pages: () => readPages(source, api, context) };
}

/** The pages of a declared list in order, from the cursor on, with all that the vendor says of the list. */
export function readPages(
  source: DeclaredSource,
  api: VendorApi,
  context: ReadingContext,
  values: Values = {},
): AsyncIterable<VendorPage> {
  if (source.parents) return readFromParents({ source, parents: source.parents, api, context, read: readPages });
  const { paging } = source;
  const requests = createListRequests(api, source, values, placesOf(paging));
  const reading: ListReading = { ...context, api, source, requests };
  const mayBegin = cursorMayExpire(paging) && context.cursor !== undefined && context.onlyFromCursor !== true;
  return mayBegin ? readOrBegin(reading, paging) : read(reading, paging);
}

function pagesShift(source: DeclaredSource): boolean {
  const { style } = (source.parents?.source ?? source).paging;
  return style === 'page' || style === 'offset';
}

function read(reading: ListReading, paging: Paging): AsyncGenerator<VendorPage> {
  switch (paging.style) {
    case 'whole':
      return readWhole(reading, paging);
    case 'page':
      return readNumbered(reading, paging);
    case 'offset':
      return readByOffset(reading, paging);
    case 'last-id':
      return readAfterLastId(reading, paging);
    case 'cursor':
      return readByCursor(reading, paging);
    case 'link':
      return readByLinks(reading, paging);
    case 'export':
      return readExport(reading, paging);
  }
}

/** What the vendor gave to go on with lives for a time: where it is refused, or leads to no page, the list is read from its beginning. */
async function* readOrBegin(reading: ListReading, paging: Paging): AsyncGenerator<VendorPage> {
  let came = false;
  try {
    for await (const page of read(reading, paging)) {
      came = true;
      yield page;
    }
  } catch (error) {
    if (came || !isOfCursor(error)) throw error;
    yield* read({ ...reading, cursor: undefined }, paging);
  }
}

function cursorMayExpire({ style }: Paging): boolean {
  return style === 'cursor' || style === 'link' || style === 'export';
}

/** What in an answer pages are gone on by. */
function placesOf(paging: Paging): readonly (Place | undefined)[] {
  switch (paging.style) {
    case 'page':
      return [paging.total, paging.pages, paging.number, paging.more];
    case 'offset':
      return [paging.total, paging.more];
    case 'cursor':
      return [paging.next, paging.more, paging.moves, paging.total];
    case 'link':
      // The last page has no next one, and no other has the link to what changes from now on.
      return [placesIn(paging.next, paging.delta), paging.total];
    case 'whole':
    case 'last-id':
      return [paging.total];
    case 'export':
      return [];
  }
}

/** Places of which one says something; a header stands in none of them. */
function placesIn(...places: readonly (Place | undefined)[]): Place | undefined {
  const paths = places.flatMap((place) => (place === undefined || isHeader(place) ? [] : place));
  return paths.length > 0 ? paths : undefined;
}
