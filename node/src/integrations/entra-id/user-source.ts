import type { SettingsRow } from '../../halo-api/halo-api.ts';
import type { EntityContext } from '../entity.ts';
import { openDeltaLinks } from './delta-links.ts';
import type { Tenant } from './directory.ts';
import { entraAddresses } from './entra-settings.ts';
import { isExpiredLink, isUnusableLink, type GraphClient, type GraphPage } from './graph-client.ts';
import { userShape, type GraphUser } from './graph-records.ts';
import { carriedIn, type TenantPage } from './read-tenants.ts';

/** Begins the cursor of a read that follows a link: its pages bring a part of a user, so going on as a listing would lose the rest. */
const changesMark = 'changes ';

interface Carried {
  /** What is asked of Graph, which its links stand for. */
  readonly url: string;
  /** Of the tenants that were read, by tenant. */
  readonly links: Readonly<Record<string, string>>;
  readonly followed: boolean;
  readonly readsWhole: boolean;
}

/** Reads a connection's users: what changed since the links kept in Halo, or all of them. */
export interface UserSource {
  read(tenant: Tenant, graph: GraphClient, from: string | undefined): AsyncGenerator<TenantPage>;
  /** Whether a user came because of a change, and not in a whole read. */
  isChange(user: GraphUser): boolean;
  /** Whether every tenant was read whole, so that what did not come is missing. */
  whole(): boolean;
  /** What a run that goes on must know of this one. */
  carried(): unknown;
  /** The delta links of what was read, as rows of Halo's. */
  links(): readonly SettingsRow[];
}

/**
 * Opens the users of a connection. Either all tenants are read by their links or all are read whole, because only what no
 * tenant brought is missing. A link that turns out to be expired after others were followed is forgotten, so that the next run
 * reads everything.
 */
export function openUsers(context: EntityContext, tenants: readonly Tenant[], select: string): UserSource {
  const query = { $select: select, $top: '999' };
  const delta = { path: '/users/delta()', query };
  const url = `${entraAddresses(context.settings).graph}/v1.0${delta.path}?${new URLSearchParams(query).toString()}`;
  const links = openDeltaLinks(context, url);
  const changed = new WeakSet<GraphUser>();
  let known: Promise<ReadonlyMap<string, string>> | undefined;
  const carried = (carriedIn(context.cursor) ?? {}) as Partial<Carried>;
  // Where something else is asked for by now, what was read before is read once more.
  const sameQuestion = carried.url === undefined || carried.url === url;
  const before = sameQuestion ? carried : {};
  let followed = before.followed === true;
  // What a run before read whole goes on whole: otherwise those missing from it would never be noticed.
  let readsWhole = before.readsWhole === true;
  for (const tenant of tenants) {
    const link = before.links?.[tenant.id];
    if (link !== undefined && links.usableFor(tenant)) links.note(tenant, link);
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

  /** What changed; records that bring a part of their fields are read whole, twenty a request. */
  async function* changes(graph: GraphClient, link: string, works: () => void): AsyncGenerator<TenantPage & GraphPage> {
    for await (const page of graph.pages(link)) {
      works();
      const [removed, ids] = [[] as unknown[], new Set<string>()];
      for (const user of page.records) {
        // What does not fit is set aside further on, like one that was removed it is not asked for.
        if (!userShape.fits(user) || user['@removed'] || !user.id) removed.push(user);
        else ids.add(user.id);
      }
      const users = await graph.readMany([...ids].map((id) => `/users/${encodeURIComponent(id)}?$select=${select}`));
      // One that is gone by now comes with @removed next time.
      const records = [...removed, ...users.filter((user) => user !== undefined)];
      for (const user of records) if (userShape.fits(user)) changed.add(user);
      yield {
        records,
        ...(page.next !== undefined && { next: changesMark + page.next }),
        ...(page.delta !== undefined && { delta: page.delta }),
      };
    }
  }

  return {
    async *read(tenant, graph, cursor) {
      const from = sameQuestion ? cursor : undefined;
      if (!links.usableFor(tenant)) {
        yield* graph.pages(from ?? { path: '/users', query });
        return;
      }
      const goesOn = from?.startsWith(changesMark) === true;
      const begins = from === undefined && !readsWhole;
      const stored = begins ? (await (known ??= linksToFollow())).get(tenant.id) : undefined;
      const link = goesOn ? from.slice(changesMark.length) : stored;
      if (link !== undefined) {
        let works = false;
        try {
          for await (const page of changes(graph, link, () => void (works = true))) {
            followed = true;
            if (page.delta !== undefined) links.note(tenant, page.delta);
            yield page;
          }
          return;
        } catch (error) {
          const expired = isExpiredLink(error);
          if (!isUnusableLink(error) || (works && !expired)) throw error;
          context.warn(
            expired
              ? `The delta link of the tenant "${tenant.name}" has expired: all its users are read.`
              : `The delta link of the tenant "${tenant.name}" cannot be used, and all its users are read. ${error.message}`,
          );
        }
      }
      if (!followed) readsWhole = true;
      let first = goesOn || link !== undefined || from === undefined;
      for await (const page of graph.pages((goesOn ? undefined : from) ?? delta)) {
        if (page.delta !== undefined) links.note(tenant, followed ? '' : page.delta);
        yield { ...page, begins: first };
        first = false;
      }
    },
    isChange: (user) => changed.has(user),
    whole: () => !followed,
    carried: (): Carried => ({ url, links: links.noted(), followed, readsWhole }),
    links: () => links.rows(),
  };
}
