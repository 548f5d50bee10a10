import type { Database } from '../database/database.ts';
import { integrationTables } from '../database/schema/integration-tables.ts';
import { factOf, type Finding, type Look } from './finding.ts';

/** The tables in which integrations have their settings. */
const tables = [
  ...['CONTROL', 'CONTROL2', 'CONTROL3', 'Control4', 'AzureADConnection', 'Pax8Details'],
  ...integrationTables.map(([name]) => name),
];

/** Lists of entities, what is imported, how assets are found and typed, how sites are matched: columns whose values are codes or Halo's own words. */
const coded =
  /import(list|entities|types?)$|integratortypes$|syncentities$|assetimport(secondary)?identifier|assettypechoice|sitematch(ingmethod|type)$/i;

/** Every such column that has a value other than nothing and 0, a finding each. */
export const settingCodes: Look = {
  subject: 'Settings',
  async read(database, signal) {
    const found: Finding[] = [];
    for (const [table, { columns, primaryKey }] of await database.describe(tables)) {
      const wanted = [...columns.values()].filter(({ name }) => coded.test(name)).map(({ name }) => name);
      if (wanted.length === 0) continue;
      const [key] = primaryKey;
      const rows = await database.read(
        { from: table, columns: [...new Set([...(key === undefined ? [] : [key]), ...wanted])], limit: 100 },
        signal,
      );
      for (const row of rows)
        for (const column of wanted) {
          const value = factOf(row[column]);
          if (value === null || value === 0 || value === '') continue;
          const name = await fieldName(database, column, value, signal);
          found.push({
            subject: 'Settings',
            facts: {
              table,
              ...(key !== undefined && { row: factOf(row[key]) }),
              column,
              value,
              ...(name !== undefined && { field: name }),
            },
          });
        }
    }
    return found;
  },
};

/** The asset field that assets are found by, by its name on Halo's screen. */
async function fieldName(
  database: Database,
  column: string,
  value: unknown,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (!/identifier/i.test(column) || typeof value !== 'number' || value <= 0) return undefined;
  const [field] = await database.read(
    { from: 'FIELD', columns: ['Yname'], where: { column: 'Yseq', is: 'equal', value }, limit: 1 },
    signal,
  );
  return typeof field?.['Yname'] === 'string' ? field['Yname'] : undefined;
}
