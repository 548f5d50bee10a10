import { VendorAnswerError, VendorRefusedError } from '../../../errors/vendor-errors.ts';
import type { SettingsRow } from '../../../halo-api/halo-api.ts';
import type { VendorPage } from '../../../reading/vendor-page.ts';
import type { CompletedRun, MarkedSource } from '../../marked-source.ts';
import type { VendorApi } from '../vendor-api.ts';
import type { DeclaredSource } from './declared-source.ts';
import type { OfTenant, Tenant, TenantReading } from './from-tenants.ts';
import { readBatched, type JsonBatch } from './json-batch.ts';
import { isOfCursor } from './list-reading.ts';

/** Begins the cursor of a read that follows a link: its pages bring a part of a record, so going on as a list would lose the rest. */
const changesMark = 'changes ';

/** Where the vendor's links to what changes from now on are kept in Halo, one for each tenant. */
export interface StoredLinks {
  /** What is asked of the vendor, which its links stand for. */
  readonly question: string;
  /** Whether a link of the tenant is wanted and can be kept. */
  usableFor(tenant: Tenant): boolean;
  /** The link of the last run; undefined where there is none, or one that was made with another question. */
  stored(tenant: Tenant): Promise<string | undefined>;
  /** Links by tenant, as the rows to keep; an empty one means that everything is to be read next time. */
  rows(links: Readonly<Record<string, string>>): readonly SettingsRow[];
}

/** How tenants' records are read by what changed. */
export interface TenantChangesParts<T> {
  readonly links: StoredLinks;
  /** The whole list, for tenants whose links cannot be kept. */
  readonly list: DeclaredSource<T>;
  /** The list whose last page gives the link for next time (`delta` of link paging). */
  readonly changes: DeclaredSource<T>;
  /** What records are, as warnings say it: "users". */
  readonly noun: string;
  /** Whether the vendor refuses a link, by what it says, since it is too old. A status of 410 says so anyway. */
  readonly expiredBy: RegExp;
  /** How a record is read whole of which a page of changes brings a part, and where; undefined for one that went. */
  readonly whole: JsonBatch & { pathOf(record: T): string | undefined };
  /** No link moves on while records are rejected, so that they come again. */
  readonly retriesRejected: boolean;
  warn(message: string): void;
}

interface Carried {
  readonly url: string;
  /** Of the tenants that were read, by tenant. */
  readonly links: Readonly<Record<string, string>>;
  readonly followed: boolean;
  readonly readsWhole: boolean;
}

/** Reads tenants by what changed since the links kept in Halo, or all of them. */
export interface TenantChanges<N extends Tenant, T> {
  /**
   * The tenants' records, one tenant after the other. The links are committed with the last batch; they stay as they were where somebody
   * missing from a whole read was left active, since they would never bring that one again.
   * @param before called before a tenant is read
   */
  source(before: (tenant: N) => Promise<void>): MarkedSource<OfTenant<T, N>>;
  /** Whether a record came because of a change, and not in a whole read. */
  isChange(record: T): boolean;
  /** Whether every tenant was read whole, so that what did not come is missing. */
  whole(): boolean;
}

/**
 * Opens the changes of a connection's tenants. Either all tenants are read by their links or all are read whole, because only what no
 * tenant brought is missing. A link that turns out to be expired after others were followed is forgotten, so that the next run
 * reads everything.
 */
export function openTenantChanges<N extends Tenant, T extends object>(
  reading: TenantReading<N>,
  parts: TenantChangesParts<T>,
): TenantChanges<N, T> {
  const { tenants } = reading;
  const { links } = parts;
  const changed = new WeakSet<T>();
  const noted = new Map<string, string>();
  let known: Promise<ReadonlyMap<string, string>> | undefined;
  const carried = (reading.carried ?? {}) as Partial<Carried>;
  // Where something else is asked for by now, what was read before is read once more.
  const sameQuestion = carried.url === undefined || carried.url === links.question;
  const before = sameQuestion ? carried : {};
  let followed = before.followed === true;
  // What a run before read whole goes on whole: otherwise those missing from it would never be noticed.
  let readsWhole = before.readsWhole === true;
  for (const tenant of tenants) {
    const link = before.links?.[tenant.id];
    if (link !== undefined && links.usableFor(tenant)) noted.set(tenant.id, link);
  }

  /** The links to follow; none where one tenant has none. */
  async function linksToFollow(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (const tenant of tenants) {
      const link = links.usableFor(tenant) ? await links.stored(tenant) : undefined;
      if (link === undefined) return new Map();
      found.set(tenant.id, link);
    }
    return found;
  }

  /** What changed; records that bring a part of their fields are read whole. */
  async function* follow(tenant: N, link: string, came: () => void): AsyncGenerator<VendorPage> {
    const { readPages } = await import('./open-source.ts');
    const api = reading.apiOf(tenant);
    let next: string | undefined;
    const delta = (given: string): void => void (next = given);
    const from = { warn: parts.warn, cursor: link, onlyFromCursor: true, delta };
    let pages = 0;
    for await (const { records, cursor, list } of readPages(parts.changes, api, from)) {
      // Changes end with the link to the next ones: without it, the link led to something else.
      const astray = list?.end !== undefined && next === undefined;
      if (astray && pages === 0)
        throw new VendorAnswerError(
          { method: 'GET', url: await api.addressOf(parts.changes.url) },
          'it leads to no changes',
        );
      if (astray) noted.set(tenant.id, '');
      pages++;
      came();
      const whole = await completed(records, parts, api);
      for (const record of whole) if (parts.changes.shape.fits(record)) changed.add(record);
      followed = true;
      if (next !== undefined) noted.set(tenant.id, next);
      yield { records: whole, list, cursor: cursor === undefined ? undefined : changesMark + cursor };
    }
  }

  /** Everything; of the whole list, too, the last page has the link for next time. */
  async function* readAll(tenant: N, cursor: string | undefined): AsyncGenerator<VendorPage> {
    const { readPages } = await import('./open-source.ts');
    const keepsLink = links.usableFor(tenant);
    const delta = (next: string): void => void noted.set(tenant.id, followed ? '' : next);
    const list = keepsLink ? parts.changes : parts.list;
    yield* readPages(list, reading.apiOf(tenant), { warn: parts.warn, cursor, ...(keepsLink && { delta }) });
  }

  function tellOf(error: unknown, tenant: N, came: boolean): void {
    const expired = isExpired(error, parts.expiredBy);
    if (!isOfCursor(error) || (came && !expired)) throw error;
    const all = `all its ${parts.noun} are read`;
    parts.warn(
      expired
        ? `The delta link of the tenant "${tenant.name}" has expired: ${all}.`
        : `The delta link of the tenant "${tenant.name}" cannot be used, and ${all}. ${error.message}`,
    );
  }

  async function* read(tenant: N, cursor: string | undefined): AsyncGenerator<VendorPage> {
    const from = sameQuestion ? cursor : undefined;
    if (!links.usableFor(tenant)) return yield* readAll(tenant, from);
    const goesOn = from?.startsWith(changesMark) === true;
    const begins = from === undefined && !readsWhole;
    const stored = begins ? (await (known ??= linksToFollow())).get(tenant.id) : undefined;
    const link = goesOn ? from.slice(changesMark.length) : stored;
    if (link !== undefined) {
      let came = false;
      try {
        return yield* follow(tenant, link, () => void (came = true));
      } catch (error) {
        tellOf(error, tenant, came);
      }
    }
    if (!followed) readsWhole = true;
    yield* readAll(tenant, link === undefined ? from : undefined);
  }

  const carry = (): Carried => ({ url: links.question, links: Object.fromEntries(noted), followed, readsWhole });

  return {
    source(before) {
      const source = reading.sourceBy(
        parts.list.shape,
        async function* (tenant, cursor) {
          await before(tenant);
          yield* read(tenant, cursor);
        },
        carry,
      );
      const stays = ({ rejected, missingLeft }: CompletedRun): boolean =>
        missingLeft || (rejected > 0 && parts.retriesRejected);
      return { ...source, readMark: (run) => (stays(run) ? [] : links.rows(Object.fromEntries(noted))) };
    },
    isChange: (record) => changed.has(record),
    whole: () => !followed,
  };
}

/** Records of a page of changes as the vendor has them; what does not fit, or went, is as it came. */
async function completed<T>(
  records: readonly unknown[],
  { changes: { shape }, whole }: TenantChangesParts<T>,
  api: VendorApi,
): Promise<readonly unknown[]> {
  const pathOf = (record: unknown): string | undefined => (shape.fits(record) ? whole.pathOf(record) : undefined);
  const asTheyAre = records.filter((record) => pathOf(record) === undefined);
  const paths = new Set(records.flatMap((record) => pathOf(record) ?? []));
  const read = await readBatched([...paths], whole, api);
  // One that is gone by now comes as such next time.
  return [...asTheyAre, ...read.filter((record) => record !== undefined)];
}

function isExpired(error: unknown, said: RegExp): boolean {
  if (!(error instanceof VendorRefusedError)) return false;
  return error.status === 410 || (error.status === 400 && said.test(error.message));
}
