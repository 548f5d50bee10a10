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

/** The last record of each page gives its place to the one before it, so that the count is right, and one has not come. */
const oneForAnother: Fault = {
  title: 'one record twice, and another not at all',
  outcome: 'is not whole',
  applies: () => true,
  edit({ listing, touch }, body) {
    const list = fieldAt(body, listing.records);
    if (!Array.isArray(list) || list.length < 2) return body;
    touch();
    const changed = (list as unknown[]).with(-1, (list as unknown[]).at(-2));
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
  await instance.sync();
  instance.proxy.play(oneForAnother);
  const { results } = await instance.sync();
  expect(instance.proxy.touched.size).toBeGreaterThan(0);
  for (const { deactivated } of results) expect(deactivated).toBe(0);
  instance.proxy.play();
  for (const { created, updated, deactivated } of (await instance.sync()).results)
    expect({ created, updated, deactivated }).toEqual({ created: 0, updated: 0, deactivated: 0 });
});
