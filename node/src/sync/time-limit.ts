import type { Clock } from '../environment.ts';

/** How long a request that is under way at the limit may still take. Windows ends a scheduled run a minute after the limit. */
const patience = 20_000;

/** The limit of a run: no page is begun behind it, and a vendor that is slow to answer is not waited for. */
export class TimeLimit implements Disposable {
  readonly #clock: Clock;
  readonly #at: number;
  readonly #waiting = new AbortController();
  readonly #over = new AbortController();

  /** @param minutes 0 for no limit */
  constructor(clock: Clock, startedAt: Date, minutes: number) {
    this.#clock = clock;
    this.#at = minutes > 0 ? startedAt.getTime() + minutes * 60_000 : Infinity;
    if (minutes > 0) void this.#wait(minutes * 60_000 + patience);
  }

  /** Whether nothing new may be begun. */
  get passed(): boolean {
    return this.#clock.now().getTime() >= this.#at;
  }

  /** Ends what is still waited for a while after the limit. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  [Symbol.dispose](): void {
    this.#waiting.abort();
  }

  async #wait(milliseconds: number): Promise<void> {
    try {
      await this.#clock.sleep(milliseconds, this.#waiting.signal);
      this.#over.abort(new Error('the run has come to its time limit'));
    } catch {
      // The run has ended before.
    }
  }
}
