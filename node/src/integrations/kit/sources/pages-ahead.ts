import type { PageAnswer } from './read-answer.ts';

/** Pages that are on their way before they are needed. */
export interface PagesAhead extends Disposable {
  /** The page at a place, asked for now unless it is under way. */
  take(place: number): Promise<PageAnswer>;
  /** Asks for a page that will be needed. */
  start(place: number): void;
  /** Gives up what was asked for before a place. */
  forgetBefore(place: number): void;
}

/** What is under way is given up when the reading ends, however it ends. */
export function createPagesAhead(
  ask: (place: number, signal: AbortSignal) => Promise<PageAnswer>,
  signal: AbortSignal,
): PagesAhead {
  const done = new AbortController();
  const stop = AbortSignal.any([signal, done.signal]);
  const underWay = new Map<number, Promise<PageAnswer>>();

  function start(place: number): Promise<PageAnswer> {
    const known = underWay.get(place);
    if (known) return known;
    const answer = ask(place, stop);
    // Raised when its turn comes; until then it must not count as unhandled.
    answer.catch(() => undefined);
    underWay.set(place, answer);
    return answer;
  }

  return {
    take(place) {
      const answer = start(place);
      underWay.delete(place);
      return answer;
    },
    start: (place) => void start(place),
    forgetBefore(place) {
      for (const asked of underWay.keys()) if (asked < place) underWay.delete(asked);
    },
    [Symbol.dispose]: () => done.abort(),
  };
}
