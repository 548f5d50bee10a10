import type { TableRight } from '../../../database/database.ts';
import type { Mapping, MappingBasis, OpenEntity } from '../../entity.ts';
import type { LeftOut, MappedRecord, Quarantined } from '../../mapped-record.ts';
import type { Source } from '../../source.ts';
import type { Kind, KindContext, KindRecord, KindRun } from '../kinds/kind.ts';
import type { DeclaredSource } from '../sources/declared-source.ts';
import type { DescribedContext } from './described-context.ts';
import { openJoins, type Join, type Joined, type JoinedLists, type Joins } from './joined-lists.ts';

/** What the function that maps a record may go by, beside the record. */
export interface RecordContext<J = object> extends Pick<KindContext, 'settings' | 'told' | 'connection' | 'warn'> {
  /** What the joined lists say of the record. */
  readonly joined: Joined<J>;
}

/** An entity of a vendor's: a kind, a source, and a function from the vendor's record to the kind's. */
export interface EntityDeclaration<T, R, J = object> {
  /** Name in appsettings.json and in `-Entity`. */
  readonly name: string;
  /** What it brings, as one sentence. */
  readonly description: string;
  readonly kind: Kind<R>;
  /** The vendor's list, as data; a function where it goes by the connection, or is none that a declaration can describe. */
  readonly source: DeclaredSource<T> | ((context: DescribedContext) => DeclaredSource<T> | Source<T>);
  /**
   * The vendor's record as the kind takes it.
   * @param id the vendor's id of it, as a text; a record without one is set aside
   */
  record(record: T, id: string, context: RecordContext<J>): KindRecord<R>;
  /** Lists that say more of the records, such as reports; read whole before the first record is mapped. */
  readonly joins?: Joins<J>;
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
export function entity<T extends object, R extends object, J extends object = object>(
  declared: EntityDeclaration<T, R, J>,
): DescribedEntity {
  const { kind, source, joins } = declared;
  const lists = [
    ...(typeof source === 'function' ? [] : [source]),
    ...Object.values<Join>(joins ?? {}).map((one) => one.source),
  ];
  return {
    name: declared.name,
    description: declared.description,
    resource: kind.resource,
    ...(kind.alsoWrites && { alsoWrites: kind.alsoWrites }),
    ...(kind.tables && { tables: kind.tables }),
    labels: [...kind.labels, ...(declared.labels ?? [])],
    permissions: declared.permissions ?? [],
    endpoints: [...(declared.endpoints ?? []), ...lists.flatMap(endpointsOf)],
    async open(context) {
      const { openSource } = await import('../sources/open-source.ts');
      const run = await kind.open(context);
      const list = typeof source === 'function' ? source(context) : source;
      const opened = 'pages' in list ? list : openSource(list, context.vendorApi(), context);
      const joined = openJoins(joins, context);
      const { settings, told, connection } = context;
      const known = { settings, told, connection, warn: (message: string) => context.warn(message) };
      const recordOf = (record: T): KindRecord<R> => {
        const id = opened.shape.idOf(record);
        if (id !== undefined) return declared.record(record, id, { ...known, joined: joined.of(id, record) });
        const name = opened.shape.nameOf(record) ?? 'a record without a name';
        return { quarantined: name, reason: `${context.vendor} gives no id for it.` };
      };
      // Sound because a source's records go nowhere but into the mapping beside it.
      return openedEntity(opened, run, recordOf, joins && joined) as unknown as OpenEntity;
    },
  };
}

function openedEntity<T extends object, R extends object>(
  source: Source<T>,
  run: KindRun<R>,
  recordOf: (record: T) => KindRecord<R>,
  joined: JoinedLists<object> | undefined,
): OpenEntity<T> {
  /** The kind's record of each of the vendor's that is being written. */
  const kept = new WeakMap<T, R>();
  const { followUps, target } = run;
  if ('write' in target && target.settle) throw new TypeError('A kind settles nothing with the vendor.');
  return {
    source,
    mapping: mappingOf(run.mapping, recordOf, followUps && kept, joined),
    target: target as OpenEntity<T>['target'],
    missing: run.missing,
    ...(followUps && {
      followUps: (records, outcomes, halo) => {
        const places = records.flatMap((record, at) => (kept.has(record) ? [at] : []));
        return followUps(
          places.flatMap((at) => kept.get(records[at] as T) ?? []),
          places.flatMap((at) => outcomes[at] ?? []),
          halo,
        );
      },
    }),
  };
}

function mappingOf<T extends object, R extends object>(
  mapping: Mapping<R>,
  recordOf: (record: T) => KindRecord<R>,
  kept: WeakMap<T, R> | undefined,
  joined: JoinedLists<object> | undefined,
): Mapping<T> {
  const basis = mapping.basis && joined ? bothBases(mapping.basis, joined.basis) : mapping.basis;
  return {
    ...(basis && { basis }),
    async toHalo(records) {
      await joined?.read(records);
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

function bothBases(kinds: MappingBasis, lists: MappingBasis): MappingBasis {
  return {
    value: async () => ({ kind: await kinds.value(), joined: await lists.value() }),
    async lookUpAgain(earlier) {
      const before = earlier as { readonly kind: unknown; readonly joined: unknown };
      await lists.lookUpAgain(before.joined);
      await kinds.lookUpAgain(before.kind);
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
