import type { EntityContext } from '../entity.ts';
import type { StoredLinks } from '../kit/sources/tenant-changes.ts';
import { isOn } from '../halo-row.ts';
import { isGuid } from './entra-settings.ts';
import { bare } from './graph.ts';

const table = 'AzureDelta';
const defaultEntity = 1;
const longestUrl = 2000;

/**
 * The delta links of a connection's users in AzureDelta, for the query they are made with. All ids are GUIDs, as the table wants them.
 * @param select the properties that are asked for
 */
export function openDeltaLinks({ api, connection, settings, clock }: EntityContext, select: string): StoredLinks {
  const asked = new URLSearchParams({ $select: select, $top: '999' });
  const url = `${bare(settings['GraphUrl'])}/v1.0/users/delta()?${asked.toString()}`;
  const guid = connection.row['ACGUID'];
  const usesDelta = isOn(connection.row['ACUseDeltaQueries']);
  const entity = typeof settings['DeltaEntity'] === 'number' ? settings['DeltaEntity'] : defaultEntity;
  const query = url.slice(0, longestUrl);
  const keyOf = (tenant: string) => ({ ADRelatedGuid: String(guid), ADTenantId: tenant, ADEntity: entity });

  return {
    question: url,
    usableFor: ({ id }) => usesDelta && isGuid(guid) && isGuid(id),
    async stored({ id }) {
      const rows = await api.settingsRows(table, keyOf(id));
      const link = rows.find((row) => row['ADrequesturl'] === query)?.['ADNextDelta'];
      return typeof link === 'string' && link !== '' ? link : undefined;
    },
    rows: (links) =>
      Object.entries(links).map(([tenant, link]) => ({
        table,
        known: keyOf(tenant),
        values: { ADNextDelta: link, ADrequesturl: query, ADLastUpdated: clock.now() },
      })),
  };
}
