import { existsSync, readdirSync } from 'node:fs';
import type { IntegrationContract, TestedIntegration } from '../../sandbox/kit/contract.ts';

const folder = new URL('../../sandbox/', import.meta.url);
const found: IntegrationContract[] = [];
for (const name of readdirSync(folder)) {
  const file = new URL(`${name}/contract.ts`, folder);
  if (name !== 'kit' && existsSync(file))
    found.push(((await import(file.href)) as { contract: IntegrationContract }).contract);
}

/** How each integration is put under the contract. */
export const contracts: readonly IntegrationContract[] = found;

/** Those that the suites run. */
export const tested = contracts.filter((one): one is TestedIntegration => 'start' in one);

/** What somebody might have changed in Halo, so that the next run sets it right. */
export const drifts = [
  ['AREA', { aareadesc: 'Renamed' }],
  ['USERS', { uFirstName: 'Renamed' }],
  ['Licence', { LCount: 999, LIsActive: false }],
  ['ITEM', { idesc: 'Renamed' }],
  ['INFO', { idata: 'changed' }],
  ['ExternalLink', { ELThirdPartyDesc: 'changed' }],
] as const;
