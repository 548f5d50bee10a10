import { expect, it } from '@jest/globals';
import { createPace } from '../../../node/src/integrations/kit/rates/pace.ts';
import { contract } from '../../sandbox/ninjaone/contract.ts';
import type { TestedIntegration, VendorUnderTest } from '../../sandbox/kit/contract.ts';
import { contractInstance } from './contract-instance.ts';
import { hurriedClock } from './hurried-clock.ts';

it('gives back what it began where Halo cannot be prepared', async () => {
  let vendor: VendorUnderTest | undefined;
  const failing: TestedIntegration = {
    ...contract,
    start: async () => (vendor = await contract.start()),
    prepare: () => Promise.reject(new Error('no such table')),
  };
  await expect(contractInstance(failing)).rejects.toThrow('no such table');
  await expect(fetch(vendor?.url ?? '')).rejects.toThrow('fetch failed');
});

it('passes the time that a vendor’s limits ask for, and waits for none of it', async () => {
  const clock = hurriedClock();
  const began = clock.now().getTime();
  const pace = createPace({ windows: [{ requests: 10, seconds: 60 }], slowFrom: 1 }, clock);
  const request = { method: 'GET', url: 'https://acme.example.com/list' };
  const asked = Array.from({ length: 35 }, async (_, index) => {
    const leave = await pace.enter(request);
    leave(index === 20 ? { status: 429, headers: { 'retry-after': '250' } } : { status: 200, headers: {} });
  });
  await Promise.all(asked);
  const passed = clock.now().getTime() - began;
  expect(passed).toBeGreaterThanOrEqual(250_000 + 60_000);
  expect(passed).toBeLessThan(500_000);
});
