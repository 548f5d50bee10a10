import type { HaloRecord } from '../../../halo-api/halo-api.ts';
import type { HaloReads } from '../../../halo-api/reads/look-ups.ts';
import type { FollowUp } from '../../entity.ts';
import type { MappedRecord } from '../../mapped-record.ts';
import { createClientFinder, type FoundClient, type VendorClient } from './client-finder.ts';
import { createDateReader, type DateReader } from './date-reader.ts';
import { filled, give, type Fields, type Said } from './given-fields.ts';
import type { Kind, KindContext, KindRun } from './kind.ts';

/** A date as a vendor gives it (ISO 8601); of several, the first that can be read. */
export type VendorDate = Said<string> | readonly Said<string>[];

/** A licence or subscription, as a vendor gives it. Prices are per piece, in the currency of Halo. */
export interface LicenceRecord {
  readonly id: string;
  /** The product's name. */
  readonly name?: Said<string>;
  /** The vendor's id of the client who has it. */
  readonly client?: Said<string>;
  readonly clientName?: string | undefined;
  /** The client, where Halo's own rows say it, or why they say none. One that Halo has already keeps its client then. */
  readonly found?: FoundClient;
  readonly quantity: Said<number>;
  /** How many of them are in use. */
  readonly used?: Said<number>;
  readonly start?: VendorDate;
  readonly end?: VendorDate;
  readonly price?: Said<number>;
  readonly cost?: Said<number>;
  readonly billingCycle?: Said<string>;
  readonly term?: Said<string>;
  readonly status?: Said<string>;
  readonly active?: boolean;
  readonly autorenew?: Said<boolean>;
  readonly sku?: Said<string>;
  readonly vendorSku?: Said<string>;
  readonly manufacturer?: Said<string>;
  /** The maker's id, where the vendor is a marketplace. */
  readonly secondId?: Said<string>;
  /** Fields of the licence itself that are kept for this vendor, by Halo's names. */
  readonly own?: Readonly<Record<string, string | number>>;
}

/** What differs between vendors. */
export interface LicenceOptions {
  /** Licence.LType: 0 is a software licence, 1 a subscription. */
  readonly type?: 0 | 1;
  /** Whom Halo names as vendor, and as distributor where it resells what others make. */
  readonly vendor: string;
  /** Default: it does. */
  readonly resells?: boolean;
  /** One without a start that can be read is set aside. */
  readonly needsStart?: boolean;
  /** Whether licences that are gone at the vendor are set inactive. Default: as Halo's row says. */
  deactivates?(context: KindContext): boolean;
  /** What is the administrator's to change once it is there. Default: the type. */
  readonly insertOnly?: readonly string[];
  /** Fields by which those that are not linked are found, each set in turn. */
  readonly matchFields?: readonly (readonly string[])[];
}

/**
 * Licences and subscriptions of clients. One whose client is not certain is never written: it would be invoiced to another. Where a
 * licence of its client sits is the administrator's to change; one that went to another client goes to the site that was mapped for it.
 */
export function licences(options: LicenceOptions): Kind<LicenceRecord> {
  return {
    resource: 'SoftwareLicence',
    labels: ['Licences', 'Subscriptions', 'Software Licences'],
    open: async (context) => openLicences(context, options),
  };
}

function openLicences(context: KindContext, options: LicenceOptions): KindRun<LicenceRecord> {
  const clients = createClientFinder(context);
  const dates = createDateReader();
  const by = { ...options, dates };
  /** Licences whose client the vendor does not name, and the sites that were mapped for those of the others. */
  const unsaid = new WeakSet<HaloRecord>();
  const sites = new WeakMap<HaloRecord, number>();
  const deactivates = options.deactivates?.(context) ?? context.told.deactivateLicences === true;
  const clientsOf = (records: readonly LicenceRecord[]) => {
    const all = new Map<string, VendorClient>();
    for (const { client, clientName: name } of records) {
      const id = filled(client);
      // Of one that comes with several names, the last one counts.
      if (id !== undefined && (name !== undefined || !all.has(id))) all.set(id, { id, name });
    }
    return clients.find([...all.values()]);
  };
  return {
    mapping: {
      basis: clients.basis,
      eachPage: true,
      async toHalo(records) {
        const found = await clientsOf(records);
        const linked = await linkedOf(records, context);
        return records.map((one) => {
          const id = filled(one.client);
          const said = id === undefined ? undefined : found.get(id);
          const licence = toLicence(one, linked(one) ? 'as it is' : (one.found ?? said), context, by);
          if (!('fields' in licence)) return licence;
          if (id === undefined) unsaid.add(licence);
          if (said && 'site_id' in said && said.site_id !== undefined) sites.set(licence, said.site_id);
          return licence;
        });
      },
    },
    target: {
      insertOnly: options.insertOnly ?? ['type'],
      ...(options.matchFields && { matchFields: options.matchFields }),
    },
    missing: deactivates ? 'deactivated' : 'left',
    followUpsOfWritten: async (records, outcomes, halo = context.api) => {
      const updated = new Map<number, HaloRecord>();
      outcomes.forEach((outcome, at) => {
        const one = records[at];
        if (outcome.outcome === 'updated' && one && !unsaid.has(one)) updated.set(outcome.id, one);
      });
      return updated.size === 0 ? [] : sitesOfMoved(halo, updated, sites);
    },
  };
}

/** Which of the licences whose client Halo does not say are linked already. */
async function linkedOf(records: readonly LicenceRecord[], { api, scope }: KindContext) {
  const unsaid = records.flatMap(({ id, found }) => (found && 'unmatched' in found ? [id] : []));
  const linked = unsaid.length > 0 ? await api.linkedIds('SoftwareLicence', scope, unsaid) : undefined;
  const several = linked?.several;
  return ({ id, found }: LicenceRecord): boolean =>
    found !== undefined && 'unmatched' in found && (linked?.has(id) === true || several?.has(id) === true);
}

function toLicence(
  one: LicenceRecord,
  client: FoundClient | 'as it is' | undefined,
  { vendor, warn }: KindContext,
  options: LicenceOptions & { readonly dates: DateReader },
): MappedRecord {
  const name = filled(one.name);
  const aside = (reason: string): MappedRecord => ({
    quarantined: name ?? `licence ${one.id}`,
    reason,
    third_party_id: one.id,
  });
  if (name === undefined) return aside(`${vendor} gives no product name for it.`);
  if (one.quantity === null || one.quantity === undefined || !Number.isFinite(one.quantity))
    return aside(`${vendor} gives no quantity for it.`);
  const start = dateOf(one.start, options.dates);
  if (options.needsStart && !start) return aside(`${vendor} gives no readable start date for it.`);
  if (!client) return aside(`${vendor} gives no client for it.`);
  if (client !== 'as it is' && 'unmatched' in client) return aside(client.unmatched);
  const count = Math.trunc(one.quantity);
  if (count !== one.quantity)
    warn(`${vendor} has licences with a fraction in their quantity, which is left out: Halo counts whole ones.`);
  // Field by field into one object: to spread several into it takes a tenth of the time of a large read.
  const fields: Fields = { name, count };
  if (client !== 'as it is') fields['client_id'] = client.client_id;
  if (options.type !== undefined) fields['type'] = options.type;
  fields['vendor'] = options.vendor;
  if (options.resells !== false) {
    fields['distributor'] = options.vendor;
    fields['third_party_product'] = name;
  }
  Object.assign(fields, one.own);
  give(fields, 'start_date', start);
  give(fields, 'end_date', dateOf(one.end, options.dates));
  giveDetails(fields, one);
  const secondId = filled(one.secondId);
  return {
    fields,
    third_party_id: one.id,
    third_party_desc: name,
    ...(secondId !== undefined && { third_party_secondary_id: secondId }),
  };
}

function dateOf(said: VendorDate | undefined, read: DateReader): Said<string> {
  if (said === undefined) return undefined;
  if (typeof said === 'string' || said === null) return read(said);
  for (const one of said) {
    const date = read(one);
    if (date !== null) return date;
  }
  return null;
}

/** What the vendor does not say is left as it is. */
function giveDetails(fields: Fields, one: LicenceRecord): void {
  give(fields, 'licences_in_use', one.used);
  give(fields, 'price', one.price);
  give(fields, 'purchase_price', one.cost === undefined ? undefined : (one.cost ?? 0));
  give(fields, 'billing_cycle', one.billingCycle);
  give(fields, 'term_duration', one.term);
  give(fields, 'status', one.status);
  give(fields, 'is_active', one.active);
  give(fields, 'autorenew', one.autorenew);
  give(fields, 'product_sku', one.sku);
  give(fields, 'vendor_product_sku', one.vendorSku);
  give(fields, 'manufacturer', one.manufacturer);
}

/** Licences that went to another client, and are still at a site of the client they had. */
async function sitesOfMoved(
  halo: HaloReads,
  updated: ReadonlyMap<number, HaloRecord>,
  mapped: WeakMap<HaloRecord, number>,
): Promise<readonly FollowUp[]> {
  const placed = (await halo.listBy('SoftwareLicence', 'id', [...updated.keys()])).filter(
    ({ site_id: site }) => Number(site) > 0,
  );
  const sites = await halo.listBy('Site', 'id', [...new Set(placed.map(({ site_id: site }) => Number(site)))]);
  const clientOf = new Map(sites.map((site) => [Number(site['id']), Number(site['client_id'])]));
  const moved = placed.flatMap(({ id, client_id: client, site_id: site }): HaloRecord[] => {
    if (clientOf.get(Number(site)) === Number(client)) return [];
    const one = updated.get(Number(id));
    return [{ fields: { id: Number(id), site_id: (one && mapped.get(one)) ?? 0 } }];
  });
  return moved.length > 0 ? [{ resource: 'SoftwareLicence', records: moved }] : [];
}
