import { VendorRefusedError } from '../../errors/vendor-errors.ts';
import type { HaloRecord } from '../../halo-api/halo-api.ts';
import { defineEntity } from '../define-entity.ts';
import { wrappedShape } from '../../reading/record-shape.ts';
import { provenPages } from '../../reading/whole-list.ts';
import type { VendorPage } from '../../reading/vendor-page.ts';
import type { EntityContext, OpenEntity } from '../entity.ts';
import type { Quarantined } from '../mapped-record.ts';
import { createClientMatcher } from './client-matching.ts';
import type { MatchedClient } from './client-matching.ts';
import { createPax8Client, pageOfCursor } from './pax8-client.ts';
import { companyShape, contactShape, given, type Pax8Company, type Pax8Contact } from './pax8-records.ts';

const CompaniesAtOnce = 4;

interface CompanyContact {
  readonly companyId: string;
  readonly companyName: string;
  readonly contact: Pax8Contact;
}

/** With the contact as it came. */
type RawContact = Omit<CompanyContact, 'contact'> & { readonly contact: unknown };

const companyContact = wrappedShape<Pax8Contact, 'contact', CompanyContact>('contact', contactShape);

/** Contacts of Pax8 companies as users at the client's main site. */
export const contacts = defineEntity<CompanyContact>({
  name: 'Contacts',
  description: 'Contacts of Pax8 companies as users at the client’s main site.',
  resource: 'Users',
  open: async (context) => readContacts(context),
});

function readContacts(context: EntityContext): OpenEntity<CompanyContact> {
  const { api, scope } = context;
  const pax8 = createPax8Client(context);
  const clients = createClientMatcher(context, pax8);
  /** The only active site of each client that was asked about; undefined where there is none, or several. */
  const onlySites = new Map<number, number | undefined>();

  async function contactsOf(company: Pax8Company): Promise<RawContact[]> {
    if (!company.id) return [];
    const found: RawContact[] = [];
    try {
      for await (const { records } of provenPages(
        pax8.pages(`/companies/${encodeURIComponent(company.id)}/contacts`),
        contactShape,
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

  async function* pages(): AsyncGenerator<VendorPage> {
    const from = pageOfCursor(context.cursor);
    const query = { sort: 'name', status: 'Active' };
    for await (const { records: companies, size, cursor, list } of pax8.pages('/companies', query, from)) {
      const known = companies.filter((company) => companyShape.fits(company));
      const records: RawContact[] = [];
      for (let start = 0; start < known.length; start += CompaniesAtOnce) {
        const some = known.slice(start, start + CompaniesAtOnce);
        records.push(...(await Promise.all(some.map(contactsOf))).flat());
      }
      yield { records, cursor, list: { ...list, items: size } };
    }
  }

  /** Asks for all at once: no index need lead from a client to its sites. */
  async function findOnlySites(clientIds: readonly number[]): Promise<void> {
    const open = [...new Set(clientIds)].filter((id) => !onlySites.has(id));
    if (open.length === 0) return;
    const sites = (await api.listBy('Site', 'client_id', open)).filter((site) => site['inactive'] !== true);
    const byClient = Map.groupBy(sites, (site) => Number(site['client_id']));
    for (const id of open) {
      const [first, ...others] = byClient.get(id) ?? [];
      onlySites.set(id, first && others.length === 0 ? Number(first['id']) : undefined);
    }
  }

  function toUser(
    { companyId, companyName, contact }: CompanyContact,
    client: MatchedClient | undefined,
    linkedSite: number | undefined,
  ): HaloRecord | Quarantined {
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
    const site = client.site_id ?? linkedSite ?? onlySites.get(client.client_id);
    if (site === undefined) {
      return {
        quarantined: label,
        reason: `The client of "${companyName}" has no site in Halo, or several: map the company to one of them, or sync Customers.`,
        third_party_id: contact.id,
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
    source: { shape: companyContact, pages },
    mapping: {
      async toHalo(records) {
        const companyIds = [...new Set(records.map(({ companyId }) => companyId))];
        const matched = await clients.match(companyIds);
        const sites = await api.linkedIds('Site', scope, companyIds);
        await findOnlySites(
          companyIds.flatMap((id) => {
            const client = matched.get(id);
            return client && 'client_id' in client && client.site_id === undefined && !sites.has(id)
              ? [client.client_id]
              : [];
          }),
        );
        return records.map((one) => {
          const { companyId } = one;
          const several = sites.several.get(companyId);
          const client = matched.get(companyId);
          const user = toUser(one, client, sites.get(companyId));
          if (!several || 'quarantined' in user || (client && 'site_id' in client)) return user;
          return {
            quarantined: `${String(user.fields['name'])} of ${one.companyName}`,
            reason: `The Pax8 company is linked to several sites in Halo (${several.join(', ')}): map it to one of them.`,
            ...(user.third_party_id !== undefined && { third_party_id: user.third_party_id }),
          };
        });
      },
    },
    target: {
      // Where a user sits is the administrator's to change.
      insertOnly: ['site_id'],
      matchFields: [
        ['site_id', 'emailaddress'],
        ['site_id', 'name'],
      ],
    },
    missing: 'left',
  };
}
