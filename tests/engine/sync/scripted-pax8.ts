import { readFile, writeFile } from 'node:fs/promises';
import { syncAll } from '../../../node/src/sync/run.ts';
import type { SyncResult } from '../../../node/src/sync/sync.ts';
import { pax8Page, startScriptedVendor, type Answer } from '../../sandbox/scripted-vendor.ts';
import { pax8Instance, type Pax8Instance } from './pax8-instance.ts';

/** The one company that subscriptions of a scripted Pax8 are of. */
export const company = { id: 'c1', name: 'Company One', status: 'Active' };

/** A subscription as Pax8 gives it. */
export function subscription(number: number, more: object = {}) {
  return {
    id: `s${number}`,
    companyId: 'c1',
    productId: 'p1',
    productName: `Product ${number}`,
    quantity: 1,
    startDate: '2024-01-01',
    createdDate: '2024-01-01',
    status: 'Active',
    price: 1,
    partnerCost: 1,
    billingTerm: 'Monthly',
    ...more,
  };
}

/** An instance whose Pax8 answers what a test says, with its company in Halo and missing licences set inactive. */
export interface ScriptedPax8 extends AsyncDisposable {
  readonly instance: Pax8Instance;
  /** How listings other than that of companies are answered from now on, by page. */
  answer(by: (path: string, page: number) => Answer): void;
  /** Pages of subscriptions that were asked for. */
  asked(): number;
  sync(entity?: string): Promise<SyncResult>;
  /** Third-party ids of the licences that are active, or not. */
  licences(active: boolean): Promise<readonly string[]>;
}

export async function scriptedPax8(batchSize = 400): Promise<ScriptedPax8> {
  const vendor = await startScriptedVendor();
  const size = { companies: 1, subscriptions: 0, products: 0, contactsPerCompany: 0 };
  const instance = await pax8Instance({ size, sync: { BatchSize: batchSize } });
  const settings = await readFile(instance.settingsPath, 'utf8');
  await writeFile(instance.settingsPath, settings.replace(instance.sandbox.url, vendor.url));
  let answering: (path: string, page: number) => Answer = () => undefined;
  vendor.answer((url) => {
    const page = Number(url.searchParams.get('page'));
    const path = url.pathname.replace('/v1', '');
    return answering(path, page) ?? { body: pax8Page(path === '/companies' ? [company] : [], page) };
  });
  await using session = await instance.database.session('test');
  await session.transaction((transaction) =>
    transaction.update('Pax8Details', { pa8deactivatemissinglicenses: true }, { all: [] }),
  );
  const scripted: ScriptedPax8 = {
    instance,
    answer: (by) => {
      answering = by;
    },
    asked: () => vendor.asked.filter((path) => path.startsWith('/v1/subscriptions')).length,
    async sync(entity = 'Subscriptions') {
      const request = { integration: 'Pax8', entities: [entity], whatIf: false };
      const report = await syncAll(request, await instance.parts(), () => {}, new AbortController().signal);
      return report.results[0] as SyncResult;
    },
    async licences(active) {
      const rows = await instance.database.read({
        from: 'Licence',
        columns: [{ column: 'link.ELThirdPartyId', as: 'id' }],
        joins: [{ kind: 'inner', table: 'ExternalLink', as: 'link', on: [['LID', 'link.ELHaloId']] }],
        where: {
          all: [
            { column: 'LIsActive', is: 'equal', value: active },
            { column: 'link.ELTableId', is: 'equal', value: 5 },
          ],
        },
      });
      return rows.map((row) => String(row['id']));
    },
    async [Symbol.asyncDispose]() {
      await instance[Symbol.asyncDispose]();
      await vendor[Symbol.asyncDispose]();
    },
  };
  await scripted.sync('Customers');
  return scripted;
}
