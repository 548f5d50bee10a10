import type { Row } from '../../../node/src/database/database.ts';
import type { IntegrationContract, TestedIntegration } from '../../sandbox/kit/contract.ts';
import type { SpecServer } from '../../sandbox/kit/spec-server.ts';
import { contractInstance, type ContractInstance, type SyncReport } from './contract-instance.ts';

/** An instance with its vendor as the description made it. */
export function opened(contract: IntegrationContract): Promise<ContractInstance> {
  return contractInstance(contract as TestedIntegration);
}

/** What is behind it, and what it was asked. */
export const vendorOf = (instance: ContractInstance): SpecServer => instance.vendor as unknown as SpecServer;

/** Columns of all assets. */
export const assets = (instance: ContractInstance, columns: readonly string[]): Promise<Row[]> =>
  instance.database.read({ from: 'DEVICE', columns, orderBy: [{ column: 'Did' }] });
/** Syncs, and answers what came of one entity. */
export const resultOf = async (
  instance: ContractInstance,
  entity: string,
): Promise<SyncReport['results'][number] | undefined> =>
  (await instance.sync()).results.find((one) => one.entity === entity);

/** Changes rows of Halo's. */
export async function change(
  instance: ContractInstance,
  table: string,
  set: Row,
  column: string,
  value: string | number,
) {
  await using session = await instance.database.session('test');
  await session.transaction((transaction) => transaction.update(table, set, { column, is: 'equal', value }));
}
