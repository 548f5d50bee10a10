import * as fs from 'node:fs/promises';
import { openEmbeddedDatabase } from '../../../node/src/database/embedded/embedded-database.ts';

// A process of its own that takes a lock, says so, and holds it until it is killed.
const [path = '', name = ''] = process.argv.slice(2);
const clock = { now: () => new Date(), sleep: async () => undefined };
const session = await openEmbeddedDatabase({ path, clock, fs }).session('lock holder');
console.log(JSON.stringify(await session.lock(name)));
setInterval(() => undefined, 1000);
