import { UnknownParameterError } from '../../../errors/halo-api-errors.ts';
import { comparedText } from '../../../halo-api/values/compared-text.ts';
import type { HaloObject, HaloRecord } from '../../../halo-api/halo-api.ts';
import type { MappedRecord, Quarantined } from '../../mapped-record.ts';
import type { KindContext } from './kind.ts';
import type { FieldSets } from './matching-fields.ts';

/** What a user of the vendor's came to, and whose users it may be among. */
export interface Account {
  readonly mapped: MappedRecord;
  /** The id of its tenant. */
  readonly tenant: string;
  /** The clients in Halo it may be of; undefined where nothing names one. */
  readonly clients?: readonly number[] | undefined;
}

/** By what users of several customers are told apart. */
export interface CustomerUsers {
  /** Field of Halo's that holds the tenant of a user. */
  readonly tenantField: string;
  /** The tenants of the connection, and the clients in Halo each is of. */
  readonly tenants: readonly { readonly id: string; readonly clientIds: readonly number[] }[];
}

type Open = Account & { readonly mapped: HaloRecord };
/** Users whose field is one of the values. */
type UsersBy = (field: string, values: readonly string[]) => Promise<readonly HaloObject[]>;

/** There is one of each in the world, so a user of another client who has it is hardly a namesake. */
const worldwide = new Set(['emailaddress', 'login']);

/**
 * Finds which of Halo's users accounts are that are not linked yet and whose id no user carries: those of the account's own client, and
 * those who carry its tenant, since a name such as `jsmith` is somebody at each customer. Answers the records with the ids of the users
 * they are; order and length are kept.
 *
 * @param ownIdField field of Halo's that holds the vendor's id of a user
 * @param fieldSets fields that are compared, each set in turn
 */
export function createUserFinder(
  { api, scope }: Pick<KindContext, 'api' | 'scope'>,
  { tenantField, tenants }: CustomerUsers,
  ownIdField: string,
  fieldSets: FieldSets,
): (accounts: readonly Account[]) => Promise<readonly MappedRecord[]> {
  function isAmong({ tenant, clients }: Account, user: HaloObject): boolean {
    if (comparedText(user[tenantField]) === comparedText(tenant)) return true;
    const client = Number(user['client_id']);
    if (clients) return clients.includes(client);
    return !tenants.some((other) => other.id !== tenant && other.clientIds.includes(client));
  }

  /** None where an older Halo has not the field. */
  const usersBy: UsersBy = async (field, values) => {
    try {
      return values.length > 0 ? await api.listBy('Users', field, [...new Set(values)]) : [];
    } catch (error) {
      if (error instanceof UnknownParameterError) return [];
      throw error;
    }
  };

  /** Those that neither a link nor the vendor's id finds. */
  async function stillOpen(accounts: readonly Account[]): Promise<Open[]> {
    const open = accounts.filter(
      (one): one is Open => 'fields' in one.mapped && one.mapped.fields['name'] !== undefined,
    );
    const ids = open.flatMap(({ mapped }) => mapped.third_party_id ?? []);
    const links = await api.linkedIds('Users', scope, ids);
    // One with several links is for the built-in API to reject: it is found by no other way.
    const linked = new Set([...links.keys(), ...links.several.keys()]);
    const unlinked = ids.filter((id) => !linked.has(id));
    const known = new Set((await usersBy(ownIdField, unlinked)).map((user) => comparedText(user[ownIdField])));
    return open.filter(({ mapped: { third_party_id: id = '' } }) => !linked.has(id) && !known.has(comparedText(id)));
  }

  return async (accounts) => {
    let open = await stillOpen(accounts);
    const found = new Map<Account, MappedRecord>();
    const elsewhere = new Map<Account, MappedRecord>();
    for (const fields of fieldSets) {
      const users = await usersFor(fields, open, ownIdField, usersBy);
      const label = fields.at(-1) ?? '';
      for (const account of open) {
        const { mapped } = account;
        const alike = users.get(keyOf(mapped.fields, fields) ?? '') ?? [];
        const own = alike.filter((user) => isAmong(account, user));
        if (own.length === 1)
          found.set(account, { ...mapped, fields: { ...mapped.fields, id: Number(own[0]?.['id']) } });
        else if (own.length > 1) found.set(account, aside(mapped, `${own.length} users in Halo have its ${label}.`));
        else if (alike.length > 0 && worldwide.has(label) && mapped.update_only !== true)
          elsewhere.set(account, aside(mapped, ofAnotherClient(Number(alike[0]?.['id']), label)));
      }
      open = open.filter((account) => !found.has(account));
    }
    return accounts.map((account) => found.get(account) ?? elsewhere.get(account) ?? account.mapped);
  };
}

/** Users without an id of the vendor's who may be one of the accounts, by the values of the fields. */
async function usersFor(
  fields: readonly string[],
  open: readonly Open[],
  ownIdField: string,
  usersBy: UsersBy,
): Promise<ReadonlyMap<string, readonly HaloObject[]>> {
  const last = fields.at(-1) ?? '';
  const wanted = open.filter(({ mapped }) => keyOf(mapped.fields, fields) !== undefined);
  const users = new Map<string, HaloObject[]>();
  const values = wanted.map(({ mapped }) => String(mapped.fields[last]));
  for (const user of await usersBy(last, values)) {
    const key = keyOf(user, fields);
    if (key === undefined || comparedText(user[ownIdField]) !== '') continue;
    users.set(key, [...(users.get(key) ?? []), user]);
  }
  return users;
}

/** The values of the fields as they compare; undefined where one is empty, which never matches. */
function keyOf(values: HaloObject, fields: readonly string[]): string | undefined {
  const texts = fields.map((field) => comparedText(values[field]));
  return texts.includes('') ? undefined : texts.join('\n');
}

function ofAnotherClient(id: number, label: string): string {
  return (
    `The user ${id} in Halo has its ${label} and belongs to another client. Move that user to the account's client, ` +
    `or change the ${label}.`
  );
}

function aside({ fields, third_party_id }: HaloRecord, reason: string): Quarantined {
  return { quarantined: String(fields['name']), reason, ...(third_party_id !== undefined && { third_party_id }) };
}
