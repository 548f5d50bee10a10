// `npm start`: the main job from a clone, on the embedded database and a Pax8 sandbox on loopback.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { node24 } from './node-24.mjs';

const demo = fileURLToPath(new URL('demo/main.ts', import.meta.url));
process.exit(spawnSync(node24(), ['--no-warnings', demo], { stdio: 'inherit' }).status ?? 1);
