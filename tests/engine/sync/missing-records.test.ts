import { describe, expect, it } from '@jest/globals';
import type { HttpClient } from '../../../node/src/http/http-client.ts';
import { syncAll } from '../../../node/src/sync/run.ts';
import type { SyncResult } from '../../../node/src/sync/sync.ts';
import { pax8Instance, type Pax8Instance } from './pax8-instance.ts';

interface Listing {
  readonly content: { id: string }[];
}

/** What happens on the way of a page of subscriptions. */
interface OnTheWay {
  asked?(page: number): void;
  came?(page: number, listing: Listing): void;
}

async function sync(
  instance: Pax8Instance,
  onTheWay: OnTheWay = {},
  whatIf = false,
  force = false,
): Promise<SyncResult> {
  const parts = await instance.parts();
  const createHttp = (): HttpClient => {
    const http = parts.createHttp();
    return {
      ...http,
      async answer(request, signal) {
        if (!request.url.endsWith('/subscriptions')) return http.answer(request, signal);
        const page = Number(request.query?.['page']);
        onTheWay.asked?.(page);
        const answer = await http.answer(request, signal);
        const listing = JSON.parse(answer.text) as Listing;
        onTheWay.came?.(page, listing);
        return { ...answer, text: JSON.stringify(listing) };
      },
    };
  };
  const report = await syncAll({ whatIf, force }, { ...parts, createHttp }, () => {}, new AbortController().signal);
  return report.results.at(-1)!;
}

/** Subscriptions of Pax8 in Halo, of which those that are gone are to be set inactive. */
async function synced(subscriptions: number, settings: Record<string, number> = {}, gone: readonly number[] = []) {
  const instance = await pax8Instance({
    entities: { Customers: true, Subscriptions: true },
    size: { companies: 4, subscriptions, products: 3, contactsPerCompany: 0 },
    sync: settings,
  });
  await using session = await instance.database.session('test');
  await session.transaction((transaction) =>
    transaction.update('Pax8Details', { pa8deactivatemissinglicenses: true }, { all: [] }),
  );
  for (let index = 0; index < subscriptions; index++)
    instance.sandbox.change('subscriptions', index, gone.includes(index) ? null : { status: 'Active' });
  expect(await sync(instance)).toMatchObject({ status: 'succeeded', created: subscriptions - gone.length });
  return instance;
}

describe('records that are missing at the vendor', () => {
  it('are left alone by a read during which some went, and settled by the next one', async () => {
    await using instance = await synced(900, { BatchSize: 200 });
    const shrinking = await sync(instance, {
      asked(page) {
        if (page === 2) for (let index = 0; index < 5; index++) instance.sandbox.change('subscriptions', index, null);
      },
    });
    expect(shrinking).toMatchObject({ status: 'succeeded', deactivated: 0, note: expect.stringContaining('moved') });
    expect(await sync(instance)).toMatchObject({ status: 'succeeded', deactivated: 5 });
  });

  it('are left alone where one came twice and another not at all', async () => {
    await using instance = await synced(900, { BatchSize: 200 });
    let first: { id: string } | undefined;
    const reordered = await sync(instance, {
      came(page, { content }) {
        if (page === 0) first = content[0];
        else if (page === 3 && first) content[0] = first;
      },
    });
    expect(reordered).toMatchObject({ status: 'succeeded', deactivated: 0, note: expect.stringContaining('moved') });
    expect(await sync(instance)).toMatchObject({ status: 'succeeded', deactivated: 0 });
  });

  it('are left alone where a read that goes on from an earlier run lacks what was promised', async () => {
    await using instance = await synced(900, { BatchSize: 200 });
    const broken = await sync(instance, {
      asked(page) {
        if (page === 2) instance.sandbox.faults.queue.push({ kind: 'malformed' });
      },
    });
    expect(broken).toMatchObject({ status: 'failed' });
    const resumed = await sync(instance, { came: (page, { content }) => void (page === 3 && content.splice(0)) });
    expect(resumed).toMatchObject({
      status: 'failed',
      error: { message: expect.stringMatching(/900 records were promised and 700 came/) },
    });
    expect(await instance.database.count('Licence', { column: 'LIsActive', is: 'equal', value: true })).toBeGreaterThan(
      700,
    );
  });

  it('are a fault of a vendor that suddenly gives much less, or nothing, whatever may be deactivated', async () => {
    await using instance = await synced(40, { MaxDeactivatePercent: 100 });
    for (let index = 0; index < 21; index++) instance.sandbox.change('subscriptions', index, null);
    const less = await sync(instance);
    expect(less).toMatchObject({ status: 'succeeded', deactivated: 0 });
    expect(less.note).toMatch(
      /^19 records came, and 40 the last time: less than Sync\.MinReadPercent \(50 %\).*-Force/,
    );
    expect((await sync(instance)).note).toContain('and 40 the last time');
    expect((await sync(instance, {}, true)).note).toContain('and 40 the last time');
    expect(await sync(instance, {}, false, true)).toMatchObject({ status: 'succeeded', deactivated: 21 });
    for (let index = 21; index < 40; index++) instance.sandbox.change('subscriptions', index, null);
    // So few may well be gone the next day.
    expect(await sync(instance)).toMatchObject({ status: 'succeeded', deactivated: 19 });
  });

  it('are more than allowed: none is set inactive but by force, and by force none where the read is not whole', async () => {
    await using instance = await synced(40);
    for (let index = 0; index < 30; index++) instance.sandbox.change('subscriptions', index, null);
    const stopped = await sync(instance);
    expect(stopped).toMatchObject({ status: 'succeeded', deactivated: 0 });
    expect(stopped.note).toContain('30 of 40 records are missing');
    expect(stopped.note).toContain('-Force');
    const twice = (page: number, listing: Listing): void => {
      const [first] = listing.content;
      if (page === 0 && first) listing.content[1] = first;
    };
    expect(await sync(instance, { came: twice }, false, true)).toMatchObject({ deactivated: 0 });
    expect(await sync(instance, {}, false, true)).toMatchObject({ deactivated: 30 });
  });

  it('are counted against what was there before: new ones do not make room for more of them', async () => {
    const later = Array.from({ length: 90 }, (_, index) => 10 + index);
    await using instance = await synced(100, {}, later);
    for (const index of later) instance.sandbox.change('subscriptions', index, { status: 'Active' });
    for (const index of [0, 1, 2]) instance.sandbox.change('subscriptions', index, null);
    const note = expect.stringContaining('3 of 10 records are missing at the vendor');
    expect(await sync(instance, {}, true)).toMatchObject({ deactivated: 0, note });
    expect(await sync(instance)).toMatchObject({ created: 90, deactivated: 0, note });
    // Now there are a hundred, of which three are few.
    expect(await sync(instance)).toMatchObject({ created: 0, deactivated: 3 });
  });
});
