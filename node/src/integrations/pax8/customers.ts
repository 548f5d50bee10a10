import type { HaloOutcome, HaloRecord } from '../../halo-api/halo-api.ts';
import { defineEntity } from '../define-entity.ts';
import type { EntityContext, EntityReader, FollowUp, Quarantined } from '../integration.ts';
import { createPax8Client, pageOfCursor } from './pax8-client.ts';
import type { Pax8Company } from './pax8-records.ts';

const MainSite = 'Main';

/** Pax8 companies as Halo clients, each with its main site. */
export const customers = defineEntity<Pax8Company>({
  name: 'Customers',
  description: 'Pax8 companies as clients, each with a main site.',
  resource: 'Client',
  alsoWrites: ['Site'],
  open: async (context) => readCustomers(context),
});

function readCustomers(context: EntityContext): EntityReader<Pax8Company> {
  const { api, scope, connection } = context;
  const { row } = connection;
  const pax8 = createPax8Client(context);
  const topLevel = Number(row['PA8TopLevel'] ?? 0);
  const withInactive = isOn(row['PA8ImportInactiveAndDeleted']);
  const updatesAddresses = isOn(row['PA8UpdateAddresses']);
  let mapped: Promise<ReadonlyMap<string, number>> | undefined;

  async function readMappings(): Promise<ReadonlyMap<string, number>> {
    const rows = await api.siteMappings(scope);
    return new Map(rows.map((mapping) => [mapping.third_party_client_id.toLowerCase(), mapping.halo_client_id]));
  }

  async function toClient(company: Pax8Company): Promise<HaloRecord | Quarantined> {
    const name = company.name?.trim();
    if (!company.id) return { quarantined: name ?? 'a company without a name', reason: 'Pax8 gives no id for it.' };
    if (!name) return { quarantined: `company ${company.id}`, reason: 'Pax8 gives no name for it.' };
    const fields: Record<string, unknown> = {
      name,
      website: company.website?.trim() || null,
      inactive: company.status === 'Inactive' || company.status === 'Deleted',
      ...(topLevel > 0 ? { toplevel_id: topLevel } : {}),
    };
    const haloId = (await (mapped ??= readMappings())).get(company.id.toLowerCase());
    if (haloId !== undefined) {
      // A client the administrator mapped keeps the name it has in Halo.
      fields['id'] = haloId;
      fields['name'] = (await api.get('Client', haloId))['name'] ?? name;
    }
    return { fields, third_party_id: company.id, third_party_desc: name };
  }

  return {
    pages: () =>
      pax8.pages(
        '/companies',
        { sort: 'name', ...(withInactive ? {} : { status: 'Active' }) },
        pageOfCursor(context.cursor),
      ),
    toHalo: (companies) => Promise.all(companies.map(toClient)),
    insertOnly: [...(topLevel > 0 ? ['toplevel_id'] : []), ...(updatesAddresses ? [] : ['website'])],
    matchFields: [['name']],
    deactivateMissing: false,
    afterBatch: async (companies, outcomes) => [mainSites(companies, outcomes, updatesAddresses)],
  };
}

function mainSites(
  companies: readonly Pax8Company[],
  outcomes: readonly HaloOutcome[],
  updatesAddresses: boolean,
): FollowUp {
  return {
    resource: 'Site',
    records: companies.flatMap((company, index) => {
      const outcome = outcomes[index];
      return company.id && outcome && 'id' in outcome ? [mainSite(company, outcome.id)] : [];
    }),
    insertOnly: ['name', ...(updatesAddresses ? [] : ['phonenumber', ...addressLines])],
    matchFields: [['client_id', 'name']],
  };
}

const addressLines = [1, 2, 3, 4, 5].map((line) => `delivery_address_line${line}`);

/** Street, second line, city, state and postcode; Halo's address has no line of its own for the country. */
function addressOf(address: Pax8Company['address']): Record<string, string | null> {
  const lines = [address?.street, address?.street2, address?.city, address?.stateOrProvince, address?.postalCode];
  return Object.fromEntries(addressLines.map((name, at) => [name, lines[at]?.trim() || null]));
}

function mainSite(company: Pax8Company, clientId: number): HaloRecord {
  return {
    fields: {
      name: MainSite,
      client_id: clientId,
      phonenumber: company.phone?.trim() || null,
      ...addressOf(company.address),
    },
    third_party_id: company.id ?? undefined,
    third_party_desc: company.name ?? undefined,
  };
}

/** Whether a switch of a Halo row is on; bits come as booleans or numbers. */
export function isOn(value: unknown): boolean {
  return value === true || Number(value ?? 0) === 1;
}
