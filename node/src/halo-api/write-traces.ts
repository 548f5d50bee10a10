import type { HaloDatabaseSettings } from '../config/settings.ts';
import type { ActualTable, Row, Transaction } from '../database/database.ts';
import type { RowOutcome } from '../database/upsert.ts';
import type { AssetRow } from './assets/asset-row.ts';
import type { FieldChange } from './assets/asset-fields.ts';
import { cut } from './cut-text.ts';
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

/** DEVICECHANGE.DCFieldID of what is no field; a field's is its FIELD.Yseq. Public in reports; see docs/halo-database.md. */
const AssetAdded = -50;
const AssetInactive = -60;

/** An asset whose history is written. */
type TracedAsset = Pick<AssetRow, 'id' | 'site' | 'number'> & Partial<Pick<AssetRow, 'isNew' | 'inactive'>>;

/** What writing the history of assets needs. */
export interface AssetTraceParts extends TraceParts {
  tableOf(name: string): Promise<ActualTable>;
  toWrite(table: ActualTable, columns: readonly string[]): readonly string[];
}

/**
 * Writes DEVICECHANGE: an asset that was made, one that became inactive or active again, and each field's value that changed, unless its
 * field keeps no history (FIELD.ynochangehistory).
 */
export async function writeAssetTraces(
  transaction: Transaction,
  assets: readonly TracedAsset[],
  changes: readonly FieldChange[],
  parts: AssetTraceParts,
): Promise<void> {
  const silent = changes.length > 0 ? await fieldsWithoutHistory(transaction, parts) : new Set<number>();
  const rows: [asset: TracedAsset, field: number, before: string, after: string][] = [
    ...assets.flatMap((asset): typeof rows => {
      if (asset.isNew) return [[asset, AssetAdded, '', '']];
      if (asset.inactive === undefined) return [];
      return [[asset, AssetInactive, flag(!asset.inactive), flag(asset.inactive)]];
    }),
    ...changes
      .filter(({ field }) => !silent.has(field))
      .map(({ asset, field, before, after }): (typeof rows)[number] => [asset, field, before, after]),
  ];
  if (rows.length === 0) return;
  const table = await parts.tableOf('DEVICECHANGE');
  const columns = parts.toWrite(table, [
    ...['DCID', 'DCDSite', 'DCDevNum', 'DCDID', 'DCFieldID', 'DCOldValue', 'DCNewValue', 'DCWho', 'DCWhen'],
  ]);
  // A running number, which is no key: that of the row written last is found by the key, not by looking at all of them.
  const [last] = await transaction.read({
    from: 'DEVICECHANGE',
    columns: ['DCID'],
    orderBy: [{ column: 'pk', descending: true }],
    limit: 1,
  });
  const first = Math.max(Number(last?.['DCID'] ?? 0), 0) + 1;
  const length = table.columns.get('DCNewValue')?.length;
  await transaction.insert(
    'DEVICECHANGE',
    rows.map(([asset, field, before, after], at): Row => {
      const row: Row = {
        DCID: first + at,
        DCDSite: asset.site,
        DCDevNum: asset.number,
        DCDID: asset.id,
        DCFieldID: field,
        DCOldValue: cut(before, length),
        DCNewValue: cut(after, length),
        DCWho: parts.author,
        DCWhen: parts.now,
      };
      return Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
    }),
  );
}

function flag(value: boolean): string {
  return value ? 'True' : 'False';
}

async function fieldsWithoutHistory(transaction: Transaction, parts: AssetTraceParts): Promise<ReadonlySet<number>> {
  if (!(await parts.tableOf('FIELD')).columns.has('ynochangehistory')) return new Set();
  const rows = await transaction.read({
    from: 'FIELD',
    columns: ['Yseq'],
    where: {
      all: [
        { column: 'Ykind', is: 'equal', value: 'T' },
        { column: 'ynochangehistory', is: 'equal', value: true },
      ],
    },
  });
  return new Set(rows.map(({ Yseq }) => Number(Yseq)));
}
