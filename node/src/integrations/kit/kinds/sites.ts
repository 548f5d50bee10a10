import { comparedText } from '../../../halo-api/values/compared-text.ts';
import type { HaloObject, HaloRecord } from '../../../halo-api/halo-api.ts';
import type { MappedSite } from '../../../halo-api/reads/look-ups.ts';
import type { FollowUp } from '../../entity.ts';
import { createClientFinder } from './client-finder.ts';
import { filled, givenFields, type Said } from './given-fields.ts';
import type { Kind, KindContext } from './kind.ts';
import { ownIdField } from './known-ids.ts';

/** A site of a client, as a vendor gives it. */
export interface SiteRecord {
  readonly id: string;
  readonly name?: Said<string>;
  readonly phone?: Said<string>;
  readonly address?: Said<VendorAddress>;
  readonly url?: string | undefined;
  readonly inactive?: boolean;
}

/** A site that comes in a list of its own, with the client it is of. */
export interface PlacedSiteRecord extends SiteRecord {
  readonly client: string;
  readonly clientName?: string | undefined;
}

/** An address, as far as Halo has a line for it. An address is one value: what it lacks is not there. */
export interface VendorAddress {
  readonly street?: Said<string>;
  readonly street2?: Said<string>;
  readonly city?: Said<string>;
  readonly state?: Said<string>;
  readonly postcode?: Said<string>;
}

const addressFields = [1, 2, 3, 4, 5].map((line) => `delivery_address_line${line}`);

/** Sites from a list of their own, at the clients they belong to. */
export function sites(): Kind<PlacedSiteRecord> {
  return {
    resource: 'Site',
    labels: ['Sites', 'Locations'],
    async open(context) {
      const clients = createClientFinder(context);
      const writer = createSiteWriter(context);
      return {
        mapping: {
          async toHalo(records) {
            const found = await clients.find(
              records.map(({ client, clientName }) => ({ id: client, name: clientName })),
            );
            const mapped = await writer.mapped();
            return records.map((site) => {
              const client = found.get(site.client);
              const id = client && 'client_id' in client ? client.client_id : undefined;
              const unsure = id === undefined ? undefined : writer.unsure(site.id, site.client, id, mapped);
              if (id !== undefined && !unsure) return writer.record(site, site.client, id, mapped);
              const name = filled(site.name) ?? `site ${site.id}`;
              const reason = unsure ?? (client && 'unmatched' in client ? client.unmatched : '');
              return { quarantined: name, reason, third_party_id: site.id };
            });
          },
        },
        target: writer.target,
        missing: 'left',
      };
    },
  };
}

/** Makes Halo's sites of a vendor's. */
export interface SiteWriter {
  /** The sites the administrator mapped. */
  mapped(): Promise<readonly MappedSite[]>;
  /** Why a site is none of Halo's that can be told: it is mapped to several. */
  unsure(site: string, vendorClient: string, clientId: number, mapped: readonly MappedSite[]): string | undefined;
  /** @param vendorClient the client's id at the vendor */
  record(site: SiteRecord, vendorClient: string, clientId: number, mapped: readonly MappedSite[]): HaloRecord;
  readonly target: Omit<FollowUp, 'resource' | 'records'>;
}

/**
 * A site is the one the administrator mapped, which keeps its name; else the one it is linked to; else the only one of its name at the
 * client; else a new one. Addresses of sites Halo has are the administrator's where the connection does not say that they are updated.
 */
export function createSiteWriter(context: KindContext): SiteWriter {
  const { api, scope, told, ownIds } = context;
  let mapped: Promise<readonly MappedSite[]> | undefined;
  const updates = told.updateAddresses === true || told.keepAddresses === false;
  const target = {
    insertOnly: updates ? ['inactive'] : ['inactive', 'phonenumber', ...addressFields],
    matchFields: [...(ownIds?.Site === undefined ? [] : [[ownIds.Site]]), ['client_id', 'name']],
  };

  function record(site: SiteRecord, vendorClient: string, clientId: number, rows: readonly MappedSite[]): HaloRecord {
    const row = rows.find((one) => one.halo_id > 0 && isMappedTo(one, site.id, vendorClient, clientId));
    const name = filled(site.name) ?? `Site ${site.id}`;
    return {
      fields: {
        ...(row ? { id: row.halo_id } : { name }),
        client_id: clientId,
        ...givenFields({ phonenumber: site.phone, inactive: site.inactive }),
        ...addressOf(site.address),
        ...(site.id !== vendorClient && ownIdField(context, 'Site', site.id)),
      },
      third_party_id: site.id,
      third_party_desc: name,
      ...(site.url !== undefined && { third_party_url: site.url }),
    };
  }

  const read = (): Promise<readonly MappedSite[]> => (mapped ??= api.mappedSites(scope));

  return {
    mapped: read,
    unsure(site, vendorClient, clientId, rows) {
      const counting = rows.filter((one) => isMappedTo(one, site, vendorClient, clientId));
      const all = new Set(counting.flatMap(({ halo_id, severalSites }) => severalSites ?? [halo_id]));
      return all.size > 1 ? `Halo maps it to several sites (${[...all].join(', ')}): leave one mapping.` : undefined;
    },
    record,
    target,
  };
}

/** A row maps a site where it names the site, or the client whose main site this is; a site of another Halo client's is none of it. */
function isMappedTo(row: MappedSite, site: string, client: string, clientId: number): boolean {
  const same = (one: string, other: string): boolean => comparedText(one) === comparedText(other);
  if ((row.halo_id <= 0 && !row.severalSites) || row.halo_client_id !== clientId) return false;
  if (same(row.third_party_id, site))
    return row.third_party_client_id === '' || same(row.third_party_client_id, client);
  return same(site, client) && row.third_party_id === '' && same(row.third_party_client_id, client);
}

/** Street, second line, city, state and postcode; Halo's address has no line of its own for the country. */
function addressOf(address: Said<VendorAddress>): HaloObject {
  if (address === undefined) return {};
  const lines = [address?.street, address?.street2, address?.city, address?.state, address?.postcode];
  return Object.fromEntries(addressFields.map((name, at) => [name, filled(lines[at]) ?? null]));
}
