import { comparedText } from '../../../halo-api/values/compared-text.ts';
import type { HaloRecord } from '../../../halo-api/halo-api.ts';
import type { MappedRecord } from '../../mapped-record.ts';
import { filled, givenFields, type Said } from './given-fields.ts';
import type { Kind, KindContext, KindRun } from './kind.ts';
import type { FieldSets } from './matching-fields.ts';
import { createSiteFinder, type SiteFinder, type VendorPlace } from './site-finder.ts';
import { createUserFinder, type CustomerUsers } from './user-finder.ts';

/** A user, as a vendor gives it, and where it belongs. */
export interface UserRecord extends VendorPlace {
  readonly id: string;
  /** What the user is called; first and last name where the vendor has no name as a whole. */
  readonly name?: Said<string>;
  readonly firstname?: Said<string>;
  readonly surname?: Said<string>;
  readonly email?: Said<string>;
  readonly phone?: Said<string>;
  readonly mobile?: Said<string>;
  readonly title?: Said<string>;
  readonly login?: Said<string>;
  readonly notes?: Said<string>;
  readonly url?: string | undefined;
  /** Fields of the user that are kept for this vendor, by Halo's names. */
  readonly own?: Readonly<Record<string, Said<string | number>>>;
  /** The vendor says so: a leaver, a suspended account. */
  readonly inactive?: boolean;
  /** Not made where Halo has none, such as who has left. */
  readonly updateOnly?: boolean;
  /** Left as it is where Halo has it by its link or the vendor's id. */
  readonly newOnly?: boolean;
  /**
   * Nothing else is the vendor's to say: a user who carries its id (`ownIdField`) is set inactive. One who is removed will not be
   * heard of again, and is not linked.
   */
  readonly leaves?: 'inactive' | 'removed';
  /** The site, where Halo's own rows say it, or why they say none; then no other place is looked for. */
  readonly found?: { readonly site_id: number } | { readonly unmatched: string };
  /** Where several customers' users come by one connection: its tenant, and the clients in Halo it may be of. */
  readonly tenant?: string;
  readonly clients?: readonly number[] | undefined;
}

/** What differs between vendors. */
export interface UserOptions {
  /** Field of Halo's that holds the vendor's id of a user (`oktaid`): another one there makes it somebody else. */
  readonly ownIdField?: string;
  /** Fields by which users who are not linked are found, each in turn. */
  readonly matchFields?: FieldSets;
  /** Several customers' users come by one connection, and one is found among those of its own customer. It takes an `ownIdField`. */
  readonly customers?: CustomerUsers | undefined;
  /** Whether who is inactive or gone at the vendor is set inactive in Halo. Default: no. */
  deactivates?(context: KindContext): boolean;
  /** Whether users are moved when another site is said. Default: no. */
  moves?(context: KindContext): boolean;
  /** The site of users whom nothing else places. */
  defaultSite?(context: KindContext): number | undefined;
}

/** End users at their sites. Where one sits, and how one signs in, is the administrator's to change. */
export function users(options: UserOptions = {}): Kind<UserRecord> {
  return {
    resource: 'Users',
    labels: ['Users', 'Contacts', 'End Users', 'People'],
    open: async (context) => openUsers(context, options),
  };
}

const usualMatching: FieldSets = [
  ['site_id', 'emailaddress'],
  ['site_id', 'name'],
];

function openUsers(context: KindContext, options: UserOptions): KindRun<UserRecord> {
  const { ownIdField, matchFields = usualMatching, customers } = options;
  const places = createSiteFinder(context, options.defaultSite?.(context));
  const deactivates = options.deactivates?.(context) === true;
  const identify =
    customers && ownIdField !== undefined ? createUserFinder(context, customers, ownIdField, matchFields) : undefined;

  function mapped(user: UserRecord, site: UserRecord['found']): MappedRecord {
    if (user.leaves) return leaver(user, user.leaves, ownIdField);
    const name = nameOf(user);
    const aside = (reason: string): MappedRecord => ({
      quarantined: name ?? `user ${user.id}`,
      reason,
      third_party_id: user.id,
    });
    if (name === undefined) return aside(`${context.vendor} gives neither a name nor an address for it.`);
    if (site && 'site_id' in site) return toUser(user, name, site.site_id, deactivates, ownIdField);
    if (user.updateOnly) return toUser(user, name, undefined, deactivates, ownIdField);
    return aside(site?.unmatched ?? 'Nothing says where it belongs.');
  }

  return {
    mapping: {
      basis: places.basis,
      async toHalo(records) {
        const found = await sitesOf(records, places);
        const kept = await alreadyThere(records, context, ownIdField);
        const all = records.map((user, at) =>
          kept.has(comparedText(user.id)) ? seen(user.id, ownIdField) : mapped(user, found[at]),
        );
        if (!identify) return all;
        return identify(
          records.map(({ tenant = '', clients }, at) => ({ mapped: all[at] ?? { left_out: true }, tenant, clients })),
        );
      },
    },
    target: {
      insertOnly: [...(options.moves?.(context) === true ? [] : ['site_id']), 'login'],
      matchFields: ownIdField === undefined ? matchFields : [[ownIdField], ...(identify ? [] : matchFields)],
      ...(ownIdField !== undefined && { ownIdField }),
    },
    missing: deactivates ? 'deactivated' : 'left',
  };
}

/** The site of each, in order: as Halo's own rows say, else as the vendor's place is found. */
async function sitesOf(records: readonly UserRecord[], places: SiteFinder): Promise<readonly UserRecord['found'][]> {
  const asked = records.filter(({ found, leaves }) => !found && !leaves);
  const found = await places.find(asked);
  let next = 0;
  return records.map((one) => one.found ?? (one.leaves ? undefined : found[next++]));
}

/** Those of which only new ones are brought, and that Halo has, as the database compares their ids. */
async function alreadyThere(
  records: readonly UserRecord[],
  { api, scope }: Pick<KindContext, 'api' | 'scope'>,
  ownIdField: string | undefined,
): Promise<ReadonlySet<string>> {
  const ids = records.flatMap(({ id, newOnly }) => (newOnly ? [id] : []));
  if (ids.length === 0) return new Set();
  const linked = await api.linkedIds('Users', scope, ids);
  const own = ownIdField === undefined ? [] : await api.listBy('Users', ownIdField, ids);
  return new Set([...linked.keys(), ...own.map((user) => user[ownIdField ?? ''])].map(comparedText));
}

function seen(id: string, ownIdField: string | undefined): HaloRecord {
  return { fields: ownIdField === undefined ? {} : { [ownIdField]: id }, third_party_id: id, update_only: true };
}

function nameOf({ name, firstname, surname, email }: UserRecord): string | undefined {
  const parts = [filled(firstname), filled(surname)].filter((part) => part !== undefined);
  return filled(name) ?? (parts.length > 0 ? parts.join(' ') : filled(email));
}

function leaver(user: UserRecord, how: 'inactive' | 'removed', ownIdField: string | undefined): MappedRecord {
  const fields = { ...(ownIdField !== undefined && { [ownIdField]: user.id }), inactive: true };
  const name = nameOf(user);
  const link = { third_party_id: user.id, ...(name !== undefined && { third_party_desc: name }) };
  return { fields, ...(how === 'inactive' && link), update_only: true };
}

function toUser(
  user: UserRecord,
  name: string,
  site: number | undefined,
  deactivates: boolean,
  ownIdField: string | undefined,
): HaloRecord {
  return {
    fields: {
      name,
      ...givenFields({
        firstname: user.firstname,
        surname: user.surname,
        emailaddress: user.email,
        phonenumber: user.phone,
        mobilenumber: user.mobile,
        title: user.title,
        login: user.login,
        notes: user.notes,
        ...user.own,
      }),
      ...(site !== undefined && { site_id: site }),
      ...(deactivates && user.inactive !== undefined && { inactive: user.inactive }),
      ...(ownIdField !== undefined && { [ownIdField]: user.id }),
    },
    third_party_id: user.id,
    third_party_desc: name,
    ...(user.url !== undefined && { third_party_url: user.url }),
    ...(user.updateOnly && { update_only: true }),
  };
}
