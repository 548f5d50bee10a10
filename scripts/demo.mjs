// `npm start`, or `npm start -- --stay` to keep the vendors' sandboxes up afterwards: the main job from a clone, on the embedded database and a Pax8 sandbox on loopback.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { node24 } from './node-24.mjs';

const demo = fileURLToPath(new URL('demo/main.ts', import.meta.url));
process.exit(spawnSync(node24(), ['--no-warnings', demo, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1);
