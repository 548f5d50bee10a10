import type { Row } from '../../database/database.ts';
import { comparedText } from '../values/compared-text.ts';
import type { LinkScope } from '../halo-api.ts';
import type { HaloApiParts } from '../api-parts.ts';
import type { MappedSite, SiteMapping } from '../reads/look-ups.ts';

/** Columns that an older Halo has not. */
const optional = ['ismuserules', 'ismseq', 'ismdetailsid'];

interface Parts extends Pick<HaloApiParts, 'warn'> {
  readonly database: Pick<HaloApiParts['database'], 'read' | 'describe'>;
}

/** A row as it counts among others. */
interface Counted {
  readonly row: Row;
  readonly client: string;
  readonly id: string;
}

/**
 * The clients and sites that the administrator mapped for a connection (IntegrationSiteMapping), one for each third-party client, by
 * its id as it compares: a row of the connection's own before one for all, then in the order of `ismseq`. Rows that stand alike there, or
 * map sites of it, and name several clients name none; several sites of one client are none of them. Rows that go by rules are for what
 * this engine does not know, and rows of a client that is no longer there lead nowhere: both are left out, with a warning.
 */
export async function siteMappings(parts: Parts, scope: LinkScope): Promise<ReadonlyMap<string, SiteMapping>> {
  const byClient = Map.groupBy(await rowsInOrder(parts, scope), ({ client, id }) => comparedText(client || id));
  return new Map(
    [...byClient].map(([key, rows]) => {
      // What maps the client as a whole counts before what maps one of its sites.
      const ofClient = rows.filter(({ client, id }) => client === '' || comparedText(id || client) === key);
      return [key, ofClient.length > 0 ? mappingOf(firstAlike(ofClient)) : { ...mappingOf(rows), bySites: true }];
    }),
  );
}

/** The rows of IntegrationSiteMapping that map something for a connection, in the order in which they count. */
export async function mappedSites(parts: Parts, scope: LinkScope): Promise<readonly MappedSite[]> {
  const rows = await rowsInOrder(parts, scope);
  const byPlace = Map.groupBy(rows, ({ client, id }) => `${comparedText(client)}\n${comparedText(id)}`);
  return [...byPlace.values()].flatMap((alike): MappedSite[] => {
    const [first] = alike;
    if (!first) return [];
    return [{ third_party_client_id: first.client, third_party_id: first.id, ...mappingOf(firstAlike(alike)) }];
  });
}

async function rowsInOrder({ database, warn }: Parts, scope: LinkScope): Promise<readonly Counted[]> {
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
    .sort((one, other) => order(one, other) || Number(one['ISMid']) - Number(other['ISMid']));
  const byRules = own.filter(({ ismuserules }) => ismuserules === true);
  if (byRules.length > 0)
    warn(
      `IntegrationSiteMapping has ${byRules.length} rows that go by rules, which are not read: they map nothing here.`,
    );
  return own.flatMap((row): Counted[] => {
    const client = String(row['ISMThirdPartyClientId'] ?? '');
    const id = String(row['ISMThirdPartyId'] ?? '');
    if (row['ismuserules'] === true) return [];
    if (row['client'] !== null) return [{ row, client, id }];
    const gone = String(row['ISMHaloClientId']);
    warn(`IntegrationSiteMapping maps ${client || id} to client ${gone}, which Halo has not: the row maps nothing.`);
    return [];
  });
}

/** Those that no other counts before. */
function firstAlike(rows: readonly Counted[]): readonly Counted[] {
  return rows.filter(({ row }) => rows[0] !== undefined && order(rows[0].row, row) === 0);
}

function mappingOf(rows: readonly Counted[]): SiteMapping {
  const clients = [...new Set(rows.map(({ row }) => Number(row['client'])))].sort((a, b) => a - b);
  if (clients.length > 1) return { halo_client_id: 0, halo_id: 0, several: clients };
  const sites = [...new Set(rows.map(({ row }) => Number(row['site'] ?? 0)))].sort((a, b) => a - b);
  const client = { halo_client_id: clients[0] ?? 0 };
  if (sites.length === 1) return { ...client, halo_id: sites[0] ?? 0 };
  // A row without a site maps to none.
  const severalSites = sites.filter((site) => site > 0);
  return { ...client, halo_id: 0, ...(severalSites.length > 1 && { severalSites }) };
}

/** Which of two rows counts before the other; 0 where they stand alike. */
function order(one: Row, other: Row): number {
  const general = (row: Row): number => (Number(row['ismdetailsid'] ?? 0) === 0 ? 1 : 0);
  const sequence = (row: Row): number => Number(row['ismseq'] ?? 0);
  return general(one) - general(other) || sequence(one) - sequence(other);
}
