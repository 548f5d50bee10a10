import { describe, expect, it } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import { contract as datto } from '../../sandbox/datto-rmm/contract.ts';
import type { TestedIntegration } from '../../sandbox/kit/contract.ts';
import { contract as ninja } from '../../sandbox/ninjaone/contract.ts';
import { contractInstance, type ContractInstance } from '../kit/contract-instance.ts';
import { keptInState, listedRejections } from './kept-in-state.ts';

interface Known {
  readonly batches: readonly { readonly comparedAt: string }[];
}

const listed = ({ folder }: ContractInstance) => listedRejections(folder);

/** The contract with only its devices on, and rows that are left out or added before the first sync. */
function devicesOf(
  contract: TestedIntegration,
  more: (add: (table: string, ...rows: Row[]) => Promise<void>) => Promise<void>,
  without: (table: string, row: Row) => boolean = () => false,
): TestedIntegration {
  return {
    ...contract,
    entities: ['Devices'],
    async prepare(database, add) {
      await contract.prepare(database, async (table, ...rows) => {
        const left = rows.filter((row) => !without(table, row));
        if (left.length > 0) await add(table, ...left);
      });
      await more(add);
    },
  };
}

/**
 * Syncs until what the vendor says is known, changes Halo, and syncs again: all that was rejected is written then.
 * @param othersStay whether batches of other records are left alone all the while
 */
async function triedAgain(
  instance: ContractInstance,
  batchSize: number,
  reason: RegExp,
  mend: () => Promise<void>,
  othersStay = true,
): Promise<void> {
  const sync = async () => (await instance.sync({ BatchSize: batchSize })).results[0];
  const first = await sync();
  const rejected = first?.rejected ?? 0;
  expect(rejected).toBeGreaterThan(0);
  expect(first?.created).toBeGreaterThan(0);
  const before = await listed(instance);
  expect(before).toHaveLength(rejected);
  for (const one of before ?? []) expect(one.reason).toMatch(reason);
  expect(before?.every(({ id, runs }) => id !== undefined && runs === 1)).toBe(true);

  await sync();
  const known = await keptInState<Known>(instance.folder, '.known');
  const again = await listed(instance);
  expect(again?.map(({ id, since, runs }) => [id, since, runs])).toEqual(
    before?.map(({ id, since }) => [id, since, 2]),
  );

  // Nothing of what the vendor says has changed: only what they lacked is there now.
  await mend();
  const last = await sync();
  expect([last?.created, last?.rejected]).toEqual([rejected, 0]);
  expect(await listed(instance)).toBeUndefined();
  const comparedAt = new Set(
    (await keptInState<Known>(instance.folder, '.known'))?.batches.map((one) => one.comparedAt),
  );
  const stayed = known?.batches.filter((one) => comparedAt.has(one.comparedAt)).length ?? 0;
  expect(stayed > 0).toBe(othersStay);
  expect((await sync())?.unchanged).toBe(first?.read);
}

const mapping = (client: number, site: number, halo: number): Row => ({
  ISMMSid: 900,
  ISMThirdPartyId: String(client),
  ISMThirdPartyName: `Organisation ${client}`,
  ISMHaloClientId: halo,
  ISMHaloId: site,
});

/** The organisations from the second on, mapped to a client's site. */
const others = Array.from({ length: 11 }, (_, at) => mapping(at + 2, 1, 1));

describe('a rejected record is tried again though the vendor says the same, once Halo has', () => {
  it('its client', async () => {
    const contract = devicesOf(ninja, (add) => add('IntegrationSiteMapping', ...others));
    await using instance = await contractInstance(contract);
    await triedAgain(instance, 3, /client 1 is neither mapped nor linked/, async () => {
      await instance.add('AREA', { Aarea: 900, aareadesc: 'Came later', ANinjaRMMId: 1 });
      await instance.add('SITE', { Ssitenum: 900, Sarea: 900, sdesc: 'Main' });
    });
  });

  it('its site', async () => {
    const contract = devicesOf(ninja, async (add) => {
      await add('IntegrationSiteMapping', ...others);
      await add('AREA', { Aarea: 900, aareadesc: 'Without a site', ANinjaRMMId: 1 });
    });
    await using instance = await contractInstance(contract);
    await triedAgain(instance, 3, /site/, () => instance.add('SITE', { Ssitenum: 900, Sarea: 900, sdesc: 'Main' }));
  });

  it('its type', async () => {
    const only = datto as TestedIntegration;
    const without = (table: string, row: Row): boolean => table === 'XTypeMapping' && row['XMValue'] === 'Server';
    const contract = devicesOf(
      only,
      async (add) => {
        for (const at of [1, 2, 3, 4, 5, 6, 7]) {
          await add('AREA', { Aarea: 900 + at, aareadesc: `Acme ${at} Ltd` });
          await add('SITE', { Ssitenum: 900 + at, Sarea: 900 + at, sdesc: 'Main' });
        }
      },
      without,
    );
    await using instance = await contractInstance(contract);
    const mend = () => instance.add('XTypeMapping', { XMmsid: 920, XMTypeId: 1, XMValue: 'Server' });
    // A type that is mapped anew may be that of any device: all of them are compared.
    await triedAgain(instance, 1, /No asset type is mapped for it/, mend, false);
  });
});
