import { expect, it } from '@jest/globals';
import { fieldAt, withField } from '../../../node/src/integrations/kit/field-path.ts';
import { contract as dattoRmm } from '../../sandbox/datto-rmm/contract.ts';
import { contract as jamf } from '../../sandbox/jamf/contract.ts';
import { contract as lansweeper } from '../../sandbox/lansweeper/contract.ts';
import { contract as nCentral } from '../../sandbox/n-central/contract.ts';
import { contract as sentinelOne } from '../../sandbox/sentinelone/contract.ts';
import type { IntegrationContract } from '../../sandbox/kit/contract.ts';
import type { Fault } from '../../sandbox/kit/faults.ts';
import { opened } from '../kit/vendor-instance.ts';

/** On one later page a record gives its place to the first of all, so that the count is right, and one has not come. */
const oneForAnother: Fault = {
  title: 'one record twice, and another not at all',
  outcome: 'is not whole',
  applies: () => true,
  edit({ listing, path, first, memory, touch }, body) {
    const list = fieldAt(body, listing.records) as readonly unknown[] | undefined;
    if (!Array.isArray(list) || list.length === 0) return body;
    if (first) memory.set(path, list[0]);
    if (first || memory.has(`done ${path}`) || !memory.has(path)) return body;
    memory.set(`done ${path}`, true);
    touch();
    const changed = list.with(-1, memory.get(path));
    return listing.records === ''
      ? changed
      : withField(body as Readonly<Record<string, unknown>>, listing.records, changed);
  },
};

it.each<[string, IntegrationContract]>([
  ['SentinelOne, by cursor', sentinelOne],
  ['Lansweeper, by cursor', lansweeper],
  ['Datto RMM, by links', dattoRmm],
  ['N-central, by number', nCentral],
  ['Jamf, by number', jamf],
])('Nothing is taken for missing where one record came twice in place of another: %s', async (_, contract) => {
  await using instance = await opened(contract);
  // The two must not meet in one batch, which would be told from the rows themselves.
  const small = { BatchSize: 5 };
  await instance.sync(small);
  instance.proxy.play(oneForAnother);
  const { results } = await instance.sync(small);
  expect(instance.proxy.touched.size).toBeGreaterThan(0);
  for (const { deactivated } of results) expect(deactivated).toBe(0);
  instance.proxy.play();
  for (const { created, updated, deactivated } of (await instance.sync(small)).results)
    expect({ created, updated, deactivated }).toEqual({ created: 0, updated: 0, deactivated: 0 });
});
