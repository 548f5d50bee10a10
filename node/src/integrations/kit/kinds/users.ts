import type { HaloRecord } from '../../../halo-api/halo-api.ts';
import type { MappedRecord } from '../../mapped-record.ts';
import { filled, givenFields, type Said } from './given-fields.ts';
import type { Kind, KindContext, KindRun } from './kind.ts';
import { createSiteFinder, type VendorPlace } from './site-finder.ts';

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
  /** The vendor says so: a leaver, a suspended account. */
  readonly inactive?: boolean;
  /** Not made where Halo has none, such as who has left. */
  readonly updateOnly?: boolean;
}

/** What differs between vendors. */
export interface UserOptions {
  /** Field of Halo's that holds the vendor's id of a user (`oktaid`): another one there makes it somebody else. */
  readonly ownIdField?: string;
  /** Fields by which users who are not linked are found, each in turn. */
  readonly matchFields?: readonly (readonly string[])[];
  /** Whether who is inactive or gone at the vendor is set inactive in Halo. Default: no. */
  deactivates?(context: KindContext): boolean;
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

function openUsers(context: KindContext, options: UserOptions): KindRun<UserRecord> {
  const places = createSiteFinder(context, options.defaultSite?.(context));
  const deactivates = options.deactivates?.(context) === true;

  return {
    mapping: {
      basis: places.basis,
      async toHalo(records) {
        const found = await places.find(records);
        return records.map((user, at): MappedRecord => {
          const site = found[at];
          const name = nameOf(user);
          const aside = (reason: string): MappedRecord => ({
            quarantined: name ?? `user ${user.id}`,
            reason,
            third_party_id: user.id,
          });
          if (name === undefined) return aside(`${context.vendor} gives neither a name nor an address for it.`);
          if (site && 'site_id' in site) return toUser(user, name, site.site_id, deactivates, options.ownIdField);
          if (user.updateOnly) return toUser(user, name, undefined, deactivates, options.ownIdField);
          return aside(site?.unmatched ?? 'Nothing says where it belongs.');
        });
      },
    },
    target: {
      insertOnly: ['site_id', 'login'],
      matchFields: options.matchFields ?? [
        ['site_id', 'emailaddress'],
        ['site_id', 'name'],
      ],
      ...(options.ownIdField !== undefined && { ownIdField: options.ownIdField }),
    },
    missing: deactivates ? 'deactivated' : 'left',
  };
}

function nameOf({ name, firstname, surname, email }: UserRecord): string | undefined {
  const parts = [filled(firstname), filled(surname)].filter((part) => part !== undefined);
  return filled(name) ?? (parts.length > 0 ? parts.join(' ') : filled(email));
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
