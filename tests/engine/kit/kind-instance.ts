import type { Database, Row } from '../../../node/src/database/database.ts';
import type { HaloOutcome, HaloRecord, HaloSession } from '../../../node/src/halo-api/halo-api.ts';
import { linkTableId } from '../../../node/src/halo-api/inferred.ts';
import type { ConnectionSettings } from '../../../node/src/integrations/kit/descriptor/connection-settings.ts';
import type { Kind, KindContext, KindRun } from '../../../node/src/integrations/kit/kinds/kind.ts';
import type { MappedRecord } from '../../../node/src/integrations/mapped-record.ts';
import { followUpsOf } from '../../../node/src/sync/follow-ups.ts';
import { haloInstance } from '../halo-api/halo-instance.ts';

/** The connection that the kinds work for. */
export const scope = { module_id: 9, details_id: 1 };

/** A link of the vendor's, as a row of ExternalLink. */
export function link(resource: string, haloId: number, vendorId: string): Row {
  const place = {
    ELModuleId: scope.module_id,
    ELDetailsId: scope.details_id,
    ELTableId: linkTableId(resource, {}) ?? 0,
  };
  return { ...place, ELHaloId: haloId, ELThirdPartyId: vendorId, ELIsPrimary: true };
}

/** A mapping of the administrator's, as a row of IntegrationSiteMapping: of a client, or of a site of one. */
export function mapped(vendorClient: string, haloClient: number, site?: { vendor: string; halo: number }): Row {
  return {
    ...{ ISMMSid: scope.module_id, ISMThirdPartyName: '', ISMThirdPartyClientId: vendorClient },
    ...{ ISMThirdPartyId: site?.vendor ?? '', ISMHaloClientId: haloClient, ISMHaloId: site?.halo ?? 0 },
  };
}

/** What came of records of a kind. */
export interface Brought {
  readonly mapped: readonly MappedRecord[];
  readonly outcomes: readonly HaloOutcome[];
  readonly run: KindRun<never>;
  /** Why each that was set aside was; undefined for the others. */
  readonly reasons: readonly (string | undefined)[];
}

/** Halo's demo content in the embedded database, into which kinds bring records; no vendor is asked. */
export interface KindInstance extends AsyncDisposable {
  readonly database: Database;
  readonly warnings: string[];
  insert(table: string, ...rows: Row[]): Promise<void>;
  update(table: string, values: Row, column: string, value: string | number): Promise<void>;
  rows(table: string, columns: readonly string[], column: string, value: string | number): Promise<Row[]>;
  /** What a kind goes by. */
  context(told?: ConnectionSettings, more?: Partial<KindContext>): KindContext;
  /** One run: the records mapped as the kind does, and written with what hangs on them. */
  bring<R extends object>(
    kind: Kind<R>,
    records: readonly R[],
    told?: ConnectionSettings,
    more?: Partial<KindContext>,
  ): Promise<Brought>;
}

/** Makes one in a temporary folder. */
export async function kindInstance(): Promise<KindInstance> {
  const instance = await haloInstance();
  const session: HaloSession = await instance.api().write('test');
  const warnings: string[] = [];
  const write = async (work: Parameters<Awaited<ReturnType<Database['session']>>['transaction']>[0]): Promise<void> => {
    await using setUp = await instance.database.session('test');
    await setUp.transaction(work);
  };

  function context(told: ConnectionSettings = {}, more: Partial<KindContext> = {}): KindContext {
    return {
      api: instance.api(),
      scope,
      vendor: 'Acme',
      told,
      warn: (message) => void warnings.push(message),
      connection: { id: scope.details_id, name: 'Acme', moduleId: scope.module_id, enabled: true, row: {} },
      settings: {},
      http: { answer: () => Promise.reject(new Error('a kind asks nobody')) } as never,
      clock: { now: () => instance.now, sleep: () => Promise.resolve() },
      signal: new AbortController().signal,
      ...more,
    };
  }

  return {
    database: instance.database,
    warnings,
    insert: (table, ...rows) => write((transaction) => transaction.insert(table, rows)),
    update: (table, values, column, value) =>
      write((transaction) => transaction.update(table, values, { column, is: 'equal', value })),
    rows: (table, columns, column, value) =>
      instance.database.read({ from: table, columns: [...columns], where: { column, is: 'equal', value } }),
    context,
    async bring(kind, records, told, more) {
      const run = await kind.open(context(told, more));
      const mapped = await run.mapping.toHalo(records);
      const sources = new Map<HaloRecord, unknown>();
      mapped.forEach((one, at) => 'fields' in one && sources.set(one, records[at]));
      const { target } = run;
      if ('write' in target) throw new TypeError('A kind with a writer of its own is tried by its integration.');
      const entity = { ...run, source: undefined as never } as Parameters<typeof followUpsOf>[0]['entity'];
      const sourcesOf = (some: readonly HaloRecord[]) => some.map((record) => sources.get(record));
      const followUps = followUpsOf({ entity }, sourcesOf, (one) => void warnings.push(one.reason));
      const { insertOnly, matchFields, ownIdField } = target;
      const outcomes = await session.upsert(kind.resource, [...sources.keys()], {
        scope,
        ...(insertOnly && { insertOnly }),
        ...(matchFields && { matchFields }),
        ...(ownIdField !== undefined && { ownIdField }),
        ...(followUps && { followUps }),
      });
      const reasons = mapped.map((one) => ('reason' in one ? one.reason : undefined));
      return { mapped, outcomes, run: run as KindRun<never>, reasons };
    },
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]();
      await instance[Symbol.asyncDispose]();
    },
  };
}
