import { VendorRefusedError } from '../../errors/vendor-errors.ts';
import type { HaloRecord } from '../../halo-api/halo-api.ts';
import { defineEntity } from '../define-entity.ts';
import type { EntityContext, EntityReader, Quarantined, VendorPage } from '../integration.ts';
import { createClientMatcher } from './client-matching.ts';
import type { MatchedClient } from './client-matching.ts';
import { createPax8Client, pageOfCursor } from './pax8-client.ts';
import { given, type Pax8Company, type Pax8Contact } from './pax8-records.ts';

const CompaniesAtOnce = 4;

interface CompanyContact {
  readonly companyId: string;
  readonly companyName: string;
  readonly contact: Pax8Contact;
}

/** Contacts of Pax8 companies as users at the client's main site. */
export const contacts = defineEntity<CompanyContact>({
  name: 'Contacts',
  description: 'Contacts of Pax8 companies as users at the client’s main site.',
  resource: 'Users',
  open: async (context) => readContacts(context),
});

function readContacts(context: EntityContext): EntityReader<CompanyContact> {
  const { api, scope } = context;
  const pax8 = createPax8Client(context);
  const clients = createClientMatcher(context, pax8);
  const onlySites = new Map<number, number | undefined>();

  async function contactsOf(company: Pax8Company): Promise<CompanyContact[]> {
    if (!company.id) return [];
    const found: CompanyContact[] = [];
    try {
      for await (const { records } of pax8.pages<Pax8Contact>(
        `/companies/${encodeURIComponent(company.id)}/contacts`,
      )) {
        for (const contact of records) {
          found.push({ companyId: company.id, companyName: company.name ?? company.id, contact });
        }
      }
    } catch (error) {
      if (!(error instanceof VendorRefusedError && error.status === 404)) throw error;
      context.warn(
        `Pax8 no longer has the company "${company.name ?? company.id}"; its contacts are left as they are.`,
      );
    }
    return found;
  }

  async function* pages(): AsyncGenerator<VendorPage<CompanyContact>> {
    const query = { sort: 'name', status: 'Active' };
    for await (const page of pax8.pages<Pax8Company>('/companies', query, pageOfCursor(context.cursor))) {
      const records: CompanyContact[] = [];
      for (let start = 0; start < page.records.length; start += CompaniesAtOnce) {
        const some = page.records.slice(start, start + CompaniesAtOnce);
        records.push(...(await Promise.all(some.map(contactsOf))).flat());
      }
      yield { records, cursor: page.cursor };
    }
  }

  async function siteOf(clientId: number): Promise<number | undefined> {
    if (!onlySites.has(clientId)) {
      onlySites.set(clientId, await onlySiteOf(clientId));
    }
    return onlySites.get(clientId);
  }

  async function onlySiteOf(clientId: number): Promise<number | undefined> {
    const listing = await api.list('Site', { client_id: String(clientId) });
    const sites = Array.isArray(listing) ? listing : listing['sites'];
    const only: unknown = Array.isArray(sites) && sites.length === 1 ? sites[0] : undefined;
    const id = Number((only as Record<string, unknown> | undefined)?.['id'] ?? 0);
    return id > 0 ? id : undefined;
  }

  async function toUser(
    { companyId, companyName, contact }: CompanyContact,
    client: MatchedClient | undefined,
    linkedSite: number | undefined,
  ): Promise<HaloRecord | Quarantined> {
    const email = contact.email?.trim() || null;
    const name =
      [contact.firstName, contact.lastName]
        .map((part) => part?.trim())
        .filter(Boolean)
        .join(' ') || email;
    const label = `${name ?? 'a contact without a name'} of ${companyName}`;
    if (!contact.id) return { quarantined: label, reason: 'Pax8 gives no id for it.' };
    if (!name) return { quarantined: label, reason: 'Pax8 gives neither a name nor an address for it.' };
    if (!client || 'unmatched' in client) {
      return { quarantined: label, reason: client?.unmatched ?? `The company ${companyId} is not known.` };
    }
    const site = client.site_id ?? linkedSite ?? (await siteOf(client.client_id));
    if (site === undefined) {
      return {
        quarantined: label,
        reason: `The client of "${companyName}" has no site in Halo, or several: map the company to one of them, or sync Customers.`,
      };
    }
    return {
      fields: {
        name,
        ...given({
          firstname: contact.firstName,
          surname: contact.lastName,
          emailaddress: contact.email,
          phonenumber: contact.phone,
        }),
        site_id: site,
      },
      third_party_id: contact.id,
      third_party_desc: name,
    };
  }

  return {
    pages,
    async toHalo(records) {
      const companyIds = [...new Set(records.map(({ companyId }) => companyId))];
      const matched = await clients.match(companyIds);
      const sites = await api.linkedIds('Site', scope, companyIds);
      const mapped: (HaloRecord | Quarantined)[] = [];
      for (const one of records) mapped.push(await toUser(one, matched.get(one.companyId), sites.get(one.companyId)));
      return mapped;
    },
    // Where a user sits is the administrator's to change.
    insertOnly: ['site_id'],
    matchFields: [
      ['site_id', 'emailaddress'],
      ['site_id', 'name'],
    ],
    deactivateMissing: false,
  };
}
