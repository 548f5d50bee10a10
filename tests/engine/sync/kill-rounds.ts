import { pax8Page } from '../../sandbox/scripted-vendor.ts';
import { start } from '../runs/engine-runs.ts';
import { scriptedPax8, subscription, type ScriptedPax8 } from './scripted-pax8.ts';

/** What one round came to. */
export interface KillRound {
  readonly kills: number;
  /** Licences that were inactive in Halo at the end of some run although their subscription was live, and live ones that were not there at last. */
  readonly inactive: readonly string[];
  readonly absent: readonly string[];
  /** Runs after the kills until one read everything. */
  readonly runs: number;
}

/** Records of 20 a page, so that a read has many places to die at. */
const pageSize = 20;
const mostRuns = 6;

interface Vendor {
  list: ReturnType<typeof subscription>[];
  next: number;
}

/** Seeded random numbers (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** What happens at the vendor while nobody reads: subscriptions go, come, change, or are listed in another order. */
function move(vendor: Vendor, random: (below: number) => number): void {
  for (let change = random(12); change >= 0; change--) {
    const at = random(vendor.list.length);
    const kind = random(5);
    if (kind <= 1) vendor.list.splice(at, 1 + random(kind === 0 ? 15 : 1));
    else if (kind === 2) for (let more = random(30); more >= 0; more--) vendor.list.push(subscription(vendor.next++));
    else if (kind === 3)
      vendor.list.splice(at, 1, { ...(vendor.list[at] ?? subscription(vendor.next++)), quantity: random(99) });
    else vendor.list.splice(random(vendor.list.length), 0, ...vendor.list.splice(at, 1));
  }
}

/**
 * One round: what is at the vendor is in Halo; the next runs are killed in the middle of the listing while the vendor's data moves,
 * before and after, and then runs come that nobody kills. The engine is a process of its own and is killed by SIGKILL as it asks
 * for a page.
 */
export async function killRound(seed: number): Promise<KillRound> {
  const random = randomOf(seed);
  const vendor: Vendor = { list: [], next: 0 };
  while (vendor.next < 240 + random(60)) vendor.list.push(subscription(vendor.next++));
  await using scripted = await scriptedPax8(pageSize * (1 + random(3)));
  let asked: () => void = () => {};
  scripted.answer((path, page) => {
    if (path !== '/subscriptions') return undefined;
    asked();
    return { body: pax8Page(vendor.list, page, pageSize) };
  });
  await scripted.sync();
  const inactive = new Set<string>();
  const kills = 1 + random(3);
  for (let kill = 0; kill < kills; kill++) {
    move(vendor, random);
    let left = 1 + random(18);
    const engine = start(['sync', 'Pax8', '--entity', 'Subscriptions', '--config', scripted.instance.settingsPath]);
    asked = () => {
      if (--left === 0) engine.child.kill('SIGKILL');
      // Now and then the list moves under the reader, too.
      else if (random(25) === 0) move(vendor, random);
    };
    await engine.ended;
    asked = () => {};
    for (const id of await liveButInactive(scripted, vendor)) inactive.add(id);
  }
  move(vendor, random);
  let runs = 0;
  let whole = false;
  while (!whole && runs++ < mostRuns) {
    const { status, note } = await scripted.sync();
    whole = status === 'succeeded' && !/whole read/.test(note ?? '');
    for (const id of await liveButInactive(scripted, vendor)) inactive.add(id);
  }
  const there = new Set(await scripted.licences(true));
  const absent = vendor.list.map(({ id }) => id).filter((id) => !there.has(id));
  return { kills, inactive: [...inactive], absent, runs };
}

async function liveButInactive(scripted: ScriptedPax8, { list }: Vendor): Promise<readonly string[]> {
  const live = new Set(list.map(({ id }) => id));
  return (await scripted.licences(false)).filter((id) => live.has(id));
}
