import { describe, expect, it } from '@jest/globals';
import { contractInstance, type SyncReport } from './contract-instance.ts';
import { tested } from './contracts.ts';

const counts = ({ results }: SyncReport) => results.map((one) => ({ ...one, seconds: 0 }));

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
