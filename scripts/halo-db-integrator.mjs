#!/usr/bin/env node
// Starts the engine on the Node 24 that npm installed, whatever Node runs this file.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { engineFlags, node24 } from './node-24.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = `${root}node/dist/main.mjs`;
const engine = existsSync(bundle) ? bundle : `${root}node/src/main.ts`;
const child = spawn(node24(), [...engineFlags, engine, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// These reach the whole process group: the engine decides when it has stopped at a safe point.
for (const ending of ['SIGINT', 'SIGBREAK', 'SIGHUP']) process.on(ending, () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
