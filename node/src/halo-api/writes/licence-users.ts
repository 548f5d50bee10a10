import type { Row, Transaction } from '../../database/database.ts';
import { comparedText } from '../values/compared-text.ts';
import type { HaloOutcome } from '../halo-records.ts';
import type { GoneHolder } from '../missing/gone-holders.ts';
import type { TraceParts } from './write-traces.ts';
import { addDeviceApplications } from './device-application-rows.ts';

const keysAtOnce = 500;
/** LicenceChange.LCFieldId: the two codes of it that are public. */
const UserAdded = 2;
const UserRemoved = 3;

/** A licence that users of a tenant may hold. */
export interface HeldLicence {
  readonly id: number;
  readonly name: string;
  readonly tenant_id: string;
}

/** A user and all the licences the vendor says they hold. */
export interface LicenceHolder {
  readonly user_id: number;
  readonly licence_ids: readonly number[];
  /** The user's tenant at the vendor: licences of two tenants may have one name. */
  readonly tenant_id: string;
}

/** What writing who holds which licence needs. */
export interface LicenceUserParts extends TraceParts {
  /** All licences of the connection, those nobody holds any more too. */
  readonly licences: readonly HeldLicence[];
}

interface Held {
  readonly key: number;
  readonly name: string;
}

/**
 * Makes a module's rows of DeviceApplications say which licences the users hold: one row for each, with the licence's name, the
 * user and the module, and a row of LicenceChange for each user added or removed. A row whose licence is no longer held loses its
 * user and is taken for the next one, as rows of Halo are not deleted. Rows of other modules, and those made by hand, stay.
 */
export async function writeLicenceUsers(
  transaction: Transaction,
  moduleId: number,
  holders: readonly LicenceHolder[],
  parts: LicenceUserParts,
): Promise<HaloOutcome[]> {
  const names = new Map(parts.licences.map(({ id, name }) => [id, name]));
  const idOf = licenceIds(parts.licences);
  const held = await heldBy(
    transaction,
    moduleId,
    holders.map(({ user_id }) => user_id),
  );
  const added: Row[] = [];
  const freed: number[] = [];
  const changes: Row[] = [];
  const change = (licence: number, field: number, user: number): void =>
    void changes.push(changeOf(licence, field, user, parts));
  const all = accountsByUser(holders);
  const sold = new Set(parts.licences.map(({ name }) => comparedText(name)));
  const outcomes = holders.map(({ user_id: user }): HaloOutcome => {
    const accounts = all.get(user);
    if (!accounts) return { outcome: 'unchanged', id: user };
    all.delete(user);
    const before = held.get(user) ?? [];
    const known = new Set(before.map(({ name }) => comparedText(name)));
    const wanted = new Map(
      accounts.licences.flatMap((id) => {
        const name = names.get(id);
        return name === undefined ? [] : [[comparedText(name), { name, id }] as const];
      }),
    );
    let changed = false;
    for (const [compared, { name, id }] of wanted) {
      if (known.has(compared)) continue;
      changed = true;
      added.push({ DADesc: name, dauserid: user, damsid: moduleId, DADID: 0, DACount: 1, DAInstalledDate: parts.now });
      change(id, UserAdded, user);
    }
    for (const { key, name } of before) {
      if (wanted.has(comparedText(name))) continue;
      const [id] = accounts.tenants.flatMap((tenant) => idOf(name, tenant) ?? []);
      // What only other tenants sell may be held by another account of the user's.
      if (id === undefined && sold.has(comparedText(name))) continue;
      changed = true;
      freed.push(key);
      if (id !== undefined) change(id, UserRemoved, user);
    }
    return { outcome: changed ? 'updated' : 'unchanged', id: user };
  });
  await freeRows(transaction, freed);
  await addDeviceApplications(transaction, moduleId, added);
  if (changes.length > 0) await transaction.insert('LicenceChange', changes);
  return outcomes;
}

/** Several accounts of one user hold together what each of them holds. */
function accountsByUser(holders: readonly LicenceHolder[]) {
  const all = new Map<number, { readonly licences: number[]; readonly tenants: string[] }>();
  for (const { user_id, licence_ids, tenant_id } of holders) {
    const one = all.get(user_id) ?? { licences: [], tenants: [] };
    one.licences.push(...licence_ids);
    one.tenants.push(tenant_id);
    all.set(user_id, one);
  }
  return all;
}

/** Takes from users who are gone at the vendor what they held, with a row of LicenceChange for each. */
export async function freeLicences(
  transaction: Transaction,
  gone: readonly GoneHolder[],
  parts: LicenceUserParts,
): Promise<void> {
  const idOf = licenceIds(parts.licences);
  await freeRows(
    transaction,
    gone.map(({ row }) => row),
  );
  const changes = gone.flatMap(({ user_id, tenant_id, name }) => {
    const id = idOf(name, tenant_id);
    return id === undefined ? [] : [changeOf(id, UserRemoved, user_id, parts)];
  });
  if (changes.length > 0) await transaction.insert('LicenceChange', changes);
}

function changeOf(licence: number, field: number, user: number, { author, now }: TraceParts): Row {
  return { LCLid: licence, LCFieldId: field, LCUserId: user, LCWho: author, LCWhen: now };
}

/** A licence's id by its name in a tenant. */
function licenceIds(licences: readonly HeldLicence[]): (name: string, tenant: string) => number | undefined {
  const keyOf = (name: string, tenant: string): string => `${comparedText(tenant)}\n${comparedText(name)}`;
  const ids = new Map(licences.map(({ id, name, tenant_id }) => [keyOf(name, tenant_id), id]));
  return (name, tenant) => ids.get(keyOf(name, tenant));
}

async function freeRows(transaction: Transaction, rows: readonly number[]): Promise<void> {
  for (const keys of inParts(rows)) {
    await transaction.update(
      'DeviceApplications',
      { dauserid: 0, DACount: 0, DADesc: '' },
      { column: 'DAID', is: 'in', values: keys },
    );
  }
}

async function heldBy(
  transaction: Transaction,
  moduleId: number,
  users: readonly number[],
): Promise<Map<number, Held[]>> {
  const held = new Map<number, Held[]>();
  for (const some of inParts(users)) {
    const rows = await transaction.read({
      from: 'DeviceApplications',
      columns: ['DAID', 'dauserid', 'DADesc'],
      where: {
        all: [
          { column: 'dauserid', is: 'in', values: some },
          { column: 'damsid', is: 'equal', value: moduleId },
        ],
      },
    });
    for (const row of rows) {
      const user = Number(row.dauserid);
      const known = held.get(user) ?? [];
      known.push({ key: Number(row.DAID), name: String(row.DADesc ?? '') });
      held.set(user, known);
    }
  }
  return held;
}

function* inParts<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += keysAtOnce) yield all.slice(from, from + keysAtOnce);
}
