import { describe, expect, it } from '@jest/globals';
import { contractInstance, type SyncReport } from './contract-instance.ts';
import { tested } from './contracts.ts';

/** What did not go well. */
const brief = ({ results }: SyncReport) =>
  results.flatMap(({ entity, error, rejections }) => [...(error ? [{ entity, error }] : []), ...rejections]);
const counts = ({ results }: SyncReport) => results.map((one) => ({ ...one, seconds: 0 }));

describe.each(tested)('a plan of $integration', (contract) => {
  it('comes to what the run does, and the second time to nothing', async () => {
    await using instance = await contractInstance(contract);
    await using other = await contractInstance(contract);
    await instance.plan();
    expect(brief(await instance.apply())).toEqual([]);
    const rows = await instance.rows();
    await other.sync();
    expect(rows).toEqual(await other.rows());
    const again = await instance.apply();
    expect(brief(again)).toEqual([]);
    expect(again.results.map(({ created, updated, deactivated }) => created + updated + deactivated)).toEqual(
      again.results.map(() => 0),
    );
    expect(await instance.rows()).toEqual(rows);
    expect((await instance.plan()).changes.filter(({ action }) => action !== 'reject')).toEqual([]);
  });
});

describe.each(tested)('a what-if of $integration', (contract) => {
  it('foresees what the run comes to, and writes nothing', async () => {
    await using instance = await contractInstance(contract);
    const before = await instance.rows();
    const { report, changes } = await instance.plan();
    expect(await instance.rows()).toEqual(before);
    expect(changes.length).toBeGreaterThan(0);
    expect(counts(report)).toEqual(counts(await instance.sync()));
    expect((await instance.plan()).changes.filter(({ action }) => action !== 'reject')).toEqual([]);
  });
});
