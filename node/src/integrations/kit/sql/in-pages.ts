import { sourceRow, type SourceQuery, type SourceRow } from './source-database.ts';

/** Gathers rows as they come into pages. The first one has to come in time; after that the server is at work. */
export async function* inPages(
  rows: AsyncIterable<unknown>,
  { pageSize, timeoutSeconds }: SourceQuery,
): AsyncGenerator<readonly SourceRow[]> {
  const iterator = rows[Symbol.asyncIterator]();
  let page: SourceRow[] = [];
  try {
    let next = await inTime(iterator.next(), timeoutSeconds);
    for (; !next.done; next = await iterator.next()) {
      page.push(sourceRow(next.value as Readonly<Record<string, unknown>>));
      if (page.length < pageSize) continue;
      yield page;
      page = [];
    }
    yield page;
  } finally {
    await iterator.return?.();
  }
}

async function inTime<T>(work: Promise<T>, seconds: number): Promise<T> {
  if (seconds <= 0) return work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no row came within ${seconds} seconds (its time-out in Halo)`)),
      seconds * 1000,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
