import { hash } from 'node:crypto';
import type { VendorPage } from '../../../reading/vendor-page.ts';
import type { ChangesSource } from '../../changes-source.ts';
import type { KeptTexts } from '../../kept-texts.ts';
import { fieldAt, isObject, textOf, withField } from '../field-path.ts';
import type { VendorApi } from '../vendor-api.ts';
import type { Changes, DeclaredSource } from './declared-source.ts';
import type { ReadingContext } from './list-reading.ts';

const defaultOverlapMinutes = 10;
const defaultWholeAfterHours = 24;

/** What reading only what changed goes by. */
export interface ChangesReading {
  readonly changes: Changes;
  readonly kept: KeptTexts;
  readonly api: VendorApi;
  readonly context: ReadingContext;
  /** Reads a declared list. */
  read(source: DeclaredSource, api: VendorApi, context: ReadingContext): AsyncIterable<VendorPage>;
}

/** What a read leaves for the next. */
interface Mark {
  /** The settings it was made with: another database lacks what did not change. */
  readonly settings: string;
  /** When the last read began, and the last whole one, as ISO 8601. */
  readonly at: string;
  readonly wholeAt: string;
  /** The vendor's own link to what changed. */
  readonly link?: string | undefined;
}

/** How one read goes, which a run that goes on with it keeps to. */
interface Plan {
  readonly began: string;
  /** The moment whose changes are read; absent where everything is. */
  readonly since?: string | undefined;
  readonly link?: string | undefined;
}

/** The cursor of such a read. */
type ChangesCursor = Plan & { readonly cursor?: string | undefined };

/** Opens a list that brings only what changed since the last read, where there was a whole one not long ago. */
export function openChanges<T>(source: DeclaredSource<T>, reading: ChangesReading): ChangesSource<T> {
  const { changes, kept, api, context } = reading;
  const list: DeclaredSource = { ...source, changes: undefined };
  const name = `since-${hash('sha256', JSON.stringify([source.url, source.query, source.json, api.place]), 'hex').slice(0, 12)}`;
  const counted = ['page', 'offset'].includes((source.parents?.source ?? source).paging.style);
  let plan: Plan | undefined;
  let before: Mark | undefined;
  let link: string | undefined;

  async function planned(): Promise<ChangesCursor> {
    before = markIn(await kept.read(name), kept.settings);
    const resumed = cursorIn(context.cursor);
    if (resumed) return resumed;
    const now = api.clock.now();
    const began = now.toISOString();
    const age = now.getTime() - Date.parse(before?.wholeAt ?? '');
    const hours = changes.wholeAfterHours ?? defaultWholeAfterHours;
    // A clock that was ahead would make one last.
    if (!before || !(age >= 0 && age < hours * 3_600_000)) return { began };
    // Where the vendor's link is the only way to ask, there must be one.
    if (!before.link && !changes.parameters && changes.latestFirstBy === undefined) return { began };
    const since = new Date(Date.parse(before.at) - (changes.overlapMinutes ?? defaultOverlapMinutes) * 60_000);
    return { began, since: since.toISOString(), link: before.link };
  }

  return {
    shape: source.shape,
    pagesShift: counted,
    onlyChanges: () => plan?.since !== undefined,
    async *pages() {
      const { cursor, ...start } = await planned();
      plan = start;
      const since = start.since === undefined ? undefined : new Date(start.since);
      const own = { ...context, cursor: cursor ?? start.link, delta: (next: string) => void (link = next) };
      for await (const page of reading.read(since ? asking(list, changes, since) : list, api, own)) {
        const last = since !== undefined && comesTo(page, changes.latestFirstBy, since);
        const next = page.cursor === undefined ? undefined : JSON.stringify({ ...start, cursor: page.cursor });
        yield asPage(page, last ? undefined : next, last);
        if (last) return;
      }
    },
    async keepMark({ rejected }) {
      // What was set aside does not change by itself, so it would not come again.
      if (!plan || rejected > 0) return;
      const wholeAt = plan.since === undefined ? plan.began : (before?.wholeAt ?? plan.began);
      const mark: Mark = { settings: kept.settings, at: plan.began, wholeAt, link };
      await kept.write(name, JSON.stringify(mark));
    },
  };
}

/** The list as it is asked for what changed. */
function asking(list: DeclaredSource, { parameters = {}, as = 'iso' }: Changes, since: Date): DeclaredSource {
  const moment = written(since, as);
  const filled = Object.entries(parameters).map(([name, text]) => [name, text.replaceAll('{since}', moment)] as const);
  if (!list.json) return { ...list, query: { ...list.query, ...Object.fromEntries(filled) } };
  const json = filled.reduce<object>((body, [path, value]) => withField({ ...body }, path, value), list.json);
  return { ...list, json: json as Readonly<Record<string, unknown>> };
}

function written(since: Date, as: NonNullable<Changes['as']>): string {
  if (typeof as === 'function') return as(since);
  if (as === 'iso') return since.toISOString();
  return String(as === 'epoch-seconds' ? Math.floor(since.getTime() / 1000) : since.getTime());
}

/** Whether a page of a list sorted by date reaches back to the moment. */
function comesTo(page: VendorPage, field: string | undefined, since: Date): boolean {
  if (field === undefined) return false;
  const text = textOf(fieldAt(page.records.at(-1), field));
  return text !== undefined && Date.parse(text) < since.getTime();
}

/** The page with its own cursor; where it is the last that is wanted, what the whole list has is no matter. */
function asPage(page: VendorPage, cursor: string | undefined, last: boolean): VendorPage {
  return {
    get records() {
      return page.records;
    },
    content: page.content,
    size: page.size,
    cursor,
    list: last ? { begins: page.list?.begins, position: page.list?.position, end: 'no-next' } : page.list,
    incomplete: page.incomplete,
  };
}

function markIn(text: string | undefined, settings: string): Mark | undefined {
  const mark = parsed(text) as Mark | undefined;
  return mark?.settings === settings && isMoment(mark.at) ? mark : undefined;
}

function cursorIn(text: string | undefined): ChangesCursor | undefined {
  const cursor = parsed(text) as ChangesCursor | undefined;
  return isMoment(cursor?.began) && (cursor?.since === undefined || isMoment(cursor.since)) ? cursor : undefined;
}

function isMoment(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function parsed(text: string | undefined): object | undefined {
  try {
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // A cursor that is none starts over.
    return undefined;
  }
}
