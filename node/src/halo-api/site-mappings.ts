import type { Row } from '../database/database.ts';
import type { HaloApiParts, LinkScope, MappedSite, SiteMapping } from './halo-api.ts';

/** Columns that an older Halo has not. */
const optional = ['ismuserules', 'ismseq', 'ismdetailsid'];

type Parts = Pick<HaloApiParts, 'database' | 'warn'>;

/**
 * The clients and sites that the administrator mapped for a connection (IntegrationSiteMapping), one for each third-party client, by
 * its id in lower case: a row of the connection's own before one for all, then in the order of `ismseq`. A third-party client whose sites
 * are mapped to different clients is none of them. Rows that go by rules are for what this engine does not know, and rows of a client that
 * is no longer there lead nowhere: both are left out, with a warning.
 */
export async function siteMappings(parts: Parts, scope: LinkScope): Promise<ReadonlyMap<string, SiteMapping>> {
  const found = new Map<string, SiteMapping>();
  const torn = new Set<string>();
  const ofClients = new Set<string>();
  for (const one of await mappedSites(parts, scope)) {
    const client = (one.third_party_client_id || one.third_party_id).toLowerCase();
    const isClients = one.third_party_client_id === '' || one.third_party_id.toLowerCase() === client;
    const known = found.get(client);
    if (!known || (isClients && !ofClients.has(client)))
      found.set(client, { halo_client_id: one.halo_client_id, halo_id: one.halo_id });
    else if (!ofClients.has(client) && known.halo_client_id !== one.halo_client_id) torn.add(client);
    if (isClients) ofClients.add(client);
  }
  for (const client of torn) if (!ofClients.has(client)) found.delete(client);
  return found;
}

/** The rows of IntegrationSiteMapping that map something for a connection, in the order in which they count. */
export async function mappedSites({ database, warn }: Parts, scope: LinkScope): Promise<readonly MappedSite[]> {
  const actual = (await database.describe(['IntegrationSiteMapping'])).get('IntegrationSiteMapping');
  const rows = await database.read({
    from: 'IntegrationSiteMapping',
    columns: [
      ...['ISMid', 'ISMThirdPartyClientId', 'ISMThirdPartyId', 'ISMHaloClientId', 'ISMHaloId'],
      ...optional.filter((column) => actual?.columns.has(column)),
      { column: 'client.Aarea', as: 'client' },
      { column: 'site.Ssitenum', as: 'site' },
    ],
    joins: [
      { kind: 'left', table: 'AREA', as: 'client', on: [['IntegrationSiteMapping.ISMHaloClientId', 'client.Aarea']] },
      {
        kind: 'left',
        table: 'SITE',
        as: 'site',
        on: [
          ['IntegrationSiteMapping.ISMHaloId', 'site.Ssitenum'],
          ['client.Aarea', 'site.Sarea'],
        ],
      },
    ],
    where: { column: 'IntegrationSiteMapping.ISMMSid', is: 'equal', value: scope.module_id },
  });
  const own = rows
    .filter(({ ismdetailsid, ISMHaloClientId }) => {
      const connection = Number(ismdetailsid ?? 0);
      return (connection === 0 || connection === scope.details_id) && Number(ISMHaloClientId ?? 0) > 0;
    })
    .sort((one, other) => rank(one, other));
  const byRules = own.filter(({ ismuserules }) => ismuserules === true);
  if (byRules.length > 0)
    warn(
      `IntegrationSiteMapping has ${byRules.length} rows that go by rules, which are not read: they map nothing here.`,
    );
  const seen = new Set<string>();
  return own.flatMap((row): MappedSite[] => {
    const client = String(row['ISMThirdPartyClientId'] ?? '');
    const id = String(row['ISMThirdPartyId'] ?? '');
    const key = `${client}\n${id}`.toLowerCase();
    if (row['ismuserules'] === true || seen.has(key)) return [];
    seen.add(key);
    if (row['client'] === null) {
      warn(
        `IntegrationSiteMapping maps ${client || id} to client ${String(row['ISMHaloClientId'])}, which Halo has not: the row maps nothing.`,
      );
      return [];
    }
    const halo = { halo_client_id: Number(row['client']), halo_id: Number(row['site'] ?? 0) };
    return [{ third_party_client_id: client, third_party_id: id, ...halo }];
  });
}

function rank(one: Row, other: Row): number {
  const general = (row: Row): number => (Number(row['ismdetailsid'] ?? 0) === 0 ? 1 : 0);
  const sequence = (row: Row): number => Number(row['ismseq'] ?? 0);
  return (
    general(one) - general(other) || sequence(one) - sequence(other) || Number(one['ISMid']) - Number(other['ISMid'])
  );
}
