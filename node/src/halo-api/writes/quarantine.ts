import { IntegratorError } from '../../errors/integrator-error.ts';
import type { HaloOutcome, HaloRecord } from '../halo-api.ts';

/** Records of one set that may be refused before the trouble is taken for something that hits them all. */
const refusalsBorne = 50;

/**
 * Writes records together. Where the database refuses a row among them, nothing of the set is written; its halves are then
 * tried until the row stands alone and its record is rejected, so that the others are written.
 */
export async function writeOrQuarantine(
  records: readonly HaloRecord[],
  write: (some: readonly HaloRecord[]) => Promise<readonly HaloOutcome[]>,
): Promise<readonly HaloOutcome[]> {
  return inHalves(records, write, (reason): HaloOutcome => ({ outcome: 'rejected', reason }));
}

/** The same for anything that is written as a set. @param refusal what comes of one that is refused */
export async function inHalves<T, O>(
  records: readonly T[],
  write: (some: readonly T[]) => Promise<readonly O[]>,
  refusal: (reason: string) => O,
): Promise<readonly O[]> {
  let refused = 0;
  const attempt = async (some: readonly T[]): Promise<readonly O[]> => {
    try {
      return await write(some);
    } catch (error) {
      if (!(error instanceof IntegratorError) || error.category !== 'data') throw error;
      if (some.length === 1) {
        if (++refused > refusalsBorne) throw error;
        return [refusal(error.message)];
      }
      const half = Math.ceil(some.length / 2);
      return [...(await attempt(some.slice(0, half))), ...(await attempt(some.slice(half)))];
    }
  };
  return attempt(records);
}
