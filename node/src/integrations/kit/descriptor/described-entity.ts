import type { TableRight } from '../../../database/database.ts';
import type { HaloOutcome } from '../../../halo-api/halo-api.ts';
import type { HaloConnection } from '../../connection.ts';
import type { Mapping, OpenEntity } from '../../entity.ts';
import type { LeftOut, MappedRecord, Quarantined } from '../../mapped-record.ts';
import type { MissingRule } from '../../missing-rule.ts';
import type { Source } from '../../source.ts';
import type { Kind, KindContext, KindRecord, KindRun, Untouched } from '../kinds/kind.ts';
import type { DeclaredSource } from '../sources/declared-source.ts';
import type { DescribedContext } from './described-context.ts';
import { lastOnly } from './last-only.ts';
import { createUntouched } from './untouched.ts';
import { wholeBasis } from './whole-basis.ts';
import { openJoins, type Join, type Joined, type JoinedLists, type Joins } from './joined-lists.ts';

/** What the function that maps a record may go by, beside the record. */
export interface RecordContext<J = object> extends Pick<KindContext, 'settings' | 'told' | 'connection' | 'warn'> {
  /** What the joined lists say of the record. */
  readonly joined: Joined<J>;
}

/** What is known of an entity without a run. */
interface EntityFacts {
  /** Name in appsettings.json and in `-Entity`. */
  readonly name: string;
  /** What it brings, as one sentence. */
  readonly description: string;
  /** Words by which Halo's list of entities to import may name it, beside its own name and those of its kind. */
  readonly labels?: readonly string[];
  /** What the vendor has to permit for that, in the vendor's words. */
  readonly permissions?: readonly string[];
  /** What it asks of the vendor, where the source is a function: method and path as the vendor documents them. */
  readonly endpoints?: readonly string[];
  /** Tables of Halo's that it goes by, beside those of its kind, and the rights that takes. */
  readonly tables?: Readonly<Record<string, readonly TableRight[]>>;
}

/** What an entity is made of: a kind, a source, and a function from the vendor's record to the kind's. */
interface EntityParts<T, R, J> {
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
  /** What is done with what a whole read did not bring, in place of the kind's rule. */
  readonly missing?: MissingRule;
  /**
   * All that the mapping goes by of what was prepared, as JSON. Where it is said, pages that come as they were are not mapped anew.
   */
  readonly basis?: unknown;
  /** The source may bring a record several times, as lists of changes do: the last word counts. */
  readonly lastCounts?: boolean;
}

/** An entity of a vendor's. */
export interface EntityDeclaration<T, R, J = object> extends EntityFacts, EntityParts<T, R, J> {}

/** An entity that goes by what Halo or the vendor say of the whole connection, read once a run: its tenants, its mappings. */
export interface PreparedDeclaration<T, R, J = object> extends EntityFacts {
  /** The kind, as far as it is known without a run. */
  readonly kind: Kind<R>;
  /** Reads that, and answers the parts, which may go by it. */
  prepare(context: DescribedContext): Promise<Omit<EntityParts<T, R, J>, 'kind'> & { readonly kind?: Kind<R> }>;
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
  declared: EntityDeclaration<T, R, J> | PreparedDeclaration<T, R, J>,
): DescribedEntity {
  const { kind } = declared;
  const tables = { ...kind.tables, ...declared.tables };
  return {
    name: declared.name,
    description: declared.description,
    resource: kind.resource,
    ...(kind.alsoWrites && { alsoWrites: kind.alsoWrites }),
    ...(Object.keys(tables).length > 0 && { tables }),
    labels: [...kind.labels, ...(declared.labels ?? [])],
    permissions: declared.permissions ?? [],
    endpoints: [
      ...(declared.endpoints ?? []),
      ...('prepare' in declared ? [] : listsOf(declared).flatMap(endpointsOf)),
    ],
    async open(context) {
      const parts = 'prepare' in declared ? { kind, ...(await declared.prepare(context)) } : declared;
      const opened = await openParts(parts, context);
      // Where what was prepared is in no basis, pages that come again may have to become something else.
      const unsaid = 'prepare' in declared && parts.basis === undefined;
      const { basis, ...withoutBasis } = opened.mapping;
      const mapping = unsaid || !basis ? withoutBasis : opened.mapping;
      // Sound because a source's records go nowhere but into the mapping beside it.
      return { ...opened, mapping } as unknown as OpenEntity;
    },
  };
}

async function openParts<T extends object, R extends object, J extends object>(
  parts: EntityParts<T, R, J>,
  context: DescribedContext,
): Promise<OpenEntity<T>> {
  const { openSource } = await import('../sources/open-source.ts');
  const { source, joins } = parts;
  const run = await parts.kind.open(context);
  const list = typeof source === 'function' ? source(context) : source;
  const opened = 'pages' in list ? list : openSource(list, context.vendorApi(), context);
  const joined = openJoins(joins, context);
  const { settings, told, connection } = context;
  const known = { settings, told, connection, warn: (message: string) => context.warn(message) };
  // Most records are mapped by the same: an object for each would cost more than it says.
  let by: RecordContext<J> | undefined;
  const recordOf = (record: T): KindRecord<R> => {
    const id = opened.shape.idOf(record);
    if (id !== undefined) {
      const said = joined.of(id, record);
      if (by?.joined !== said) by = { ...known, joined: said };
      return parts.record(record, id, by ?? { ...known, joined: said });
    }
    const name = opened.shape.nameOf(record) ?? 'a record without a name';
    return { quarantined: name, reason: `${context.vendor} gives no id for it.` };
  };
  const untouched = createUntouched(context, parts.kind.resource, run.target);
  const entity = openedEntity(opened, run, {
    ...{ recordOf, untouched, joined: joins && joined, connection },
    prepared: parts.basis ?? null,
  });
  const last = parts.lastCounts ? lastOnly(entity.mapping, opened.shape) : entity.mapping;
  return { ...entity, mapping: last, ...(parts.missing && { missing: parts.missing }) };
}

/** What a vendor's records are made the kind's by. */
interface Making<T, R> {
  recordOf(record: T): KindRecord<R>;
  /** Those that are there, and of which nothing is written. */
  untouched(records: readonly Untouched[]): Promise<readonly MappedRecord[]>;
  readonly joined: JoinedLists<object> | undefined;
  readonly connection: HaloConnection;
  readonly prepared: unknown;
}

function openedEntity<T extends object, R extends object>(
  source: Source<T>,
  run: KindRun<R>,
  making: Making<T, R>,
): OpenEntity<T> {
  /** The kind's record of each of the vendor's that is being written. */
  const kept = new WeakMap<T, R>();
  const { followUps, followUpsOfWritten, target } = run;
  if ('write' in target && target.settle) throw new TypeError('A kind settles nothing with the vendor.');
  return {
    source,
    mapping: mappingOf(run.mapping, making, followUps && kept),
    target: target as OpenEntity<T>['target'],
    missing: run.missing,
    ...(followUpsOfWritten && { followUpsOfWritten }),
    ...(followUps && {
      followUps: (records, outcomes, halo) => {
        const own: R[] = [];
        const came: HaloOutcome[] = [];
        records.forEach((record, at) => {
          const [one, outcome] = [kept.get(record), outcomes[at]];
          if (one === undefined || !outcome) return;
          own.push(one);
          came.push(outcome);
        });
        return followUps(own, came, halo);
      },
    }),
  };
}

function mappingOf<T extends object, R extends object>(
  mapping: Mapping<R>,
  { recordOf, untouched, joined, connection, prepared }: Making<T, R>,
  kept: WeakMap<T, R> | undefined,
): Mapping<T> {
  return {
    ...(mapping.basis && { basis: wholeBasis({ ...connection, prepared }, mapping.basis, joined?.basis) }),
    ...(mapping.eachPage && { eachPage: true }),
    async toHalo(records) {
      await joined?.read(records);
      const own: R[] = [];
      const seen: Untouched[] = [];
      const [places, seenPlaces]: [number[], number[]] = [[], []];
      const mapped = new Array<MappedRecord>(records.length);
      records.forEach((record, at) => {
        const one = recordOf(record);
        if ('untouched' in one) {
          seen.push(one);
          seenPlaces.push(at);
        } else if (isAside(one)) mapped[at] = one;
        else {
          own.push(one);
          places.push(at);
          kept?.set(record, one);
        }
      });
      (await mapping.toHalo(own)).forEach((one, index) => (mapped[places[index] ?? 0] = one));
      if (seen.length > 0) (await untouched(seen)).forEach((one, index) => (mapped[seenPlaces[index] ?? 0] = one));
      return mapped;
    },
  };
}

function isAside<R extends object>(one: R | Quarantined | LeftOut): one is Quarantined | LeftOut {
  return 'quarantined' in one || 'left_out' in one;
}

function listsOf<T, R, J>({ source, joins }: EntityParts<T, R, J>): readonly DeclaredSource[] {
  const joined = Object.values<Join>(joins ?? {}).map((one) => one.source);
  return typeof source === 'function' ? joined : [source, ...joined];
}

/** The requests of a declared list, those of its parents first. */
function endpointsOf(source: DeclaredSource): readonly string[] {
  const own = `${source.method ?? 'GET'} ${source.url.replace(/\{parent\.(\w+)\}/g, '{$1}')}`;
  return [...(source.parents ? endpointsOf(source.parents.source) : []), own];
}
