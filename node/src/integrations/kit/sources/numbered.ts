import type { ListEnd, VendorPage } from '../../../reading/vendor-page.ts';
import { countOf } from '../field-path.ts';
import { moreOf, pageOf, sizeOf, totalOf, type ListReading } from './list-reading.ts';
import type { NumberedPaging, OffsetPaging } from './paging.ts';
import { createPagesAhead } from './pages-ahead.ts';
import type { PageAnswer } from './read-answer.ts';

/** Pages under way while one is worked on. */
const pagesAhead = 4;

/** Pages by number; once the vendor has told how many there are, the next ones are on their way while one is worked on. */
export async function* readNumbered(reading: ListReading, paging: NumberedPaging): AsyncGenerator<VendorPage> {
  const { requests, api } = reading;
  const { first, parameter, size: asked } = paging;
  const parameters = (number: number) => ({ [parameter]: number, ...(asked && { [asked.parameter]: asked.value }) });
  using ahead = createPagesAhead((number, signal) => requests.page(parameters(number), signal), api.signal);
  let { number, before } = startOf(reading.cursor, first);

  for (; ; number++) {
    const answer = await ahead.take(number);
    const came = countOf(answer.at(paging.number));
    if (came !== undefined && came !== number)
      throw answer.failed(`page ${number} was asked for and page ${came} came`);
    const size = sizeOf(answer, reading);
    const total = totalOf(answer, paging.total);
    // Only the vendor knows how many stand before a page that another run has read up to.
    const position = before ?? (number - first) * (countOf(answer.at(paging.pageSize)) ?? asked?.value ?? size);
    before = position + size;
    const pages = pagesIn(answer, paging, total, size);
    const end = endOfNumbered(answer, paging, { number, size, read: before, total });
    if (!end)
      for (let next = number + 1; next <= number + pagesAhead && next - first < pages; next++) ahead.start(next);
    const all = countOf(answer.at(paging.pages));
    const stated = all === undefined ? undefined : { all, number: number - first + 1 };
    const facts = { begins: number === first, total, pages: stated, position, end };
    yield pageOf(answer, size, `${number + 1}/${before}`, facts);
    if (end) return;
  }
}

/** Pages by the number of their first record. What came moves on, not what was asked for. */
export async function* readByOffset(reading: ListReading, paging: OffsetPaging): AsyncGenerator<VendorPage> {
  const { requests, api } = reading;
  const { parameter, size: asked } = paging;
  const parameters = (offset: number) => ({ [parameter]: offset, [asked.parameter]: asked.value });
  using ahead = createPagesAhead((offset, signal) => requests.page(parameters(offset), signal), api.signal);

  for (let offset = countOf(reading.cursor) ?? 0; ;) {
    const answer = await ahead.take(offset);
    const size = sizeOf(answer, reading);
    const total = totalOf(answer, paging.total);
    const next = offset + size;
    const end = endByOffset(moreOf(answer, paging.more), size, next, total);
    // Were a page shorter than this one, those asked for behind it would not fit, and are given up.
    ahead.forgetBefore(next);
    if (!end)
      for (let page = 0; page < pagesAhead && next + page * size < (total ?? 0); page++)
        ahead.start(next + page * size);
    yield pageOf(answer, size, String(next), { begins: offset === 0, total, position: offset, end });
    if (end) return;
    offset = next;
  }
}

/** A cursor is the number of the page and how many records stand before it; one that is none starts over. */
function startOf(cursor: string | undefined, first: number): { number: number; before: number | undefined } {
  const [, page, before] = /^(\d+)(?:\/(\d+))?$/.exec(cursor ?? '') ?? [];
  if (page === undefined) return { number: first, before: 0 };
  return { number: Number(page), before: before === undefined ? undefined : Number(before) };
}

/** How many pages there are, by what the vendor says. */
function pagesIn(answer: PageAnswer, paging: NumberedPaging, total: number | undefined, size: number): number {
  const said = countOf(answer.at(paging.pages));
  if (said !== undefined || total === undefined || size === 0) return said ?? 0;
  return Math.ceil(total / size);
}

interface NumberedPlace {
  readonly number: number;
  readonly size: number;
  readonly read: number;
  readonly total: number | undefined;
}

/** The end is where the vendor says it is; only where it says nothing, an empty page is. */
function endOfNumbered(
  answer: PageAnswer,
  paging: NumberedPaging,
  { number, size, read, total }: NumberedPlace,
): ListEnd | undefined {
  const pages = countOf(answer.at(paging.pages));
  if (pages !== undefined) return number - paging.first + 1 >= pages ? 'last-page' : undefined;
  const more = moreOf(answer, paging.more);
  if (more !== undefined) return more ? undefined : 'last-page';
  if (size === 0) return 'empty-page';
  return total !== undefined && read >= total ? 'total' : undefined;
}

function endByOffset(more: boolean | undefined, size: number, read: number, total: number | undefined) {
  if (more === false) return 'last-page' as const;
  // There is no next place behind nothing.
  if (size === 0) return 'empty-page' as const;
  return total !== undefined && more === undefined && read >= total ? ('total' as const) : undefined;
}
