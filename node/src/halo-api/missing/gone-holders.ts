import type { DatabaseSession } from '../../database/database.ts';
import { comparedText } from '../values/compared-text.ts';
import { KeySet } from '../values/key-set.ts';
import { linksOf } from '../links/link-scope.ts';
import type { LinkScope } from '../halo-records.ts';

const rowsAtOnce = 20_000;

/** A row of DeviceApplications whose user did not come in a complete read. */
export interface GoneHolder {
  readonly row: number;
  readonly user_id: number;
  readonly tenant_id: string;
  /** The licence's name. */
  readonly name: string;
}

/**
 * Rows of a module that say a user of this connection holds a licence, where the user was not seen; and how many users hold one.
 * Users that are not linked under the scope are another connection's, and those of other tenants (in lower case) were not read.
 */
export async function goneHolders(
  session: DatabaseSession,
  scope: LinkScope,
  userTableId: number,
  seen: { has(user: number): boolean },
  tenants: ReadonlySet<string>,
): Promise<{ readonly gone: readonly GoneHolder[]; readonly users: number; readonly missing: number }> {
  const gone: GoneHolder[] = [];
  const users = new KeySet();
  let [count, missing, last] = [0, 0, 0];
  for (;;) {
    const rows = await session.read({
      from: 'DeviceApplications',
      columns: [
        'DeviceApplications.DAID',
        'DeviceApplications.dauserid',
        'DeviceApplications.DADesc',
        { column: 'holder.UAzureTenantId', as: 'tenant' },
      ],
      joins: [
        { kind: 'inner', table: 'USERS', as: 'holder', on: [['DeviceApplications.dauserid', 'holder.Uid']] },
        {
          kind: 'inner',
          table: 'ExternalLink',
          as: 'link',
          on: [['DeviceApplications.dauserid', 'link.ELHaloId']],
          where: { all: linksOf(userTableId, scope, 'link.') },
        },
      ],
      where: {
        all: [
          { column: 'DeviceApplications.damsid', is: 'equal', value: scope.module_id },
          { column: 'DeviceApplications.dauserid', is: 'greater', value: 0 },
          { column: 'DeviceApplications.DAID', is: 'greater', value: last },
        ],
      },
      orderBy: [{ column: 'DeviceApplications.DAID' }],
      limit: rowsAtOnce,
    });
    for (const row of rows) {
      const [key, user] = [Number(row['DAID']), Number(row['dauserid'])];
      // A user with two links comes twice.
      const again = key === last;
      last = key;
      if (!tenants.has(comparedText(row['tenant']))) continue;
      const isGone = !seen.has(user);
      if (!users.has(user)) {
        users.add(user);
        count++;
        if (isGone) missing++;
      }
      if (isGone && !again)
        gone.push({
          row: key,
          user_id: user,
          tenant_id: String(row['tenant'] ?? ''),
          name: String(row['DADesc'] ?? ''),
        });
    }
    if (rows.length < rowsAtOnce) return { gone, users: count, missing };
  }
}
