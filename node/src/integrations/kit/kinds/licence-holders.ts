import type { MappedRecord } from '../../mapped-record.ts';
import type { Kind, KindContext, KindRun } from './kind.ts';

/** A user, and the licences it holds, all of them. */
export interface LicenceHolderRecord {
  /** The vendor's id of the user. */
  readonly id: string;
  readonly licences: readonly HeldLicence[];
  /** The tenant whose licences they are. */
  readonly tenant: string;
}

/** A licence that is held. */
export interface HeldLicence {
  /** The vendor's id of it. */
  readonly id: string;
  /** As messages name it. */
  readonly name: string;
}

/** What differs between vendors. */
export interface LicenceHolderOptions {
  /** Field of Halo's that says which connection a licence is of. */
  readonly connectionField: string;
  /** The ids, in lower case, of tenants read to their end: who is of another one goes on holding its licences. */
  ended(): ReadonlySet<string>;
}

/**
 * Which user holds which of the licences, both brought by entities before this one; what is not in Halo is left out. Who is gone from a
 * whole list holds nothing any more.
 */
export function licenceHolders(options: LicenceHolderOptions): Kind<LicenceHolderRecord> {
  return {
    resource: 'SoftwareLicence',
    labels: ['Licence Users', 'Licence Assignments'],
    tables: { DeviceApplications: ['SELECT', 'INSERT', 'UPDATE'], LicenceChange: ['SELECT', 'INSERT'] },
    open: (context) => openHolders(context, options),
  };
}

async function openHolders(
  { api, scope, connection }: KindContext,
  { connectionField, ended }: LicenceHolderOptions,
): Promise<KindRun<LicenceHolderRecord>> {
  /** Halo's licences of this connection, also of products the vendor no longer lists. */
  const known = (await api.listBy('SoftwareLicence', connectionField, [connection.id])).map((licence) => ({
    id: Number(licence['id']),
    name: String(licence['name'] ?? ''),
    tenant_id: String(licence['tenant_id'] ?? ''),
  }));

  return {
    mapping: {
      async toHalo(records) {
        const users = await api.linkedIds('Users', scope, [...new Set(records.map(({ id }) => id))]);
        const held = new Set(records.flatMap(({ licences }) => licences.map(({ id }) => id)));
        const found = await api.linkedIds('SoftwareLicence', scope, [...held]);
        return records.map(({ id, licences, tenant }): MappedRecord => {
          const several = users.several.get(id);
          if (several) return aside(id, `It is linked to several users in Halo (${several.join(', ')}).`);
          const user = users.get(id);
          if (user === undefined) return { left_out: true };
          const unclear = licences.find((one) => found.several.has(one.id));
          if (unclear) return aside(id, `Its product ${unclear.name} is linked to several licences in Halo.`);
          const ids = licences.flatMap((one) => found.get(one.id) ?? []);
          return { fields: { user_id: user, licence_ids: ids, tenant_id: tenant } };
        });
      },
    },
    target: {
      write(session, records) {
        const holders = records.map(({ fields }) => ({
          user_id: Number(fields['user_id']),
          licence_ids: fields['licence_ids'] as readonly number[],
          tenant_id: String(fields['tenant_id']),
        }));
        return session.assignLicences(scope.module_id, holders, { licences: known });
      },
    },
    missing: {
      settles: () => true,
      find: (session, seen) => session.missingHolders(scope, seen, known, ended()),
    },
  };
}

function aside(id: string, trouble: string): MappedRecord {
  return {
    quarantined: `account ${id}`,
    reason: `${trouble} Take the links away that are wrong.`,
    third_party_id: id,
  };
}
