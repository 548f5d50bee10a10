import { fileURLToPath } from 'node:url';

/** The engine as tests start it: its source, or the bundle that `HALO_TEST_ENGINE` names, which starts sooner. */
export const engineMain = fileURLToPath(
  new URL(`../../${process.env['HALO_TEST_ENGINE'] ?? 'node/src/main.ts'}`, import.meta.url),
);
