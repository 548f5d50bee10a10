/**
 * Reads up to so many pages ahead while the consumer works on the last one. Order is kept, an error surfaces at the place
 * where its page would have come, and when the consumer stops early no further page is asked for.
 */
export async function* fetchAhead<T>(iterable: AsyncIterable<T>, pages: number): AsyncGenerator<T, void, undefined> {
  const iterator = iterable[Symbol.asyncIterator]();
  const waiting: Promise<IteratorResult<T, unknown>>[] = [];
  let stopped = false;
  let last: Promise<unknown> = Promise.resolve();

  function ask(): void {
    const next = last.then(async (): Promise<IteratorResult<T, unknown>> =>
      stopped ? { done: true, value: undefined } : iterator.next(),
    );
    // Raised again when its turn comes; until then it must not count as unhandled.
    next.catch(() => undefined);
    last = next;
    waiting.push(next);
  }

  try {
    for (let page = 0; page < Math.max(1, pages); page++) ask();
    for (;;) {
      const result = await waiting.shift();
      if (!result || result.done) return;
      ask();
      yield result.value;
    }
  } finally {
    stopped = true;
    await iterator.return?.();
  }
}
