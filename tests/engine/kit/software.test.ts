import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { contract } from '../../sandbox/ninjaone/contract.ts';
import { startSpecServer, type SpecServer } from '../../sandbox/kit/spec-server.ts';
import { readVendorSpec } from '../../sandbox/kit/vendor-spec.ts';
import { contractInstance, type ContractInstance } from './contract-instance.ts';

const spec = readVendorSpec(new URL('../../sandbox/ninjaone/contract.ts', import.meta.url).href);
let vendor: SpecServer;
let instance: ContractInstance;

beforeAll(async () => {
  instance = await contractInstance({
    ...contract,
    async start() {
      const started = await contract.start();
      await started.close();
      vendor = await startSpecServer(spec, {
        counts: { Organization: 3, Device: 8, ComputerSystem: 8, OperatingSystem: 8, LastUser: 8, Program: 24 },
      });
      return { ...started, ...vendor };
    },
  });
  await instance.sync();
});
afterAll(async () => instance[Symbol.asyncDispose]());

const programs = () => vendor.data.all('Program') as Record<string, unknown>[];
/** The assets that have software of this integration's, with how many programs. */
async function counts(): Promise<ReadonlyMap<number, number>> {
  const rows = await instance.database.read({
    from: 'DeviceApplications',
    columns: ['DADID'],
    where: {
      all: [
        { column: 'damsid', is: 'equal', value: 900 },
        { column: 'DADID', is: 'greater', value: 0 },
      ],
    },
  });
  const found = new Map<number, number>();
  for (const { DADID } of rows) found.set(Number(DADID), (found.get(Number(DADID)) ?? 0) + 1);
  return found;
}
const software = async () => (await instance.sync()).results.find(({ entity }) => entity === 'Software');

it('goes from an asset that a whole list says nothing of, and what is not ours stays', async () => {
  const before = await counts();
  const [asset = 0] = before.keys();
  expect(before.size).toBe(8);
  await using session = await instance.database.session('test');
  await session.transaction((transaction) =>
    transaction.insert('DeviceApplications', [{ DAID: 9001, DADesc: 'By hand', DADID: asset, dauserid: 0 }]),
  );
  const link = { column: 'ELHaloId', is: 'equal', value: asset } as const;
  const links = await instance.database.read({ from: 'ExternalLink', columns: ['ELThirdPartyId'], where: link });
  const ids = new Set(links.map(({ ELThirdPartyId }) => String(ELThirdPartyId)));
  const kept = programs().filter(({ deviceId }) => !ids.has(String(deviceId)));
  const gone = programs().length - kept.length;
  expect(gone).toBeGreaterThan(0);
  programs().splice(0, Infinity, ...kept);

  expect(await software()).toMatchObject({ status: 'succeeded', deactivated: 1 });
  expect(await counts()).toEqual(new Map([...before].filter(([id]) => id !== asset)));
  expect(await instance.database.count('DeviceApplications', { column: 'DAID', is: 'equal', value: 9001 })).toBe(1);
  expect(await software()).toMatchObject({ deactivated: 0, updated: 0 });
});

it('stays where the list is not proven whole, or says nothing of most assets', async () => {
  const before = await counts();
  const [first] = programs();
  const id = first?.['deviceId'];
  const others = programs().filter(({ deviceId }) => deviceId !== id);
  const own = programs().filter(({ deviceId }) => deviceId === id);
  programs().splice(0, Infinity, ...others, { ...own[0], name: null });
  expect(await software()).toMatchObject({ deactivated: 0, note: expect.stringContaining('could not be read') });
  programs().splice(0, Infinity);
  expect(await software()).toMatchObject({ deactivated: 0, note: expect.stringContaining('MaxDeactivatePercent') });
  expect(await counts()).toEqual(before);
});
