import type { VendorPage } from '../../../reading/vendor-page.ts';
import { parseExactly } from '../../../exact-json.ts';
import { cutText } from '../../../shown-text.ts';
import { countOf, fieldAt, textOf } from '../field-path.ts';
import { fillInAll } from '../fill-in.ts';
import { pageOf, sizeOf, type ListReading } from './list-reading.ts';
import type { ExportPaging } from './paging.ts';
import { failed, type PageAnswer } from './read-answer.ts';

const defaultEverySeconds = 5;
const defaultWithinMinutes = 60;

/** What an export is in at a look. */
interface ExportState {
  readonly done: boolean;
  readonly chunks: readonly number[];
  readonly file?: string | undefined;
}

/** Orders an export, looks after it, and fetches its parts as they come. A run that goes on fetches the parts that are left. */
export async function* readExport(reading: ListReading, paging: ExportPaging): AsyncGenerator<VendorPage> {
  const { api, requests } = reading;
  const began = api.clock.now().getTime();
  const [, before, fetchedBefore] = /^(.+)#([\d,]+)$/.exec(reading.cursor ?? '') ?? [];
  const id = before ?? (await order(reading, paging));
  const fetched = new Set((fetchedBefore ?? '').split(',').filter(Boolean).map(Number));
  let waiting: { readonly answer: PageAnswer; readonly chunk: number } | undefined;
  const page = ({ answer, chunk }: NonNullable<typeof waiting>, last: boolean): VendorPage => {
    const first = fetched.size === 0;
    fetched.add(chunk);
    const end = last ? ({ end: 'last-page' } as const) : {};
    return pageOf(answer, sizeOf(answer, reading), `${id}#${[...fetched].join()}`, { begins: first, ...end });
  };

  for (;;) {
    const state = await look(reading, paging, id);
    const left = state.chunks.filter((chunk) => !fetched.has(chunk) && chunk !== waiting?.chunk);
    for (const chunk of left) {
      // The last part says that it is the last, so each waits for the next one, or for the end.
      if (waiting) yield page(waiting, false);
      const url = await requests.address(paging.chunks?.url ?? '', { export: id, chunk });
      waiting = { chunk, answer: requests.read(await requests.raw({ url }), url) };
    }
    if (state.done) {
      if (paging.file !== undefined) return yield* readFile(reading, state.file);
      if (waiting) yield page(waiting, true);
      else yield { records: [], size: 0, list: { begins: fetched.size === 0, end: 'last-page' } };
      return;
    }
    const minutes = paging.withinMinutes ?? defaultWithinMinutes;
    if (api.clock.now().getTime() - began > minutes * 60_000)
      throw failed(await nameOf(reading), `its export was not ready within ${minutes} minutes`);
    await api.clock.sleep((paging.everySeconds ?? defaultEverySeconds) * 1000, api.signal);
  }
}

async function order({ requests }: ListReading, paging: ExportPaging): Promise<string> {
  // An order that was lost may have been taken: a second one costs the vendor more than a failed run costs us.
  const declared = await requests.request({});
  const request = { ...declared, headers: { ...declared.headers, accept: 'application/json' }, retry: false };
  const body = parsed((await requests.raw(request)).text);
  const id = textOf(fieldAt(body, paging.id));
  if (id === undefined) throw failed({ method: 'POST', url: request.url }, 'the answer has no id of an export');
  return id;
}

async function look(reading: ListReading, paging: ExportPaging, id: string): Promise<ExportState> {
  const { requests, api } = reading;
  const { state, status } = paging;
  const url = await requests.address(state.url, { export: id });
  const json = state.json && fillInAll(api.integration, state.json, { ...api.values, export: id });
  const method = state.method ?? 'GET';
  const headers = { accept: 'application/json' };
  const asked = { url, method, headers, retry: true, ...(json !== undefined && { json }) };
  const body = parsed((await requests.raw(asked)).text);
  const said = textOf(fieldAt(body, status));
  if (said === undefined) throw failed({ method, url }, 'the answer does not say how far the export is');
  const isOne = (words: readonly string[] = []): boolean =>
    words.some((word) => word.toLowerCase() === said.toLowerCase());
  if (isOne(paging.failed)) throw failed({ method, url }, `the vendor's export failed: ${cutText(said, 100)}`);
  const listed = paging.chunks ? fieldAt(body, paging.chunks.at) : [];
  const done = isOne(paging.done);
  const chunks = (Array.isArray(listed) ? (listed as unknown[]) : []).map(countOf);
  // What is left out would be missing.
  if ((done && !Array.isArray(listed)) || !chunks.every((chunk) => chunk !== undefined))
    throw failed({ method, url }, 'the answer does not say which parts the export has');
  const file = paging.file === undefined ? undefined : textOf(fieldAt(body, paging.file));
  return { done, chunks, file };
}

async function* readFile(reading: ListReading, file: string | undefined): AsyncGenerator<VendorPage> {
  const { api, requests } = reading;
  const named = await nameOf(reading);
  if (file === undefined || !URL.canParse(file, named.url))
    throw failed(named, 'the export is ready, and its file has no address');
  const { href: url, origin, protocol } = new URL(file, named.url);
  const ours = new URL(named.url);
  // What is at another host has an address that lets in whoever knows it; our credentials are no business of its.
  if (origin !== ours.origin && protocol !== ours.protocol)
    throw failed(named, 'the file of the export is at an address that is not encrypted');
  const content = await (origin === ours.origin ? requests.raw({ url }) : api.askUnsigned({ url }));
  const answer = requests.read(content, url);
  yield pageOf(answer, sizeOf(answer, reading), undefined, { begins: true, end: 'no-next' });
}

async function nameOf({ requests, source }: ListReading): Promise<{ method: string; url: string }> {
  return { method: source.method ?? 'GET', url: await requests.address(source.url) };
}

function parsed(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}
