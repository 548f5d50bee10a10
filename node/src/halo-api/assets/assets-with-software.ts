import type { DatabaseSession } from '../../database/database.ts';
import type { HaloDatabaseSettings } from '../../config/settings.ts';
import type { LinkScope } from '../halo-api.ts';
import { linkTableId } from '../inferred.ts';
import { linksOf } from '../links/link-scope.ts';
import { activeRows } from '../reads/list-filters.ts';
import type { Resource } from '../resources/resource.ts';

const rowsAtOnce = 20_000;

/**
 * The active assets linked under the scope of which rows of its module's own say that software is on them. Rows made by hand, those of
 * other modules and those with a user are none of these.
 */
export async function assetsWithSoftware(
  session: Pick<DatabaseSession, 'read'>,
  asset: Resource,
  scope: LinkScope,
  settings: HaloDatabaseSettings,
): Promise<readonly number[]> {
  const found = new Set<number>();
  const { inactive } = asset;
  for (let last = 0; ;) {
    const rows = await session.read({
      from: 'DeviceApplications',
      columns: ['DeviceApplications.DAID', 'DeviceApplications.DADID', 'DeviceApplications.dauserid'],
      joins: [
        {
          kind: 'inner',
          table: asset.table,
          as: 'asset',
          on: [['DeviceApplications.DADID', `asset.${asset.key.column}`]],
          ...(inactive && { where: activeRows(`asset.${inactive.column}`, inactive.value) }),
        },
        {
          kind: 'inner',
          table: 'ExternalLink',
          as: 'link',
          on: [['DeviceApplications.DADID', 'link.ELHaloId']],
          where: { all: linksOf(linkTableId(asset.name, settings) ?? -1, scope, 'link.') },
        },
      ],
      where: {
        all: [
          { column: 'DeviceApplications.damsid', is: 'equal', value: scope.module_id },
          { column: 'DeviceApplications.DADID', is: 'greater', value: 0 },
          { column: 'DeviceApplications.DAID', is: 'greater', value: last },
        ],
      },
      orderBy: [{ column: 'DeviceApplications.DAID' }],
      limit: rowsAtOnce,
    });
    for (const { DAID, DADID, dauserid } of rows) {
      last = Number(DAID);
      if (Number(dauserid ?? 0) <= 0) found.add(Number(DADID));
    }
    if (rows.length < rowsAtOnce) return [...found];
  }
}
