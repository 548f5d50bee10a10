import type { TableRight } from '../../../database/database.ts';
import type { Mapping, OpenEntity } from '../../entity.ts';
import type { LeftOut, MappedRecord, Quarantined } from '../../mapped-record.ts';
import type { RecordShape } from '../../../reading/record-shape.ts';
import type { Source } from '../../source.ts';
import type { Kind, KindContext, KindRecord, KindRun } from '../kinds/kind.ts';
import type { DeclaredSource } from '../sources/declared-source.ts';
import { openSource } from '../sources/open-source.ts';
import type { VendorApi } from '../vendor-api.ts';

/** What an entity of a descriptor is opened with. */
export interface DescribedContext extends KindContext {
  /** The vendor's API, signed in and paced; opened when it is first asked for. */
  vendorApi(): VendorApi;
}

/** What the function that maps a record may go by, beside the record. */
export type RecordContext = Pick<KindContext, 'settings' | 'told' | 'connection' | 'warn'>;

/** An entity of a vendor's: a kind, a source, and a function from the vendor's record to the kind's. */
export interface EntityDeclaration<T, R> {
  /** Name in appsettings.json and in `-Entity`. */
  readonly name: string;
  /** What it brings, as one sentence. */
  readonly description: string;
  readonly kind: Kind<R>;
  /** The vendor's list, as data; a function where it is none that a declaration can describe. */
  readonly source: DeclaredSource<T> | ((context: DescribedContext) => Source<T>);
  /**
   * The vendor's record as the kind takes it.
   * @param id the vendor's id of it, as a text; a record without one is set aside
   */
  record(record: T, id: string, context: RecordContext): KindRecord<R>;
  /** Words by which Halo's list of entities to import may name it, beside its own name and those of its kind. */
  readonly labels?: readonly string[];
  /** What the vendor has to permit for that, in the vendor's words. */
  readonly permissions?: readonly string[];
  /** What it asks of the vendor, where the source is a function: method and path as the vendor documents them. */
  readonly endpoints?: readonly string[];
}

/** An entity whose vendor's record type is known only to itself, so that entities of different types fit one list. */
export interface DescribedEntity {
  readonly name: string;
  readonly description: string;
  readonly resource: string;
  readonly alsoWrites?: readonly string[];
  readonly tables?: Readonly<Record<string, readonly TableRight[]>>;
  readonly labels: readonly string[];
  readonly permissions: readonly string[];
  readonly endpoints: readonly string[];
  open(context: DescribedContext): Promise<OpenEntity>;
}

/** Declares an entity. */
export function entity<T extends object, R extends object>(declared: EntityDeclaration<T, R>): DescribedEntity {
  const { kind, source } = declared;
  return {
    name: declared.name,
    description: declared.description,
    resource: kind.resource,
    ...(kind.alsoWrites && { alsoWrites: kind.alsoWrites }),
    ...(kind.tables && { tables: kind.tables }),
    labels: [...kind.labels, ...(declared.labels ?? [])],
    permissions: declared.permissions ?? [],
    endpoints: declared.endpoints ?? (typeof source === 'function' ? [] : endpointsOf(source)),
    async open(context) {
      const run = await kind.open(context);
      const opened = typeof source === 'function' ? source(context) : openSource(source, context.vendorApi(), context);
      // Sound because a source's records go nowhere but into the mapping beside it.
      return openedEntity(opened, run, (record) =>
        recordOf(declared, opened.shape, record, context),
      ) as unknown as OpenEntity;
    },
  };
}

function recordOf<T, R>(
  declared: EntityDeclaration<T, R>,
  shape: RecordShape<T>,
  record: T,
  context: DescribedContext,
): KindRecord<R> {
  const id = shape.idOf(record);
  if (id !== undefined) return declared.record(record, id, context);
  return {
    quarantined: shape.nameOf(record) ?? 'a record without a name',
    reason: `${context.vendor} gives no id for it.`,
  };
}

function openedEntity<T extends object, R extends object>(
  source: Source<T>,
  run: KindRun<R>,
  recordOf: (record: T) => KindRecord<R>,
): OpenEntity<T> {
  /** The kind's record of each of the vendor's that is being written. */
  const kept = new WeakMap<T, R>();
  const { followUps, target } = run;
  if ('write' in target && target.settle) throw new TypeError('A kind settles nothing with the vendor.');
  return {
    source,
    mapping: mappingOf(run.mapping, recordOf, followUps && kept),
    target: target as OpenEntity<T>['target'],
    missing: run.missing,
    ...(followUps && {
      followUps: (records, outcomes) => {
        const places = records.flatMap((record, at) => (kept.has(record) ? [at] : []));
        return followUps(
          places.flatMap((at) => kept.get(records[at] as T) ?? []),
          places.flatMap((at) => outcomes[at] ?? []),
        );
      },
    }),
  };
}

function mappingOf<T extends object, R extends object>(
  mapping: Mapping<R>,
  recordOf: (record: T) => KindRecord<R>,
  kept: WeakMap<T, R> | undefined,
): Mapping<T> {
  return {
    ...(mapping.basis && { basis: mapping.basis }),
    async toHalo(records) {
      const own: R[] = [];
      const places: number[] = [];
      const mapped = new Array<MappedRecord>(records.length);
      records.forEach((record, at) => {
        const one = recordOf(record);
        const aside = asideOf(one);
        if (aside) mapped[at] = aside;
        else {
          own.push(one as R);
          places.push(at);
          kept?.set(record, one as R);
        }
      });
      (await mapping.toHalo(own)).forEach((one, index) => (mapped[places[index] ?? 0] = one));
      return mapped;
    },
  };
}

/** What is not brought; undefined for a record of the kind. */
function asideOf<R extends object>(one: KindRecord<R>): Quarantined | LeftOut | undefined {
  return 'quarantined' in one || 'left_out' in one ? one : undefined;
}

/** The requests of a declared list, those of its parents first. */
function endpointsOf(source: DeclaredSource): readonly string[] {
  const own = `${source.method ?? 'GET'} ${source.url.replace(/\{parent\.(\w+)\}/g, '{$1}')}`;
  return [...(source.parents ? endpointsOf(source.parents.source) : []), own];
}
