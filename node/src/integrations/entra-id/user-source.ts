import type { EntityContext, SettingsRowKeeper } from '../integration.ts';
import type { Tenant } from './directory.ts';
import { isOn } from './entra-connections.ts';
import { isGuid } from './entra-settings.ts';
import { isExpiredLink, isUnusableLink, type GraphClient, type GraphStart } from './graph-client.ts';
import type { GraphUser } from './graph-records.ts';
import type { TenantPage } from './read-tenants.ts';

const DeltaTable = 'AzureDelta';
const DefaultEntity = 1;

/** Reads a connection's users: what changed since the link kept in AzureDelta, or all of them. */
export interface UserSource {
  read(tenant: Tenant, graph: GraphClient, from: string | undefined): AsyncGenerator<TenantPage<GraphUser>>;
  /** Whether every tenant read so far was read whole, so that what did not come is missing. */
  whole(): boolean;
  /** Keeps the delta links of what was read. */
  keep(write: SettingsRowKeeper): Promise<void>;
}

/** Opens the users of a connection, by delta where ACUseDeltaQueries is on. */
export function openUsers(context: EntityContext, select: string): UserSource {
  const { api, connection, settings, clock, warn } = context;
  const guid = connection.row['ACGUID'];
  const usesDelta = isOn(connection.row['ACUseDeltaQueries']);
  const entity = typeof settings['DeltaEntity'] === 'number' ? settings['DeltaEntity'] : DefaultEntity;
  const listing = { path: '/users', query: { $select: select, $top: '999' } };
  const delta = { path: '/users/delta()', query: { $select: select, $top: '999' } };
  const links: { readonly tenant: string; readonly link: string; readonly url: string }[] = [];
  let whole = true;

  async function storedLink(tenant: Tenant, url: string): Promise<string | undefined> {
    const rows = await api.settingsRows(DeltaTable, {
      ADRelatedGuid: String(guid),
      ADTenantId: tenant.id,
      ADEntity: entity,
    });
    // A link keeps the query it was made with: one of another query would bring other fields.
    const row = rows.find((one) => one['ADrequesturl'] === url.slice(0, 2000));
    const link = row?.['ADNextDelta'];
    return typeof link === 'string' && link !== '' ? link : undefined;
  }

  async function* all(
    graph: GraphClient,
    start: GraphStart,
    from: string | undefined,
  ): AsyncGenerator<TenantPage<GraphUser> & { readonly delta?: string | undefined }> {
    let begun = false;
    try {
      for await (const page of pagesOf(graph, from ?? start)) {
        begun = true;
        yield page;
      }
    } catch (error) {
      // A link kept from an unfinished run may be refused for good; then the listing starts over.
      if (from === undefined || begun || !isUnusableLink(error)) throw error;
      yield* pagesOf(graph, start);
    }
  }

  async function* pagesOf(graph: GraphClient, start: GraphStart) {
    for await (const page of graph.pages<GraphUser>(start)) {
      yield { records: page.records, next: page.next, delta: page.delta };
    }
  }

  /** What changed; records that bring a part of their fields are read whole, twenty a request. */
  async function* changes(graph: GraphClient, link: string) {
    for await (const page of graph.pages<GraphUser>(link)) {
      const ids = [...new Set(page.records.flatMap((user) => (user['@removed'] || !user.id ? [] : [user.id])))];
      const users = await graph.readMany<GraphUser>(
        ids.map((id) => `/users/${encodeURIComponent(id)}?$select=${select}`),
      );
      const removed = page.records.filter((user) => user['@removed']);
      // One that is gone by now comes with @removed next time.
      yield { records: [...removed, ...users.filter((user) => user !== undefined)], delta: page.delta };
    }
  }

  async function* withLink(
    tenant: Tenant,
    url: string,
    pages: AsyncIterable<TenantPage<GraphUser> & { readonly delta?: string | undefined }>,
  ): AsyncGenerator<TenantPage<GraphUser>> {
    for await (const { records, next, delta: link } of pages) {
      if (link !== undefined) links.push({ tenant: tenant.id, link, url });
      yield { records, next };
    }
  }

  return {
    async *read(tenant, graph, from) {
      if (!usesDelta || !isGuid(guid) || !isGuid(tenant.id)) {
        yield* all(graph, listing, from);
        return;
      }
      const url = graph.urlOf(delta);
      const stored = from === undefined ? await storedLink(tenant, url) : undefined;
      if (stored !== undefined) {
        try {
          yield* withLink(tenant, url, changes(graph, stored));
          whole = false;
          return;
        } catch (error) {
          if (!isExpiredLink(error)) throw error;
          warn(`The delta link of the tenant "${tenant.name}" has expired: all its users are read.`);
        }
      }
      yield* withLink(tenant, url, all(graph, delta, from));
    },
    whole: () => whole,
    async keep(write) {
      for (const { tenant, link, url } of links) {
        await write(
          DeltaTable,
          { ADRelatedGuid: String(guid), ADTenantId: tenant, ADEntity: entity },
          { ADNextDelta: link, ADrequesturl: url.slice(0, 2000), ADLastUpdated: clock.now() },
        );
      }
    },
  };
}
