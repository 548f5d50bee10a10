import { it } from '@jest/globals';

/**
 * `it` for a test of what Windows has and Wine, in which the Windows lane runs on Debian, has not: there it is left out, and its name
 * says what it needs.
 */
export function needsWindows(what: string): (name: string, test: () => Promise<void> | void) => void {
  if (process.env['HALO_TEST_WINE'] === undefined) return it;
  return (name, test) => it.skip(`${name} (needs Windows: ${what})`, test);
}
