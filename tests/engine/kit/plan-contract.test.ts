import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { IntegrationContract, TestedIntegration } from '../../sandbox/kit/contract.ts';
import { contractInstance, type SyncReport } from './contract-instance.ts';

const folder = new URL('../../sandbox/', import.meta.url);
const found = readdirSync(folder)
  .map((name) => new URL(`${name}/contract.ts`, folder))
  .filter((file) => !file.pathname.endsWith('/kit/contract.ts') && existsSync(file));
const contracts: IntegrationContract[] = [];
for (const file of found) contracts.push(((await import(file.href)) as { contract: IntegrationContract }).contract);
const tested = contracts.filter((one): one is TestedIntegration => 'start' in one);

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
