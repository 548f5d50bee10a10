// An instance for the module's tests: a folder with settings, an embedded database and a Pax8 sandbox; ends with its stdin.
import { createInterface } from 'node:readline';
import type { Row } from '../../node/src/database/database.ts';
import { holdRequests, pax8Instance } from '../engine/sync/pax8-instance.ts';

const instance = await pax8Instance({ size: { companies: 4, subscriptions: 450, products: 3, contactsPerCompany: 1 } });
const { clientSecret } = instance.sandbox;
process.stdout.write(`${JSON.stringify({ settings: instance.settingsPath, clientSecret })}\n`);
/** What a test may ask for between its commands. */
interface Told {
  /** Requests that are answered late, and whether further ones are held back. */
  readonly slow?: number;
  readonly hold?: boolean;
  /** What changes at the vendor: the list, the place of the record in it, and its fields. */
  readonly vendor?: Parameters<typeof instance.sandbox.change>;
  /** What somebody changes in Halo: the table, the column and its value by which the row is found, and what it gets. */
  readonly halo?: readonly [table: string, column: string, is: string | number, set: Row];
}
let release = (): void => undefined;
for await (const line of createInterface({ input: process.stdin })) {
  const { slow = 0, hold = false, vendor, halo } = JSON.parse(line) as Told;
  if (vendor) instance.sandbox.change(...vendor);
  if (halo) {
    const [table, column, value, set] = halo;
    await using session = await instance.database.session('an agent');
    await session.transaction((work) => work.update(table, set, { column, is: 'equal', value }));
  }
  release();
  instance.sandbox.faults.queue.length = 0;
  for (let request = 0; request < slow; request++)
    instance.sandbox.faults.queue.push({ kind: 'slow', milliseconds: 300 });
  if (hold) release = holdRequests(instance);
  process.stdout.write('{}\n');
}
release();
await instance[Symbol.asyncDispose]();
