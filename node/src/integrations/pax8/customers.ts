import { comparedText } from '../../halo-api/compared-text.ts';
import type { HaloOutcome, HaloRecord, LinkedIds, SiteMapping } from '../../halo-api/halo-api.ts';
import { defineEntity } from '../define-entity.ts';
import type { EntityContext, FollowUp, OpenEntity } from '../entity.ts';
import type { Quarantined } from '../mapped-record.ts';
import { createPax8Client, pageOfCursor } from './pax8-client.ts';
import { companyShape, given, type Pax8Company } from './pax8-records.ts';
import { isOn } from '../halo-row.ts';

const MainSite = 'Main';

/** Pax8 companies as Halo clients, each with its main site. */
export const customers = defineEntity<Pax8Company>({
  name: 'Customers',
  description: 'Pax8 companies as clients, each with a main site.',
  resource: 'Client',
  alsoWrites: ['Site'],
  open: async (context) => readCustomers(context),
});

function readCustomers(context: EntityContext): OpenEntity<Pax8Company> {
  const { api, scope, connection } = context;
  const { row } = connection;
  const pax8 = createPax8Client(context);
  const topLevel = Number(row['PA8TopLevel'] ?? 0);
  const withInactive = isOn(row['PA8ImportInactiveAndDeleted']);
  const updatesAddresses = isOn(row['PA8UpdateAddresses']);
  let mapped: Promise<ReadonlyMap<string, SiteMapping>> | undefined;

  async function mappingOf(company: Pax8Company): Promise<SiteMapping | undefined> {
    return (await (mapped ??= api.siteMappings(scope))).get(comparedText(company.id));
  }

  /** Links of those companies whose mappings name several clients: a link alone can say then which is meant. */
  async function linksOfUnclear(companies: readonly Pax8Company[]): Promise<LinkedIds> {
    const mappings = await Promise.all(companies.map(mappingOf));
    return api.linkedIds(
      'Client',
      scope,
      companies.flatMap(({ id }, at) => (id && mappings[at]?.several ? [id] : [])),
    );
  }

  async function toClient(company: Pax8Company, links: LinkedIds): Promise<HaloRecord | Quarantined> {
    const name = company.name?.trim();
    if (!company.id) return { quarantined: name ?? 'a company without a name', reason: 'Pax8 gives no id for it.' };
    if (!name) return { quarantined: `company ${company.id}`, reason: 'Pax8 gives no name for it.' };
    const fields: Record<string, unknown> = {
      name,
      ...given({ website: company.website }),
      // "Inactive" says only that the company lacks contacts (Pax8's specification).
      inactive: company.status === 'Deleted',
      ...(topLevel > 0 ? { toplevel_id: topLevel } : {}),
    };
    const { several, halo_client_id: haloId } = (await mappingOf(company)) ?? {};
    if (several && !links.has(company.id))
      return {
        quarantined: name,
        reason: `Halo maps it to several clients (${several.join(', ')}): leave one mapping.`,
        third_party_id: company.id,
      };
    if (haloId !== undefined && !several) {
      // A client the administrator mapped keeps the name it has in Halo.
      fields['id'] = haloId;
      fields['name'] = (await api.get('Client', haloId))['name'] ?? name;
    }
    return { fields, third_party_id: company.id, third_party_desc: name };
  }

  return {
    source: {
      shape: companyShape,
      pages: () =>
        pax8.pages(
          '/companies',
          { sort: 'name', ...(withInactive ? {} : { status: 'Active' }) },
          pageOfCursor(context.cursor),
        ),
    },
    mapping: {
      async toHalo(companies) {
        const links = await linksOfUnclear(companies);
        return Promise.all(companies.map((company) => toClient(company, links)));
      },
    },
    target: {
      // Whether a client of Halo's is active is the administrator's to say: it may be a customer of others, too.
      insertOnly: ['inactive', ...(topLevel > 0 ? ['toplevel_id'] : []), ...(updatesAddresses ? [] : ['website'])],
      matchFields: [['name']],
    },
    missing: 'left',
    async followUps(companies, outcomes) {
      const mappings = await Promise.all(companies.map(mappingOf));
      return [mainSites(companies, outcomes, mappings, updatesAddresses)];
    },
  };
}

function mainSites(
  companies: readonly Pax8Company[],
  outcomes: readonly HaloOutcome[],
  mappings: readonly (SiteMapping | undefined)[],
  updatesAddresses: boolean,
): FollowUp {
  return {
    resource: 'Site',
    records: companies.flatMap((company, index) => {
      const outcome = outcomes[index];
      if (!company.id || !outcome || !('id' in outcome)) return [];
      return [mainSite(company, outcome.id, mappings[index]?.halo_id ?? 0)];
    }),
    insertOnly: ['name', ...(updatesAddresses ? [] : ['phonenumber', ...addressLines])],
    matchFields: [['client_id', 'name']],
  };
}

const addressLines = [1, 2, 3, 4, 5].map((line) => `delivery_address_line${line}`);

/**
 * Street, second line, city, state and postcode; Halo's address has no line of its own for the country. An address is one value:
 * what it lacks is not there, but without one nothing is said.
 */
function addressOf(address: Pax8Company['address']): Record<string, string | null> {
  if (address === undefined) return {};
  const lines = [address?.street, address?.street2, address?.city, address?.stateOrProvince, address?.postalCode];
  return Object.fromEntries(addressLines.map((name, at) => [name, lines[at]?.trim() || null]));
}

/** @param mapped the site the administrator mapped the company to, which keeps its name; 0 for none */
function mainSite(company: Pax8Company, clientId: number, mapped: number): HaloRecord {
  return {
    fields: {
      ...(mapped > 0 ? { id: mapped } : { name: MainSite }),
      client_id: clientId,
      ...given({ phonenumber: company.phone }),
      ...addressOf(company.address),
    },
    third_party_id: company.id ?? undefined,
    third_party_desc: company.name ?? undefined,
  };
}
