// An instance for the module's tests: a folder with settings, an embedded database and a Pax8 sandbox; ends with its stdin.
import { createInterface } from 'node:readline';
import { pax8Instance } from '../engine/sync/pax8-instance.ts';

const instance = await pax8Instance({ size: { companies: 4, subscriptions: 450, products: 3, contactsPerCompany: 1 } });
const { clientSecret } = instance.sandbox;
process.stdout.write(`${JSON.stringify({ settings: instance.settingsPath, clientSecret })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const { slow } = JSON.parse(line) as { slow: number };
  instance.sandbox.faults.queue.length = 0;
  for (let request = 0; request < slow; request++)
    instance.sandbox.faults.queue.push({ kind: 'slow', milliseconds: 300 });
  process.stdout.write('{}\n');
}
await instance[Symbol.asyncDispose]();
