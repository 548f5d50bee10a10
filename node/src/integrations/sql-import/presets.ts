import { SourceImportError } from '../../errors/source-database-errors.ts';
import type { SourceDatabase } from '../kit/sql/source-database.ts';

/** A column of a product's database, and what the import calls it. */
interface PresetColumn {
  readonly view: string;
  readonly column: string;
  readonly as: string;
}

/** A query of ours for a product whose database is known, used where the import in Halo has none. */
export interface Preset {
  readonly product: string;
  /** Words in the import's name that say it is of this product. */
  readonly words: RegExp;
  readonly key: PresetColumn;
  /** What is read where the database has it; inventories are set up differently from site to site. */
  readonly columns: readonly PresetColumn[];
  /** Views that are joined by the key, beside the key's own. */
  readonly join: string;
  /** Columns of the key's view, and what they must hold: 0 or nothing. */
  readonly without: readonly string[];
  /** The import's own columns for type and user, where Halo's row names none. */
  readonly type?: string;
  readonly user?: string;
}

const of = (view: string, columns: Readonly<Record<string, string>>): PresetColumn[] =>
  Object.entries(columns).map(([as, column]) => ({ view, column, as }));

/** Configuration Manager: its documented SQL views, which stand above the tables. */
const configurationManager: Preset = {
  product: 'Configuration Manager',
  words: /\b(sccm|mecm|mcm|configmgr|configuration manager)\b/i,
  key: { view: 'v_R_System', column: 'ResourceID', as: 'ResourceID' },
  columns: [
    ...of('v_R_System', {
      Name: 'Netbios_Name0',
      UserName: 'User_Name0',
      Domain: 'Full_Domain_Name0',
      ADSite: 'AD_Site_Name0',
    }),
    ...of('v_GS_COMPUTER_SYSTEM', { Manufacturer: 'Manufacturer0', Model: 'Model0' }),
    ...of('v_GS_PC_BIOS', { SerialNumber: 'SerialNumber0' }),
    ...of('v_GS_OPERATING_SYSTEM', { OperatingSystem: 'Caption0', OSVersion: 'Version0' }),
    ...of('v_GS_WORKSTATION_STATUS', { LastHardwareScan: 'LastHWScan' }),
  ],
  join: 'ResourceID',
  without: ['Obsolete0', 'Decommissioned0'],
  user: 'UserName',
};

/** Lansweeper on premise. */
const lansweeper: Preset = {
  product: 'Lansweeper',
  words: /\blansweeper\b/i,
  key: { view: 'tblAssets', column: 'AssetID', as: 'AssetID' },
  columns: [
    ...of('tblAssets', { Name: 'AssetName', UserName: 'Username', UserDomain: 'Userdomain', LastSeen: 'Lastseen' }),
    ...of('tblAssetCustom', { SerialNumber: 'Serialnumber', Manufacturer: 'Manufacturer', Model: 'Model' }),
  ],
  join: 'AssetID',
  without: [],
  user: 'UserName',
};

const presets: readonly Preset[] = [configurationManager, lansweeper];

/** The preset an import's name asks for. */
export function presetFor(name: string): Preset | undefined {
  return presets.find(({ words }) => words.test(name));
}

/**
 * The preset's query as this database has its views. Throws SourceImportError where what it is about is not there.
 */
export async function presetQuery(preset: Preset, name: string, database: SourceDatabase): Promise<string> {
  const { key, columns, join, without } = preset;
  const views = [...new Set([key.view, ...columns.map(({ view }) => view)])];
  const known = new Set<string>();
  const list = views.map((view) => `'${view}'`).join(', ');
  const text = `SELECT TABLE_NAME AS tbl, COLUMN_NAME AS col FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME IN (${list})`;
  for await (const rows of database.read({ name, text, pageSize: 1000, timeoutSeconds: 30 }))
    for (const row of rows) known.add(`${String(row['tbl'])}.${String(row['col'])}`.toLowerCase());
  const has = (view: string, column: string): boolean => known.has(`${view}.${column}`.toLowerCase());
  if (!has(key.view, key.column))
    throw new SourceImportError(
      name,
      `its database has no ${key.view}.${key.column} to read of ${preset.product}`,
      `Name ${preset.product}'s database in the import, let the account read its views, or write a query of your own.`,
    );
  const found = columns.filter(({ view, column }) => has(view, column) && has(view, join));
  const joined = [...new Set(found.map(({ view }) => view))].filter((view) => view !== key.view);
  const quoted = (one: string): string => `[${one}]`;
  const selected = [key, ...found].map(({ view, column, as }) => `${quoted(view)}.${quoted(column)} AS ${quoted(as)}`);
  const left = joined.map(
    (view) => `LEFT JOIN ${quoted(view)} ON ${quoted(view)}.${quoted(join)} = ${quoted(key.view)}.${quoted(join)}`,
  );
  const where = without
    .filter((column) => has(key.view, column))
    .map((column) => `COALESCE(${quoted(key.view)}.${quoted(column)}, 0) = 0`);
  return [
    `SELECT ${selected.join(', ')} FROM ${quoted(key.view)}`,
    ...left,
    ...(where.length > 0 ? [`WHERE ${where.join(' AND ')}`] : []),
  ].join(' ');
}
