import { hash } from 'node:crypto';
import pLimit from 'p-limit';
import { IncompleteListError } from '../../../errors/list-errors.ts';
import { VendorForbiddenError, VendorRefusedError, VendorRequestError } from '../../../errors/vendor-errors.ts';
import type { ListPart, VendorPage } from '../../../reading/vendor-page.ts';
import { provenPages } from '../../../reading/whole-list.ts';
import { countOf, fieldAt, isObject } from '../field-path.ts';
import type { Values } from '../fill-in.ts';
import type { VendorApi } from '../vendor-api.ts';
import type { DeclaredSource, Parents } from './declared-source.ts';
import type { ReadingContext } from './list-reading.ts';

const defaultAtOnce = 4;
/** A page is given when so many records have come, so that long lists of many parents are not all held at once. */
const recordsPerPage = 1000;

type Parent = Readonly<Record<string, unknown>>;

/** What reading the lists of parents goes by. */
export interface ParentsReading {
  readonly source: DeclaredSource;
  readonly parents: Parents;
  readonly api: VendorApi;
  readonly context: ReadingContext;
  /** Reads a declared list. */
  read(source: DeclaredSource, api: VendorApi, context: ReadingContext, values?: Values): AsyncIterable<VendorPage>;
}

/** One parent's list, or that there is none. */
interface ChildList {
  readonly pages: readonly VendorPage[];
  readonly part?: ListPart;
  readonly incomplete: boolean;
}

/** Where a reading of parents' lists is: the page of parents it is on, and the last parent of it that was read. */
interface Position {
  readonly page?: string | undefined;
  readonly after?: string | undefined;
}

/**
 * The lists of all parents, several at once, in the parents' order. The list that must come whole is the parents' own; what each of
 * them has is counted beside it. A parent that is gone, or whose list does not come whole, is told, and the rest goes on.
 */
export async function* readFromParents(reading: ParentsReading): AsyncGenerator<VendorPage> {
  const { parents, api, context } = reading;
  const start = positionOf(context.cursor);
  const listed = reading.read(parents.source, api, { warn: context.warn, cursor: start.page });
  const place: { at: string | undefined; after: string | undefined } = { at: start.page, after: start.after };
  for await (const page of listed) {
    const all = page.records.filter(isObject);
    const done = place.after === undefined ? 0 : 1 + all.findIndex((one) => idOf(parents, one) === place.after);
    yield* childrenOf(reading, page, all, done, place.at);
    [place.at, place.after] = [page.cursor, undefined];
  }
}

/** The pages of one page of parents, from the one of a number on. */
async function* childrenOf(
  { source, parents, api, context, read }: ParentsReading,
  page: VendorPage,
  all: readonly Parent[],
  done: number,
  at: string | undefined,
): AsyncGenerator<VendorPage> {
  const stop = new AbortController();
  const limit = pLimit(parents.atOnce ?? defaultAtOnce);
  const own = { ...api, signal: AbortSignal.any([api.signal, stop.signal]) };
  const ask = (parent: Parent): Promise<ChildList> => limit(() => childList(parent));
  const waiting: Promise<ChildList>[] = [];

  async function childList(parent: Parent): Promise<ChildList> {
    if (parents.only && !parents.only(parent)) return { pages: [], incomplete: false };
    const { shape } = parents.source;
    const name = shape.nameOf(parent) ?? idOf(parents, parent) ?? 'a parent without a name';
    const pages: VendorPage[] = [];
    const unfit = shape.troubleOf(parent) ?? (idOf(parents, parent) === undefined ? 'It has no id.' : undefined);
    if (unfit !== undefined) {
      context.warn(`${api.integration}: ${name} cannot be read: ${unfit} What is in Halo of it is left as it is.`);
      return { pages, incomplete: true };
    }
    try {
      const list: DeclaredSource = { ...source, parents: undefined };
      const children = read(list, own, { warn: context.warn, sizeOfPage: context.sizeOfPage }, { parent });
      for await (const one of provenPages(children, source.shape)) pages.push(one);
    } catch (error) {
      const trouble = passedOver(error, parents);
      if (trouble === undefined) throw error;
      context.warn(`${api.integration}: ${name} ${trouble}. What is in Halo of it is left as it is.`);
      return { pages, incomplete: true };
    }
    const came = pages.reduce((sum, one) => sum + sizeOf(one), 0);
    const total = parents.count === undefined ? undefined : countOf(fieldAt(parent, parents.count));
    return { pages, part: { name, total, came }, incomplete: false };
  }

  const startUpTo = (end: number): void => {
    for (let next = done + waiting.length; next < Math.min(end, all.length); next++) {
      const list = ask(all[next] ?? {});
      // Raised when its turn comes; until then it must not count as unhandled.
      list.catch(() => undefined);
      waiting.push(list);
    }
  };

  try {
    let group: { parent: Parent; list: ChildList }[] = [];
    let records = 0;
    let first = done === 0;
    for (let index = done; index < all.length; index++) {
      startUpTo(index + 1 + 2 * (parents.atOnce ?? defaultAtOnce));
      const list = await waiting[index - done];
      const parent = all[index];
      if (!list || !parent) continue;
      group.push({ parent, list });
      records += list.pages.reduce((sum, one) => sum + sizeOf(one), 0);
      if (records < recordsPerPage || index === all.length - 1) continue;
      yield pageOf(group, parents, {
        page: { list: { begins: first && page.list?.begins, total: page.list?.total } },
        at,
      });
      [group, records, first] = [[], 0, false];
    }
    // The last one carries what the page of parents says, be it without a parent.
    const others = page.records.length - all.length;
    yield pageOf(group, parents, {
      page: { ...page, list: { ...page.list, begins: first && page.list?.begins } },
      others,
      at,
    });
  } finally {
    stop.abort();
  }
}

interface Group {
  readonly page: Pick<VendorPage, 'cursor' | 'list' | 'incomplete'>;
  /** Items of the page that are no parents at all. */
  readonly others?: number;
  readonly at: string | undefined;
}

function pageOf(
  group: readonly { readonly parent: Parent; readonly list: ChildList }[],
  parents: Parents,
  { page, others, at }: Group,
): VendorPage {
  const lists = group.map(({ list }) => list);
  const size = lists.flatMap(({ pages }) => pages).reduce((sum, one) => sum + sizeOf(one), 0);
  const kept = group.map(({ parent }) => keptOf(parent, parents.fields));
  const last = group.at(-1);
  const after = others === undefined && last ? idOf(parents, last.parent) : undefined;
  const cursor = others === undefined ? after && JSON.stringify({ page: at, after }) : page.cursor;
  return {
    get records() {
      return group.flatMap(({ list }, index) =>
        list.pages.flatMap((one) => one.records.map((record) => withParent(record, parents.as, kept[index]))),
      );
    },
    content: hash(
      'sha256',
      JSON.stringify([kept, lists.map(({ pages }) => pages.map(({ content }) => content))]),
      'base64',
    ),
    size,
    cursor: others === undefined ? cursor : cursor && JSON.stringify({ page: cursor }),
    list: {
      ...page.list,
      items: group.length + (others ?? 0),
      parts: lists.flatMap(({ part }) => part ?? []),
    },
    // What is no parent at all may have had a list.
    incomplete:
      page.incomplete === true || (others ?? 0) > 0 || lists.some(({ incomplete }) => incomplete) || undefined,
  };
}

/** Why a parent is passed over, as the end of a sentence; undefined where reading must end. */
function passedOver(error: unknown, { goneBy = [] }: Parents): string | undefined {
  if (error instanceof IncompleteListError) return `came in part only (${error.message.replace(/\.$/, '')})`;
  if (error instanceof VendorRequestError)
    return `has an id that cannot be asked for (${error.message.replace(/\.$/, '')})`;
  const status = error instanceof VendorRefusedError ? error.status : error instanceof VendorForbiddenError ? 403 : 0;
  if (status === 404) return 'is no longer there';
  return goneBy.includes(status) ? `is not given to these credentials (status ${status})` : undefined;
}

function idOf({ source }: Parents, parent: Parent): string | undefined {
  return source.shape.idOf(parent);
}

function keptOf(parent: Parent, fields: readonly string[] | undefined): Parent {
  return fields ? Object.fromEntries(fields.map((name) => [name, parent[name]])) : parent;
}

function withParent(record: unknown, as: string, parent: Parent | undefined): unknown {
  return isObject(record) ? { ...record, [as]: parent } : record;
}

function sizeOf(page: VendorPage): number {
  return page.size ?? page.records.length;
}

function positionOf(cursor: string | undefined): Position {
  if (cursor === undefined) return {};
  try {
    const { page, after } = JSON.parse(cursor) as Position;
    return { page, after };
  } catch {
    // A cursor that is none starts over.
    return {};
  }
}
