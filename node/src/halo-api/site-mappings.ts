import type { Row } from '../database/database.ts';
import type { HaloApiParts, LinkScope, SiteMapping } from './halo-api.ts';

/** Columns that an older Halo has not. */
const optional = ['ismuserules', 'ismseq', 'ismdetailsid'];

/**
 * The clients and sites that the administrator mapped for a connection (IntegrationSiteMapping), one for each third-party client, by
 * its id in lower case: a row of the connection's own before one for all, then in the order of `ismseq`. Rows that go by rules are for what this engine
 * does not know, and rows of a client that is no longer there lead nowhere: both are left out, with a warning.
 */
export async function siteMappings(
  { database, warn }: Pick<HaloApiParts, 'database' | 'warn'>,
  scope: LinkScope,
): Promise<ReadonlyMap<string, SiteMapping>> {
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
  const found = new Map<string, SiteMapping>();
  for (const row of own) {
    const id = String(row['ISMThirdPartyClientId'] || row['ISMThirdPartyId']);
    if (row['ismuserules'] === true || found.has(id.toLowerCase())) continue;
    if (row['client'] === null) {
      const client = String(row['ISMHaloClientId']);
      warn(`IntegrationSiteMapping maps ${id} to client ${client}, which Halo has not: the row maps nothing.`);
      continue;
    }
    found.set(id.toLowerCase(), { halo_client_id: Number(row['client']), halo_id: Number(row['site'] ?? 0) });
  }
  return found;
}

function rank(one: Row, other: Row): number {
  const general = (row: Row): number => (Number(row['ismdetailsid'] ?? 0) === 0 ? 1 : 0);
  const sequence = (row: Row): number => Number(row['ismseq'] ?? 0);
  return (
    general(one) - general(other) || sequence(one) - sequence(other) || Number(one['ISMid']) - Number(other['ISMid'])
  );
}
