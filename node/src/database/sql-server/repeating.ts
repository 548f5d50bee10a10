import type { Clock } from '../../environment.ts';
import { causeOf, describeCause, type TableHolder } from './busy-cause.ts';
import { retrying, unwrapped, type Repetition } from './retry.ts';

/** Told of what the database is waited for. */
export interface DatabaseNotices {
  /** One line for each repetition. */
  info(message: string): void;
  /** What one who watches is to see: that nothing moves, and why. */
  warn(message: string): void;
}

/** Milliseconds of waiting after which it is told, and again after as many more. */
const tellAfter = 5000;
const tellAgainAfter = 20_000;

/** What repeated work has beside it. */
export interface RepeatingParts {
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  /** Whose work it is, as one who watches knows it. */
  readonly purpose: string;
  readonly notices?: DatabaseNotices | undefined;
  /** The error of a failure's cause; `what` is said of one that has no error of its own. */
  failureOf(error: unknown, what: string): unknown;
  /** A failure to connect that may pass, as such; other errors as they are. */
  passing(error: unknown): unknown;
  /** Who has locks on one of the tables; undefined where the server does not tell. */
  holderOf(tables: readonly string[]): Promise<TableHolder | undefined>;
}

/** Repeats the work whole while its failures pass, says so, and throws the error of the last one's cause, which it names. */
export async function repeating<T>(parts: RepeatingParts, what: string, work: () => Promise<T>): Promise<T> {
  const { clock, signal, failureOf, passing } = parts;
  const begun = clock.now().getTime();
  const teller = tellerOf(parts, begun);
  let tries = 0;
  try {
    return await retrying(
      { clock, signal, again: async (repetition) => teller(await causeNow(parts, repetition.failure), repetition) },
      async () => {
        tries++;
        try {
          return await work();
        } catch (error) {
          throw passing(error);
        }
      },
    );
  } catch (error) {
    signal?.throwIfAborted();
    const failure = unwrapped(error);
    const seconds = secondsBetween(begun, clock.now().getTime());
    const cause = await causeNow(parts, failure);
    throw failureOf(failure, `${what} did not come through in ${countOf(tries)} and ${seconds} s: ${cause}`);
  }
}

/** Says each repetition: to who watches where the wait is long, else to the log alone. */
export function tellerOf(
  { clock, purpose, notices }: Pick<RepeatingParts, 'clock' | 'purpose' | 'notices'>,
  begun: number,
): (cause: string, repetition: Repetition) => void {
  let next = begun + tellAfter;
  return (cause, { attempt, of, wait }) => {
    const now = clock.now().getTime();
    const again = `Try ${attempt} of ${of} follows in ${(wait / 1000).toFixed(1)} s.`;
    if (now + wait < next) return notices?.info(`${purpose} is repeated: ${cause}. ${again}`);
    next = now + wait + tellAgainAfter;
    notices?.warn(`${purpose} has waited ${secondsBetween(begun, now)} s for the database: ${cause}. ${again}`);
  };
}

async function causeNow(parts: RepeatingParts, failure: unknown): Promise<string> {
  const cause = causeOf(failure);
  const tables = cause.lockedTables ?? [];
  // Who has a lock is a help, and no reason to fail.
  const holder = tables.length > 0 ? await parts.holderOf(tables).catch(() => undefined) : undefined;
  return describeCause(cause, holder);
}

function secondsBetween(from: number, to: number): number {
  return Math.max(0, Math.round((to - from) / 1000));
}

function countOf(tries: number): string {
  return tries === 1 ? 'one try' : `${tries} tries`;
}
