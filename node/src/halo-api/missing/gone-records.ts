import type { ActualTable, Value } from '../../database/database.ts';
import { assetsAt } from '../assets/asset-row.ts';
import { assetsWithSoftware } from '../assets/assets-with-software.ts';
import { ChangeClock } from '../writes/change-clock.ts';
import { forMissing } from '../changes/changes.ts';
import { endingRows } from './ending-rows.ts';
import { goneHolders } from './gone-holders.ts';
import type { HaloObject, HaloSession, LinkScope, ReadPart } from '../halo-api.ts';
import { inParts } from '../reads/in-parts.ts';
import { linkTableId } from '../inferred.ts';
import { freeLicences } from '../writes/licence-users.ts';
import { missingRecords } from './missing-records.ts';
import type { Resource } from '../resources/resource.ts';
import type { SessionParts } from '../session-parts.ts';
import { stampsOf, writeAssetTraces, writeHistory } from '../writes/write-traces.ts';

/** What Halo has and a whole read did not bring: counted, and set inactive or taken off. */
export function createGoneRecords(
  own: SessionParts,
  upsert: HaloSession['upsert'],
): Pick<HaloSession, 'countMissing' | 'deactivateMissing' | 'missingHolders' | 'missingSoftware'> {
  const { session, parts, find, missing, tableOf, besides, seenAs } = own;

  async function missingOf(
    resource: Resource,
    scope: LinkScope,
    set: string,
    part?: ReadPart,
  ): ReturnType<typeof missingRecords> {
    const within = part && (await columnOfPart(resource, part));
    // Without the column nobody can tell which part of the vendor a record is of.
    if (part && !within) return { missing: [], total: 0 };
    const where = { database: parts.database, session, settings: parts.settings };
    return missingRecords(where, resource, scope, seenAs(set), within);
  }

  async function columnOfPart(resource: Resource, { field, values }: ReadPart) {
    const found = resource.fields.find(({ json }) => json === field);
    if (!found) return undefined;
    if ((await tableOf(resource.table)).columns.has(found.column)) return { column: found.column, values };
    missing.tell(resource.table, found.column, 'nothing is taken for missing');
    return undefined;
  }

  /** Sets the records of these keys inactive, but for those that end otherwise or are nobody's. */
  async function deactivate(resource: Resource, table: ActualTable, some: readonly number[], fields: HaloObject) {
    const { inactive } = resource;
    const reserved = await own.reservedOf(resource, session);
    const besidesIt = Object.fromEntries(
      resource.fields.flatMap(({ json, column }) =>
        json in fields && table.columns.has(column) ? [[column, fields[json] as Value]] : [],
      ),
    );
    return session.transaction(async (transaction) => {
      const clock = new ChangeClock(parts.settings);
      const traces = own.traces();
      const ending = await endingRows(transaction, resource, some, reserved);
      const keys = ending?.map(({ outcome }) => outcome.key) ?? some;
      if (keys.length === 0 || !inactive) return 0;
      const count = await transaction.update(
        resource.table,
        { [inactive.column]: inactive.value, ...besidesIt, ...stampsOf(resource, table, traces) },
        { column: resource.key.column, is: 'in', values: keys },
      );
      clock.wrote(
        resource,
        table,
        keys.map((key) => [key]),
      );
      if (ending) await writeHistory(resource, transaction, { ...traces, ...besides }, ending);
      if (resource.assetParts)
        await writeAssetTraces(transaction, await assetsAt(transaction, keys), [], { ...traces, ...besides });
      await clock.strike(transaction);
      return count;
    });
  }

  return {
    async countMissing(name, scope, set, part) {
      const found = await missingOf(find(name), scope, set, part);
      return { missing: found.missing.length, total: found.total };
    },
    async deactivateMissing(name, scope, set, part, fields = {}) {
      const resource = find(name);
      const table = await tableOf(resource.table);
      if (!resource.inactive || !table.columns.has(resource.inactive.column)) return 0;
      const absent = (await missingOf(resource, scope, set, part)).missing;
      let changed = 0;
      for (const some of inParts(absent))
        changed += await forMissing(session, () => deactivate(resource, table, some, fields));
      return changed;
    },
    missingHolders(scope, users, licences, tenants) {
      const gone = () => goneHolders(session, scope, linkTableId('Users', parts.settings) ?? -1, users, tenants);
      return {
        async count() {
          const { missing: absent, users: total } = await gone();
          return { missing: absent, total };
        },
        async settle() {
          const found = await gone();
          for (const some of inParts(found.gone))
            await forMissing(session, () =>
              session.transaction((transaction) => freeLicences(transaction, some, { ...own.traces(), licences })),
            );
          return found.missing;
        },
      };
    },
    missingSoftware(scope, seen) {
      const having = () => assetsWithSoftware(session, find('Asset'), scope, parts.settings);
      return {
        async count() {
          const all = await having();
          return { missing: all.filter((asset) => !seen.has(asset)).length, total: all.length };
        },
        async settle() {
          const bare = (await having()).filter((asset) => !seen.has(asset));
          for (const some of inParts(bare))
            await forMissing(session, () =>
              upsert(
                'Asset',
                some.map((id) => ({ fields: { id, software: [] }, update_only: true })),
                { scope },
              ),
            );
          return bare.length;
        },
      };
    },
  };
}
