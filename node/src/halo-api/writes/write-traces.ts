import type { HaloDatabaseSettings } from '../../config/settings.ts';
import type { ActualTable, Row, Transaction } from '../../database/database.ts';
import { onlyColumns } from '../../database/row.ts';
import type { RowOutcome } from '../../database/upsert.ts';
import type { AssetRow } from '../assets/asset-row.ts';
import type { FieldChange } from '../assets/asset-fields.ts';
import { cut } from '../values/cut-text.ts';
import { historyFieldId } from '../inferred.ts';
import type { HistoryRule, Resource } from '../resources/resource.ts';

/** Characters of UserChange.UCUsername. */
const longestName = 500;

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

/** What a new row has that its record does not bring: when it was made, and 0 where reports read nothing as neither. */
export function onInsertOf(resource: Resource, table: ActualTable, brought: readonly string[], parts: TraceParts): Row {
  const zero = (resource.zero ?? []).filter((name) => table.columns.has(name) && !brought.includes(name));
  return { ...Object.fromEntries(zero.map((name) => [name, 0])), ...creationOf(resource, table, parts) };
}

/** Columns whose old values are needed, because their history's field id is known. */
export function historyColumns(resource: Resource, settings: HaloDatabaseSettings): string[] {
  return (resource.history ?? []).flatMap((rule) =>
    rule.of !== 'creation' && historyFieldId(rule.name, settings) !== undefined ? [rule.column] : [],
  );
}

/** What writing history needs. */
export interface HistoryParts extends TraceParts {
  hasTable(name: string): Promise<boolean>;
  tableOf(name: string): Promise<ActualTable>;
  toWrite(table: ActualTable, columns: readonly string[]): readonly string[];
}

/** A row that was written, with the values its record brought. */
export interface WrittenRow {
  readonly outcome: RowOutcome;
  readonly values: Row;
}

/** Writes rows of history: of records that were made, and of columns that changed. */
export async function writeHistory(
  resource: Resource,
  transaction: Transaction,
  parts: HistoryParts,
  rows: readonly WrittenRow[],
): Promise<void> {
  for (const rule of resource.history ?? []) {
    const field = historyFieldId(rule.name, parts.settings);
    if (field === undefined) continue;
    const rowOf = rule.table === 'LicenceChange' ? licenceChange : userChange;
    const history: Row[] = [];
    for (const row of rows) {
      const words =
        rule.of === 'creation' ? (row.outcome.outcome === 'created' ? made : undefined) : changeOf(rule, row);
      if (words && isWritten(row)) history.push(rowOf(row, words, field, parts));
    }
    if (history.length === 0 || !(await parts.hasTable(rule.table))) continue;
    const columns = parts.toWrite(await parts.tableOf(rule.table), Object.keys(history[0] ?? {}));
    const whole = columns.length === Object.keys(history[0] ?? {}).length;
    await transaction.insert(rule.table, whole ? history : history.map((row) => onlyColumns(row, columns)));
  }
}

/** A record that was made has no value before, nor after. */
const made = ['', ''] as const;

type Changed = WrittenRow & { readonly outcome: { readonly key: number } };

function isWritten(row: WrittenRow): row is Changed {
  return 'key' in row.outcome;
}

/** Old and new value of a column that was updated, as Halo writes them; undefined where it was not. */
function changeOf(
  { column, of }: Extract<HistoryRule, { readonly column: string }>,
  { outcome, values }: WrittenRow,
): readonly string[] | undefined {
  if (outcome.outcome !== 'updated' || !outcome.before) return undefined;
  // A column that is not written on update has no old value either.
  if (!(column in values) || !(column in outcome.before)) return undefined;
  const said = [outcome.before[column] ?? null, values[column] ?? null].map((value) =>
    of === 'switch' ? flag(Boolean(value)) : value === null ? '' : String(value),
  );
  return said[0] === said[1] ? undefined : said;
}

function licenceChange(
  { outcome }: Changed,
  [before = '', after = '']: readonly string[],
  field: number,
  { author, now }: TraceParts,
): Row {
  return {
    LCLid: outcome.key,
    LCFieldId: field,
    LCOldValue: before,
    LCNewValue: after,
    LCWho: author,
    LCWhen: now,
    LCUserId: 0,
  };
}

function userChange(
  { outcome, values }: Changed,
  [before = '', after = '']: readonly string[],
  field: number,
  { author, now }: TraceParts,
): Row {
  const old = 'before' in outcome ? outcome.before : undefined;
  const known = (column: string): Row[string] | undefined => values[column] ?? old?.[column];
  const site = Number(known('Usite') ?? 0);
  return {
    UCUid: outcome.key,
    UCUsername: cut(String(known('uusername') ?? ''), longestName),
    UCUInactive: Boolean(known('uinactive')),
    UCFieldId: field,
    UCOldValue: before,
    UCNewValue: after,
    UCOldSite: Number(old?.['Usite'] ?? site),
    UCNewSite: site,
    UCWho: author,
    UCWhen: now,
  };
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
      return onlyColumns(row, columns);
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
