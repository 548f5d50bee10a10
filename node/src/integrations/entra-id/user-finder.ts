import { UnknownParameterError } from '../../errors/halo-api-errors.ts';
import { comparedText } from '../../halo-api/compared-text.ts';
import type { HaloObject, HaloRecord } from '../../halo-api/halo-api.ts';
import type { EntityContext } from '../entity.ts';
import type { LeftOut, Quarantined } from '../mapped-record.ts';
import type { Directory, Tenant } from './directory.ts';

/** What an account came to, and whose users it may be among. */
export interface Account {
  readonly mapped: HaloRecord | Quarantined | LeftOut;
  readonly tenant: Tenant;
  /** Undefined where nothing names a client. */
  readonly clientIds?: readonly number[] | undefined;
}

/** Finds which Halo users accounts are that are not linked yet. */
export interface UserFinder {
  /** What is left for the built-in API to look for. */
  readonly matchFields: readonly (readonly string[])[];
  /** Gives records the id of the Halo user they are; order and length are kept. */
  identify(accounts: readonly Account[]): Promise<readonly (HaloRecord | Quarantined | LeftOut)[]>;
}

type FieldSet = readonly string[];
type Open = Account & { readonly mapped: HaloRecord };

/** There is one of each in the world, so a user of another client who has it is hardly a namesake. */
const Worldwide = new Set(['emailaddress', 'login']);

/**
 * Where Halo's rows name clients, an account is only looked for among the users of its own client and those that carry its
 * tenant: a name such as `jsmith` is somebody at each customer. Where they name none, the built-in API matches as ever.
 *
 * @param matchFields the object id first
 */
export function createUserFinder(
  { api, scope }: EntityContext,
  { tenants, mappings }: Directory,
  [ownId = [], ...fieldSets]: readonly FieldSet[],
): UserFinder {
  const named =
    tenants.some(({ clientIds }) => clientIds.length > 0) ||
    mappings.some(
      ({ forAgents, siteId, clientId, defaultSiteId }) => !forAgents && (siteId ?? clientId ?? defaultSiteId),
    );
  if (!named)
    return {
      matchFields: [ownId, ...fieldSets],
      identify: (accounts) => Promise.resolve(accounts.map(({ mapped }) => mapped)),
    };

  function isAmong({ tenant, clientIds }: Account, user: HaloObject): boolean {
    if (comparedText(user['azure_tenant_id']) === comparedText(tenant.id)) return true;
    const client = Number(user['client_id']);
    if (clientIds) return clientIds.includes(client);
    return !tenants.some((other) => other.id !== tenant.id && other.clientIds.includes(client));
  }

  /** Users whose field is one of the values; none where an older Halo has not the field. */
  async function usersBy(field: string, values: readonly string[]): Promise<readonly HaloObject[]> {
    try {
      return values.length > 0 ? await api.listBy('Users', field, [...new Set(values)]) : [];
    } catch (error) {
      if (error instanceof UnknownParameterError) return [];
      throw error;
    }
  }

  /** Those that neither a link nor the object id finds. */
  async function stillOpen(accounts: readonly Account[]): Promise<Open[]> {
    const open = accounts.filter(
      (one): one is Open => 'fields' in one.mapped && one.mapped.fields['name'] !== undefined,
    );
    const ids = open.flatMap(({ mapped }) => mapped.third_party_id ?? []);
    const links = await api.linkedIds('Users', scope, ids);
    // One with several links is for the built-in API to reject: it is found by no other way.
    const linked = new Set([...links.keys(), ...links.several.keys()]);
    const owned = await usersBy(
      'azureoid',
      ids.filter((id) => !linked.has(id)),
    );
    const known = new Set(owned.map((user) => comparedText(user['azureoid'])));
    return open.filter(({ mapped: { third_party_id: id = '' } }) => !linked.has(id) && !known.has(comparedText(id)));
  }

  return {
    matchFields: [ownId],
    async identify(accounts) {
      let open = await stillOpen(accounts);
      const found = new Map<Account, HaloRecord | Quarantined>();
      const elsewhere = new Map<Account, Quarantined>();
      for (const fields of fieldSets) {
        const users = await usersFor(fields, open, usersBy);
        const label = fields.at(-1) ?? '';
        for (const account of open) {
          const { mapped } = account;
          const alike = users.get(keyOf(mapped.fields, fields) ?? '') ?? [];
          const own = alike.filter((user) => isAmong(account, user));
          if (own.length === 1)
            found.set(account, { ...mapped, fields: { ...mapped.fields, id: Number(own[0]?.['id']) } });
          else if (own.length > 1) found.set(account, aside(mapped, `${own.length} users in Halo have its ${label}.`));
          else if (alike.length > 0 && Worldwide.has(label) && mapped.update_only !== true)
            elsewhere.set(account, aside(mapped, ofAnotherClient(Number(alike[0]?.['id']), label)));
        }
        open = open.filter((account) => !found.has(account));
      }
      return accounts.map((account) => found.get(account) ?? elsewhere.get(account) ?? account.mapped);
    },
  };
}

/** Users without an object id of their own who may be one of the accounts, by the values of the fields. */
async function usersFor(
  fields: FieldSet,
  open: readonly Open[],
  usersBy: (field: string, values: readonly string[]) => Promise<readonly HaloObject[]>,
): Promise<ReadonlyMap<string, readonly HaloObject[]>> {
  const last = fields.at(-1) ?? '';
  const wanted = open.filter(({ mapped }) => keyOf(mapped.fields, fields) !== undefined);
  const users = new Map<string, HaloObject[]>();
  for (const user of await usersBy(
    last,
    wanted.map(({ mapped }) => String(mapped.fields[last])),
  )) {
    const key = keyOf(user, fields);
    if (key === undefined || comparedText(user['azureoid']) !== '') continue;
    users.set(key, [...(users.get(key) ?? []), user]);
  }
  return users;
}

/** The values of the fields as they compare; undefined where one is empty, which never matches. */
function keyOf(values: HaloObject, fields: FieldSet): string | undefined {
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
