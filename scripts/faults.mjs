// Kills syncs while the vendor's data moves: npm run test:faults -- --rounds 200 --seed 1
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { node24 } from './node-24.mjs';

const main = fileURLToPath(new URL('../tests/faults/main.ts', import.meta.url));
const { status } = spawnSync(node24(), ['--no-warnings', main, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 1;
