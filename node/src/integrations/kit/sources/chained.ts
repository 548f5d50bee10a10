import type { VendorPage } from '../../../reading/vendor-page.ts';
import { fieldAt, textOf } from '../field-path.ts';
import { linksIn } from './link-header.ts';
import { moreOf, pageOf, sizeOf, totalOf, type ListReading } from './list-reading.ts';
import type { CursorPaging, LastIdPaging, LinkPaging, PageSize, Place, WholePaging } from './paging.ts';
import type { PageAnswer } from './read-answer.ts';

/** The list in one answer. */
export async function* readWhole(reading: ListReading, paging: WholePaging): AsyncGenerator<VendorPage> {
  const answer = await reading.requests.page({});
  const size = sizeOf(answer, reading);
  yield pageOf(answer, size, undefined, { begins: true, total: totalOf(answer, paging.total), end: 'no-next' });
}

/** Pages after the last id of the one before. Vendors stop at a size of their own, so only an empty page is the end. */
export async function* readAfterLastId(reading: ListReading, paging: LastIdPaging): AsyncGenerator<VendorPage> {
  const { requests, source } = reading;
  const idOf = (record: unknown): string | undefined =>
    paging.id === undefined ? source.shape.idOf(record) : textOf(fieldAt(record, paging.id));
  for (let after = reading.cursor, begins = after === undefined; ; begins = false) {
    const answer = await requests.page({
      ...sizeParameter(paging.size),
      ...(after !== undefined && { [paging.parameter]: after }),
    });
    const { length } = answer.records;
    // One that has none comes again, behind the last one that has.
    const last = answer.records.map(idOf).findLast((id) => id !== undefined);
    if (length > 0 && last === undefined) throw answer.failed('none of its records has an id to go on from');
    if (length > 0 && last === after) throw answer.failed('it goes on after its last record with the same one');
    const end = length === 0 ? 'empty-page' : undefined;
    yield pageOf(answer, length, last, { begins, total: totalOf(answer, paging.total), end });
    if (end) return;
    after = last;
  }
}

/** Pages by the vendor's cursor. */
export async function* readByCursor(reading: ListReading, paging: CursorPaging): AsyncGenerator<VendorPage> {
  for (let cursor = reading.cursor, begins = cursor === undefined; ; begins = false) {
    const answer = await reading.requests.page({
      ...sizeParameter(paging.size),
      ...(cursor === undefined ? paging.first : { ...paging.later, [paging.parameter]: cursor }),
    });
    const size = sizeOf(answer, reading);
    const more = moreOf(answer, paging.more);
    const next = more === false ? undefined : nextIn(answer, paging.next);
    if (more === true && next === undefined) throw answer.failed('it says that there is more, and not how to go on');
    // An empty page is no end by itself: a filter may have passed over what was on it.
    const ends = more === false || next === undefined || (paging.moves !== undefined && size === 0);
    const kept = paging.moves === undefined ? next : undefined;
    const facts = { begins, total: totalOf(answer, paging.total), ...(ends && { end: 'no-next' as const }) };
    yield pageOf(answer, size, kept, facts);
    if (ends) return;
    cursor = next;
  }
}

/** Pages by the links of the vendor's own. */
export async function* readByLinks(reading: ListReading, paging: LinkPaging): AsyncGenerator<VendorPage> {
  const { requests, api } = reading;
  for (let link = reading.cursor, begins = link === undefined; ; begins = false) {
    const answer = await (link === undefined
      ? requests.page(sizeParameter(paging.size))
      : requests.pageAt(withoutSecrets(link, link, api.secretParameters)));
    const size = sizeOf(answer, reading);
    const said = paging.next === undefined ? nextInHeader(answer) : nextIn(answer, paging.next);
    const next = said === undefined ? undefined : withoutSecrets(said, answer.url, api.secretParameters);
    const delta = textOf(answer.at(paging.delta));
    if (next === undefined && delta !== undefined)
      reading.delta?.(withoutSecrets(delta, answer.url, api.secretParameters));
    const facts = {
      begins,
      total: totalOf(answer, paging.total),
      ...(next === undefined && { end: 'no-next' as const }),
    };
    yield pageOf(answer, size, next, facts);
    if (next === undefined) return;
    link = next;
  }
}

/** How to go on, as the vendor says it; undefined where it says nothing. What cannot be read is no end. */
function nextIn(answer: PageAnswer, place: Place): string | undefined {
  const said = answer.at(place);
  if (said === undefined || said === null || said === false || (typeof said === 'string' && said.trim() === ''))
    return undefined;
  const next = typeof said === 'number' && !Number.isSafeInteger(said) ? undefined : textOf(said);
  if (next === undefined) throw answer.failed('what it says of the next page cannot be read');
  return next;
}

function nextInHeader(answer: PageAnswer): string | undefined {
  const links = linksIn(answer.at({ header: 'link' }));
  if (!links) throw answer.failed('its Link header cannot be read, which may have the next page');
  return links.get('next');
}

function sizeParameter(size: PageSize | undefined): Readonly<Record<string, number>> {
  return size ? { [size.parameter]: size.value } : {};
}

/** A link as a whole address, without credentials and what is no part of a request: links are kept from one run to the next, and signed anew. */
function withoutSecrets(link: string, from: string, secretParameters: readonly string[]): string {
  if (!URL.canParse(link, from)) return link;
  const url = new URL(link, from);
  for (const name of secretParameters) url.searchParams.delete(name);
  [url.username, url.password, url.hash] = ['', '', ''];
  return url.href;
}
