import { IntegratorError } from '../../../errors/integrator-error.ts';
import { wrappedShape, type RecordShape } from '../../../reading/record-shape.ts';
import type { VendorPage } from '../../../reading/vendor-page.ts';
import type { EntityContext } from '../../entity.ts';
import type { Source } from '../../source.ts';
import type { VendorApi } from '../vendor-api.ts';
import type { DeclaredSource } from './declared-source.ts';

/** One of several places with the same lists that a connection signs in to: a customer's tenant. */
export interface Tenant {
  readonly id: string;
  /** As warnings name it. */
  readonly name: string;
}

/** A record with the tenant it is from. */
export interface OfTenant<T, N extends Tenant = Tenant> {
  readonly tenant: N;
  readonly record: T;
}

/** Reads the list of one tenant, from a cursor on where there is one. */
type ReadTenant<N> = (tenant: N, cursor: string | undefined) => AsyncIterable<VendorPage>;

/** The tenants of a connection, as they are read one after the other. */
export interface TenantReading<N extends Tenant> {
  readonly tenants: readonly N[];
  /** The vendor's API, signed in to a tenant. */
  apiOf(tenant: N): VendorApi;
  /** The ids, in lower case, of those read to their end, be it by earlier runs: what is of another one is not missing. */
  readonly ended: ReadonlySet<string>;
  /** What an unfinished run carried to this one. */
  readonly carried: unknown;
  /**
   * The list of tenant after tenant. One that fails does not keep the others from being read, but the set is not whole then: its error
   * is raised at the end, so that nothing is taken for missing.
   * @param before called before the list of a tenant is read; a tenant for which it answers false is passed over
   */
  source<T>(list: DeclaredSource<T>, before?: (tenant: N) => Promise<boolean | void>): Source<OfTenant<T, N>>;
  /**
   * The same of lists that are read otherwise.
   * @param carry what goes along with where to go on
   */
  sourceBy<T>(shape: RecordShape<T>, read: ReadTenant<N>, carry?: () => unknown): Source<OfTenant<T, N>>;
}

interface Cursor {
  readonly tenant: string;
  /** Absent where the tenant is to be read from its beginning. */
  readonly link?: string | undefined;
  readonly carried?: unknown;
  readonly ended?: readonly string[] | undefined;
}

/**
 * Opens the tenants of a connection for one read.
 * @param apiOf the vendor's API, signed in to a tenant
 */
export function openTenants<N extends Tenant>(
  tenants: readonly N[],
  context: Pick<EntityContext, 'cursor' | 'signal' | 'warn' | 'sizeOfPage'>,
  apiOf: (tenant: N) => VendorApi,
): TenantReading<N> {
  const start = cursorOf(context.cursor);
  const known = new Set(tenants.map(({ id }) => id.toLowerCase()));
  const ended = new Set(start?.ended?.filter((id) => known.has(id)));

  async function* pagesOf(tenant: N, next: N | undefined, read: ReadTenant<N>, carry?: () => unknown) {
    const from = start?.tenant === tenant.id ? start.link : undefined;
    for await (const page of read(tenant, from)) {
      const { list, cursor, incomplete, content, size } = page;
      if (cursor === undefined) ended.add(tenant.id.toLowerCase());
      const place = cursor === undefined ? next?.id : tenant.id;
      const goesOn: Cursor = { tenant: place ?? '', link: cursor, carried: carry?.(), ended: [...ended] };
      yield {
        // They stay unread until they are asked for.
        get records() {
          return page.records.map((record): OfTenant<unknown, N> => ({ tenant, record }));
        },
        ...(content !== undefined && { content: contentOf(tenant, content) }),
        size,
        list: { ...list, name: tenant.id },
        ...(place !== undefined && { cursor: JSON.stringify(goesOn) }),
        incomplete,
      } satisfies VendorPage;
    }
  }

  async function* pages(read: ReadTenant<N>, carry?: () => unknown): AsyncGenerator<VendorPage> {
    const first = Math.max(
      0,
      tenants.findIndex(({ id }) => id === start?.tenant),
    );
    let failure: IntegratorError | undefined;
    for (const [at, tenant] of tenants.entries()) {
      if (at < first) continue;
      try {
        for await (const page of pagesOf(tenant, tenants[at + 1], read, carry))
          yield failure ? { ...page, incomplete: true } : page;
      } catch (error) {
        if (context.signal.aborted || !(error instanceof IntegratorError) || tenants.length === 1) throw error;
        context.warn(`The tenant "${tenant.name}" could not be read: ${error.message}`);
        failure ??= error;
      }
    }
    if (!failure) return;
    // Nothing comes after this: the next run begins with the first tenant again, not with the one that failed.
    yield { records: [], incomplete: true };
    throw failure;
  }

  function sourceBy<T>(shape: RecordShape<T>, read: ReadTenant<N>, carry?: () => unknown): Source<OfTenant<T, N>> {
    return { shape: wrappedShape<T, 'record', OfTenant<T, N>>('record', shape), pages: () => pages(read, carry) };
  }

  return {
    tenants,
    apiOf,
    ended,
    carried: start?.carried,
    sourceBy,
    source: (list, before) =>
      sourceBy(list.shape, async function* (tenant, cursor) {
        if ((await before?.(tenant)) === false) return;
        const { readPages } = await import('./open-source.ts');
        const sizeOfPage = (content: string) => context.sizeOfPage?.(contentOf(tenant, content));
        yield* readPages(list, apiOf(tenant), { cursor, sizeOfPage, warn: (message) => context.warn(message) });
      }),
  };
}

/** Two tenants may have the same page. */
function contentOf({ id }: Tenant, content: string): string {
  return `${id} ${content}`;
}

function cursorOf(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  try {
    const { tenant, link, carried, ended } = JSON.parse(text) as Partial<Cursor>;
    return tenant === undefined ? undefined : { tenant, link, carried, ended: Array.isArray(ended) ? ended : [] };
  } catch {
    // Not one of ours: reading starts at the beginning.
    return undefined;
  }
}
