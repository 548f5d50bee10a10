import { describe, expect, it } from '@jest/globals';
import { killRound } from './kill-rounds.ts';

// `npm run test:faults` does many more of them.
describe('a sync that is killed while the vendor’s data moves', () => {
  it.each([1, 2, 3, 4])(
    'leaves every live subscription active in Halo once runs came to their end: seed %i',
    async (seed) => {
      const round = await killRound(seed);
      expect({ seed, ...round }).toMatchObject({ seed, inactive: [], absent: [] });
    },
  );
});
