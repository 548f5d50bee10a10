import type { HaloRecord } from '../../../halo-api/halo-api.ts';
import type { HaloReads } from '../../../halo-api/reads/look-ups.ts';
import type { OpenEntity } from '../../entity.ts';
import type { ClientRecord } from './client-record.ts';
import type { KindContext } from './kind.ts';
import { createSiteWriter, type SiteWriter } from './sites.ts';

/** The main site of a client whose vendor knows no sites. */
const mainSite = 'Main';

/** A client that was just written. */
interface WrittenClient {
  readonly record: ClientRecord;
  readonly id: number;
  readonly created: boolean;
}

/**
 * The sites of clients that were just written. A client whose vendor knows no sites has one main site, linked with the client's own id:
 * the one the administrator mapped, else the client's only active one, else one that is made. Its name is the administrator's.
 */
export function createClientSites(context: KindContext): NonNullable<OpenEntity<ClientRecord>['followUps']> {
  const { scope } = context;

  async function mainSites(clients: readonly WrittenClient[], writer: SiteWriter, halo: HaloReads) {
    const rows = await writer.mapped();
    const linked = await halo.linkedIds(
      'Site',
      scope,
      clients.map(({ record }) => record.id),
    );
    const old = clients.flatMap(({ record, id, created }) => (created || linked.has(record.id) ? [] : [id]));
    const sites = (await halo.listBy('Site', 'client_id', old)).filter((site) => site['inactive'] !== true);
    const byClient = Map.groupBy(sites, (site) => Number(site['client_id']));
    return clients.map(({ record: { id, phone, address }, id: clientId }): HaloRecord => {
      const made = writer.record({ id, name: mainSite, phone, address }, id, clientId, rows);
      const [only, another] = byClient.get(clientId) ?? [];
      if (made.fields['id'] !== undefined || !only || another) return made;
      return { ...made, fields: { ...made.fields, id: Number(only['id']) } };
    });
  }

  return async (records, outcomes, halo = context.api) => {
    // Asked each time, where the clients are written: another connection would wait for them.
    const writer = createSiteWriter({ ...context, api: { ...context.api, ...halo } });
    const written = records.flatMap((record, at): WrittenClient[] => {
      const outcome = outcomes[at];
      return outcome && 'id' in outcome ? [{ record, id: outcome.id, created: outcome.outcome === 'created' }] : [];
    });
    const [withSites, without] = [
      written.filter(({ record }) => (record.sites ?? []).length > 0),
      written.filter(({ record }) => (record.sites ?? []).length === 0),
    ];
    const rows = await writer.mapped();
    const sure = (site: { readonly id: string; readonly name?: unknown }, client: string, id: number): boolean => {
      const why = writer.unsure(site.id, client, id, rows);
      if (why) context.warn(`The site ${String(site.name ?? site.id)} of client ${id} is left as it is. ${why}`);
      return !why;
    };
    const own = withSites.flatMap(({ record, id }) =>
      (record.sites ?? []).flatMap((site) =>
        sure(site, record.id, id) ? [writer.record(site, record.id, id, rows)] : [],
      ),
    );
    const mapped = without.filter(({ record, id }) => sure({ id: record.id, name: mainSite }, record.id, id));
    const main = await mainSites(mapped, writer, halo);
    const target = { ...writer.target, insertOnly: ['name', ...(writer.target.insertOnly ?? [])] };
    return [
      ...(own.length > 0 ? [{ resource: 'Site', records: own, ...writer.target }] : []),
      ...(main.length > 0 ? [{ resource: 'Site', records: main, ...target }] : []),
    ];
  };
}
