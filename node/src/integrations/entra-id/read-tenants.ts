import { IntegratorError } from '../../errors/integrator-error.ts';
import { wrappedShape, type RecordShape } from '../../reading/record-shape.ts';
import type { VendorPage } from '../../reading/vendor-page.ts';
import type { EntityContext } from '../entity.ts';
import type { Tenant } from './directory.ts';
import { isUnusableLink } from './graph-client.ts';

/** A record with the tenant it is from. */
export interface OfTenant<T> {
  readonly tenant: Tenant;
  readonly record: T;
}

/** The shape of a record with its tenant. */
export function ofTenant<T>(shape: RecordShape<T>): RecordShape<OfTenant<T>> {
  return wrappedShape<T, 'record', OfTenant<T>>('record', shape);
}

/** A page of one tenant, and the link at which reading can go on. */
export interface TenantPage {
  /** Unchecked. */
  readonly records: readonly unknown[];
  readonly next?: string | undefined;
  /** The tenant is read from its beginning on with this page, although reading was to go on somewhere. */
  readonly begins?: boolean;
}

interface Cursor {
  readonly tenant: string;
  /** Absent where the tenant is to be read from its beginning. */
  readonly link?: string | undefined;
  /** What the reader wants to know again of the tenants that were read. */
  readonly carried?: unknown;
  /** Tenants that were read to their end. */
  readonly ended?: readonly string[];
}

type ReadTenant = (tenant: Tenant, from: string | undefined) => AsyncIterable<TenantPage>;

/** A connection's tenants, as they are read one after the other. */
export interface TenantReading {
  /**
   * The pages of tenant after tenant. One that fails does not keep the others from being read, but the set is not whole then: its
   * error is raised at the end, so that nothing is taken for missing. What `carried` answers goes along with where to go on.
   */
  pages(read: ReadTenant, carried?: () => unknown): AsyncGenerator<VendorPage>;
  /** The ids, in lower case, of those read to their end, be it by earlier runs: what is of another one is not missing. */
  readonly ended: ReadonlySet<string>;
}

/** Opens the tenants of a connection for one read. */
export function openTenants(tenants: readonly Tenant[], context: EntityContext): TenantReading {
  const known = new Set(tenants.map(({ id }) => id.toLowerCase()));
  const ended = new Set(cursorOf(context.cursor)?.ended?.filter((id) => known.has(id)));
  return { ended, pages: (read, carried) => readTenants(tenants, context, ended, read, carried) };
}

async function* readTenants(
  tenants: readonly Tenant[],
  context: EntityContext,
  ended: Set<string>,
  read: ReadTenant,
  carried?: () => unknown,
): AsyncGenerator<VendorPage> {
  const cursor = cursorOf(context.cursor);
  const start =
    cursor === undefined
      ? 0
      : Math.max(
          0,
          tenants.findIndex(({ id }) => id === cursor.tenant),
        );
  /** A link kept from an unfinished run may be refused for good; then its tenant is read from the beginning. */
  async function* orFromItsBeginning(tenant: Tenant, from: string | undefined): AsyncGenerator<TenantPage> {
    let begun = false;
    try {
      for await (const page of read(tenant, from)) {
        yield { ...page, begins: page.begins === true || (!begun && from === undefined) };
        begun = true;
      }
    } catch (error) {
      if (from === undefined || begun || !isUnusableLink(error)) throw error;
      yield* orFromItsBeginning(tenant, undefined);
    }
  }

  let failure: unknown;
  for (const [at, tenant] of tenants.entries()) {
    if (at < start) continue;
    try {
      const from = cursor !== undefined && cursor.tenant === tenant.id ? cursor.link : undefined;
      for await (const page of orFromItsBeginning(tenant, from)) {
        if (page.next === undefined) ended.add(tenant.id.toLowerCase());
        const next = page.next === undefined ? tenants[at + 1]?.id : tenant.id;
        yield {
          records: page.records.map((record): OfTenant<unknown> => ({ tenant, record })),
          list: {
            name: tenant.id,
            begins: page.begins,
            ...(page.next === undefined && { end: 'no-next' }),
          },
          ...(next !== undefined && {
            cursor: JSON.stringify({
              tenant: next,
              link: page.next,
              carried: carried?.(),
              ended: [...ended],
            } satisfies Cursor),
          }),
          ...(failure !== undefined && { incomplete: true }),
        };
      }
    } catch (error) {
      if (context.signal.aborted || !(error instanceof IntegratorError) || tenants.length === 1) throw error;
      context.warn(`The tenant "${tenant.name}" could not be read: ${error.message}`);
      failure ??= error;
    }
  }
  if (failure === undefined) return;
  // Nothing comes after this: the next run begins with the first tenant again, not with the one that failed.
  yield { records: [], incomplete: true };
  throw failure;
}

/** What an unfinished run carried to the one that goes on. */
export function carriedIn(cursor: string | undefined): unknown {
  return cursorOf(cursor)?.carried;
}

function cursorOf(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  try {
    const { tenant, link, carried, ended = [] } = JSON.parse(text) as Partial<Cursor>;
    return tenant !== undefined ? { tenant, link, carried, ended } : undefined;
  } catch {
    // Not one of ours: reading starts at the beginning.
    return undefined;
  }
}
