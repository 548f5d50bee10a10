import type { SettingsRow } from '../../halo-api/halo-api.ts';
import type { EntityContext } from '../entity.ts';
import type { Tenant } from './directory.ts';
import { isGuid } from './entra-settings.ts';
import { isOn } from '../halo-row.ts';

const Table = 'AzureDelta';
const DefaultEntity = 1;
const LongestUrl = 2000;

/** The delta links of a connection's users, kept where Halo keeps them. */
export interface DeltaLinks {
  /** Whether a link of the tenant can be kept: delta queries are on, and all ids are GUIDs as the table wants them. */
  usableFor(tenant: Tenant): boolean;
  /** The link of the last run; undefined where there is none, or one that was made with another query. */
  stored(tenant: Tenant): Promise<string | undefined>;
  /** Notes the link for next time; an empty one means that everything is to be read then. */
  note(tenant: Tenant, link: string): void;
  /** What was noted, by tenant. */
  noted(): Readonly<Record<string, string>>;
  /** What was noted, as the rows to keep. */
  rows(): readonly SettingsRow[];
}

/** Opens AzureDelta for a connection and the query its links are made with. */
export function openDeltaLinks({ api, connection, settings, clock }: EntityContext, url: string): DeltaLinks {
  const guid = connection.row['ACGUID'];
  const usesDelta = isOn(connection.row['ACUseDeltaQueries']);
  const entity = typeof settings['DeltaEntity'] === 'number' ? settings['DeltaEntity'] : DefaultEntity;
  const query = url.slice(0, LongestUrl);
  const noted = new Map<string, string>();
  const keyOf = (tenant: string) => ({ ADRelatedGuid: String(guid), ADTenantId: tenant, ADEntity: entity });

  return {
    usableFor: (tenant) => usesDelta && isGuid(guid) && isGuid(tenant.id),
    async stored(tenant) {
      const rows = await api.settingsRows(Table, keyOf(tenant.id));
      const link = rows.find((row) => row['ADrequesturl'] === query)?.['ADNextDelta'];
      return typeof link === 'string' && link !== '' ? link : undefined;
    },
    note: (tenant, link) => void noted.set(tenant.id, link),
    noted: () => Object.fromEntries(noted),
    rows: () =>
      [...noted].map(([tenant, link]) => ({
        table: Table,
        known: keyOf(tenant),
        values: { ADNextDelta: link, ADrequesturl: query, ADLastUpdated: clock.now() },
      })),
  };
}
