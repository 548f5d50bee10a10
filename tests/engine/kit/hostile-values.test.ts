import { describe, expect, it } from '@jest/globals';
import { hostileRecords, randomOf } from '../../sandbox/kit/hostile-records.ts';
import { tested } from './contracts.ts';
import { contractInstance } from './contract-instance.ts';

const rounds = 1;
/** What no administrator should read. */
const raw =
  /is not a function|undefined|cannot read|not iterable|\[object|TypeError|RangeError|SQLITE|constraint|datatype/i;
/** What may end an entity: its list is not whole, or a group that Halo's settings name has another name or id now. */
const known = /^(IncompleteList|UnclearMapping|VendorRefused)$/;

describe.each(tested)('$integration', (contract) => {
  it('sets aside by name what has a value that no record should have, brings the rest, and is right again afterwards', async () => {
    await using instance = await contractInstance(contract);
    const first = await instance.sync();
    for (let round = 0; round < rounds; round++) {
      instance.proxy.play(hostileRecords(randomOf(round * 7919 + 13)));
      for (const { entity, error, rejections } of (await instance.sync()).results) {
        if (error)
          expect([entity, error.code, error.message]).toEqual([entity, expect.stringMatching(known), error.message]);
        for (const { record, reason } of rejections) {
          expect(record).not.toBe('');
          expect(reason).not.toMatch(raw);
          expect(reason.length).toBeLessThan(510);
        }
      }
    }
    instance.proxy.play();
    await instance.sync();
    const asAtFirst = first.results.map(({ entity, rejected }) => ({ entity, rejected }));
    const { results } = await instance.sync();
    expect(results).toEqual(
      asAtFirst.map((one) => expect.objectContaining({ ...one, created: 0, updated: 0, deactivated: 0 })),
    );
    for (const { status } of results) expect(status).toMatch(/^succeeded/);
  });
});
