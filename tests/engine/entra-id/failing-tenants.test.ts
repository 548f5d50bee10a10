import { describe, expect, it } from '@jest/globals';
import { entraInstance } from './entra-instance.ts';

describe('a tenant that cannot be read', () => {
  it.each([
    ['listed', false],
    ['followed by their links', true],
  ])('does not keep the users of others from being read, run after run, where they are %s', async (_, byDelta) => {
    await using instance = await entraInstance({ users: 60, tenants: 2, connection: { ACUseDeltaQueries: byDelta } });
    const [first, last] = instance.sandbox.tenants;
    await instance.add(
      'AreaAzureTenant',
      { AATDetailsId: 1, AATAreaId: 1, AATAzureTenantId: first?.id ?? '', AATAzureTenantName: 'Alder' },
      { AATDetailsId: 1, AATAreaId: 3, AATAzureTenantId: last?.id ?? '', AATAzureTenantName: 'Calder' },
    );
    await instance.sync();
    instance.sandbox.faults.refusingTenants.add(last?.id ?? '');
    for (const title of ['Director', 'Chair', 'Founder']) {
      first?.change('users', 1, { jobTitle: title });
      expect((await instance.sync()).results[0]?.status).toBe('failed');
      expect((await instance.user(1))?.['UTitle']).toBe(title);
    }
    instance.sandbox.faults.refusingTenants.clear();
    first?.change('users', 1, { jobTitle: 'Retired' });
    expect((await instance.sync()).exitCode).toBe(0);
    expect((await instance.user(1))?.['UTitle']).toBe('Retired');
  });
});

describe('a link kept from an unfinished run', () => {
  it('that is refused for good lets its tenant be read from the beginning', async () => {
    const connection = { ACIntuneEnabled: true, ACDefaultAssetType: 1 };
    await using instance = await entraInstance({ users: 10, devices: 2500, entities: ['Devices'], connection });
    instance.configureSync({ TimeLimitMinutes: 1, BatchSize: 1 });
    instance.advanceAfterRequests(2, 120_000);
    expect((await instance.sync()).exitCode).toBe(6);
    instance.advanceAfterRequests(2, 0);
    instance.sandbox.faults.queue.push({ kind: 'server-error', status: 400 });
    const { results } = await instance.sync();
    expect([results[0]?.status, results[0]?.read]).toEqual(['succeeded', 2500]);
  });
});
