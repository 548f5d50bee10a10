import type { HaloDatabaseSettings } from '../config/settings.ts';
import type { ActualTable, Row, Transaction } from '../database/database.ts';
import type { RowOutcome } from '../database/upsert.ts';
import type { Resource } from './resources/resource.ts';

/** Everything Halo's web application would leave beside the row itself, in one place. */
export interface TraceParts {
  readonly settings: HaloDatabaseSettings;
  readonly author: string;
  readonly now: Date;
}

/** Stamps of a write; the change clock is stamped once all is written. */
export function stampsOf(resource: Resource, table: ActualTable, parts: TraceParts): Row {
  return resource.lastUpdate && table.columns.has(resource.lastUpdate) ? { [resource.lastUpdate]: parts.now } : {};
}

/** Stamps of an insert only. */
export function creationOf(resource: Resource, table: ActualTable, parts: TraceParts): Row {
  return resource.created && table.columns.has(resource.created) ? { [resource.created]: parts.now } : {};
}

/** Columns whose old values are needed, because their history's field id is known. */
export function historyColumns(resource: Resource, settings: HaloDatabaseSettings): string[] {
  return (resource.history ?? [])
    .filter((rule) => settings.HistoryFieldIds?.[rule.name] !== undefined)
    .map((rule) => rule.column);
}

/** Writes history rows for updated columns whose field id is known. */
export async function writeHistory(
  resource: Resource,
  transaction: Transaction,
  parts: TraceParts,
  rows: readonly { readonly outcome: RowOutcome; readonly values: Row }[],
): Promise<void> {
  for (const rule of resource.history ?? []) {
    const fieldId = parts.settings.HistoryFieldIds?.[rule.name];
    if (fieldId === undefined) continue;
    const changes = rows.flatMap(({ outcome, values }) => {
      if (outcome.outcome !== 'updated' || !outcome.before) return [];
      const before = outcome.before[rule.column] ?? null;
      const after = values[rule.column] ?? null;
      // A column that is not written on update has no old value either.
      const written = rule.column in values && rule.column in outcome.before;
      return written && before !== after ? [{ key: outcome.key, before, after }] : [];
    });
    if (changes.length === 0) continue;
    const text = (value: unknown): string => (value === null ? '' : String(value));
    await transaction.insert(
      rule.table,
      changes.map(({ key, before, after }): Row =>
        rule.table === 'LicenceChange'
          ? {
              LCLid: key,
              LCFieldId: fieldId,
              LCOldValue: text(before),
              LCNewValue: text(after),
              LCWho: parts.author,
              LCWhen: parts.now,
              LCUserId: 0,
            }
          : {
              UCUid: key,
              UCFieldId: fieldId,
              UCOldValue: text(before),
              UCNewValue: text(after),
              UCOldSite: Number(before ?? 0),
              UCNewSite: Number(after ?? 0),
              UCWho: parts.author,
              UCWhen: parts.now,
            },
      ),
    );
  }
}
