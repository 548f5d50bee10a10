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
