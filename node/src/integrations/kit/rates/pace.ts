import pLimit from 'p-limit';
import type { Clock } from '../../../environment.ts';
import { VendorLimitError } from '../../../errors/vendor-errors.ts';
import type { HttpAnswer, Pace } from '../../../http/http-client.ts';
import { retryAfterMilliseconds } from '../../../http/retry-timing.ts';
import { countOf } from '../field-path.ts';
import type { RateHeaders, Rates, RateWindow } from './rates.ts';

const defaultSlowFrom = 0.9;
/** Longer than this a run does not wait; it ends, and the next one goes on. */
const longestWait = 300_000;

type Head = Omit<HttpAnswer, 'text'>;

/**
 * Keeps a vendor's limits. Concurrency is p-limit's; the rest is counted here, since the libraries that limit rates read the
 * machine's own clock.
 */
export function createPace(rates: Rates, clock: Clock): Pace {
  const { windows = [], atOnce = Infinity, headers, slowFrom = defaultSlowFrom } = rates;
  const places = pLimit(atOnce);
  const turns = pLimit(1);
  const sent = createSentTimes(windows);
  let notBefore = 0;
  let spread = 0;

  /** When the next request may go. */
  const nextAt = (): number =>
    Math.max(notBefore, sent.last() + spread, ...windows.map((window) => sent.freeAt(window, slowFrom)));

  const learn = (answer: Head): void => {
    const now = clock.now().getTime();
    const asked = retryAfterMilliseconds(textOf(answer, 'retry-after'), clock.now());
    if (answer.status === 429 && asked > 0) notBefore = Math.max(notBefore, now + asked);
    if (!headers) return;
    const left = leftBy(answer, headers, now);
    if (!left) return;
    const { remaining, limit, resetsIn } = left;
    if (remaining === 0 || answer.status === 429) notBefore = Math.max(notBefore, now + (resetsIn ?? 0));
    const slow = limit !== undefined && remaining < limit * (1 - slowFrom);
    spread = slow && resetsIn !== undefined ? resetsIn / (remaining + 1) : 0;
  };

  return {
    async enter(request, signal) {
      const taken = Promise.withResolvers<void>();
      const left = Promise.withResolvers<void>();
      const turn = async (): Promise<void> => {
        for (;;) {
          signal?.throwIfAborted();
          const wait = nextAt() - clock.now().getTime();
          if (wait <= 0) break;
          if (wait > longestWait) throw new VendorLimitError(request, wait);
          await clock.sleep(Math.ceil(wait), signal);
        }
        sent.add(clock.now().getTime());
      };
      const place = async (): Promise<void> => {
        try {
          await turns(turn);
          taken.resolve();
        } catch (error) {
          return taken.reject(error);
        }
        await left.promise;
      };
      void places(place);
      await taken.promise;
      return (answer) => {
        if (answer) learn(answer);
        left.resolve();
      };
    },
  };
}

/** The moments of the requests that still count. */
function createSentTimes(windows: readonly RateWindow[]) {
  const longest = Math.max(0, ...windows.map(({ seconds }) => seconds * 1000));
  let times: number[] = [];

  return {
    add(now: number): void {
      times.push(now);
      // Those that count no more are let go of in one go, not one by one.
      if (times.length > 1000 && (times[times.length >> 1] ?? now) <= now - longest)
        times = times.filter((time) => time > now - longest);
    },
    last: (): number => times.at(-1) ?? 0,
    /** When one more fits in a window; from the share given on, at the pace in which the window lets them through. */
    freeAt({ requests, seconds }: RateWindow, slowFrom: number): number {
      const length = seconds * 1000;
      const full = times.at(-requests);
      const nearlyFull = times.at(-Math.max(1, Math.ceil(requests * slowFrom)));
      const last = times.at(-1) ?? 0;
      const slowed = nearlyFull !== undefined && last - nearlyFull < length ? last + length / requests : 0;
      return Math.max(full === undefined ? 0 : full + length, slowed);
    },
  };
}

interface Left {
  readonly remaining: number;
  readonly limit?: number | undefined;
  /** Milliseconds. */
  readonly resetsIn?: number | undefined;
}

function leftBy(answer: Head, headers: RateHeaders, now: number): Left | undefined {
  const remaining = countOf(textOf(answer, headers.remaining));
  if (remaining === undefined) return undefined;
  const limit = headers.limit === undefined ? undefined : countOf(textOf(answer, headers.limit));
  return { remaining, limit, resetsIn: resetsIn(answer, headers, now) };
}

function resetsIn(answer: Head, { reset, resetAs = 'epoch-seconds' }: RateHeaders, now: number): number | undefined {
  const text = reset === undefined ? undefined : textOf(answer, reset);
  if (text === undefined || text.trim() === '') return undefined;
  const said = resetAs === 'date' ? Date.parse(text) : Number(text);
  if (!Number.isFinite(said)) return undefined;
  if (resetAs === 'seconds') return Math.max(0, said * 1000);
  if (resetAs === 'milliseconds') return Math.max(0, said);
  // The vendor's clock is compared with itself, where it says what it shows.
  const theirs = Date.parse(textOf(answer, 'date') ?? '');
  const at = resetAs === 'epoch-seconds' ? said * 1000 : said;
  return Math.max(0, at - (Number.isNaN(theirs) ? now : theirs));
}

function textOf(answer: Head, name: string): string | undefined {
  return [answer.headers[name.toLowerCase()]].flat()[0];
}
