// An instance for the module's tests: a folder with settings, an embedded database and a Pax8 sandbox; ends with its stdin.
import { createInterface } from 'node:readline';
import { holdRequests, pax8Instance } from '../engine/sync/pax8-instance.ts';

const instance = await pax8Instance({ size: { companies: 4, subscriptions: 450, products: 3, contactsPerCompany: 1 } });
const { clientSecret } = instance.sandbox;
process.stdout.write(`${JSON.stringify({ settings: instance.settingsPath, clientSecret })}\n`);
let release = (): void => undefined;
for await (const line of createInterface({ input: process.stdin })) {
  const { slow = 0, hold = false } = JSON.parse(line) as { slow?: number; hold?: boolean };
  release();
  instance.sandbox.faults.queue.length = 0;
  for (let request = 0; request < slow; request++)
    instance.sandbox.faults.queue.push({ kind: 'slow', milliseconds: 300 });
  if (hold) release = holdRequests(instance);
  process.stdout.write('{}\n');
}
release();
await instance[Symbol.asyncDispose]();
