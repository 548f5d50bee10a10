import type { Database } from '../database/database.ts';
import { factOf, type Fact, type Finding, type Look } from './finding.ts';
import { groupedRows } from './grouped-rows.ts';
import { idShape } from './id-shape.ts';
import { settingCodes } from './setting-codes.ts';

/** Columns of a table that this Halo has. */
async function columnsThere(database: Database, table: string, wanted: readonly string[]): Promise<string[]> {
  const found = (await database.describe([table])).get(table)?.columns;
  return wanted.filter((column) => found?.has(column));
}

/** The rows of a small table of settings, some columns of them. */
function rowsOf(
  subject: string,
  table: string,
  wanted: readonly string[],
  also: { readonly column: string; readonly as: string; fact(value: unknown): Fact }[] = [],
): Look {
  return {
    subject,
    async read(database, signal) {
      const columns = await columnsThere(database, table, [...wanted, ...also.map(({ column }) => column)]);
      if (columns.length === 0) return [];
      const rows = await database.read({ from: table, columns, limit: 1000 }, signal);
      return rows.map((row) => ({
        subject,
        facts: {
          ...Object.fromEntries(columns.filter((one) => wanted.includes(one)).map((one) => [one, factOf(row[one])])),
          ...Object.fromEntries(also.map(({ column, as, fact }) => [as, fact(row[column])])),
        },
      }));
    },
  };
}

function groupsOf(subject: string, table: string, key: string, wanted: readonly string[], shaped?: string): Look {
  return {
    subject,
    async read(database, signal) {
      const columns = await columnsThere(database, table, wanted);
      if (columns.length === 0) return [];
      const also = shaped && {
        columns: [shaped],
        facts: (row: Record<string, unknown>) => ({ [`${shaped} (shape)`]: idShape(row[shaped]) }),
      };
      const groups = await groupedRows(database, table, key, columns, signal, also || undefined);
      return groups.map((facts): Finding => ({ subject, facts }));
    },
  };
}

/** How the ids of directories stand in rows of people: the first five that have one. */
function peopleIds(table: string, column: string): Look {
  return {
    subject: table,
    async read(database, signal) {
      const columns = await columnsThere(database, table, [column, 'uactived']);
      if (!columns.includes(column)) return [];
      const where = { column, is: 'not-null' } as const;
      const rows = await database.read({ from: table, columns, where, limit: 200 }, signal);
      const filled = rows.filter((row) => idShape(row[column]) !== 'none').slice(0, 5);
      return filled.map((row) => ({
        subject: table,
        facts: { [`${column} (shape)`]: idShape(row[column]), uactived: factOf(row['uactived']) },
      }));
    },
  };
}

/** Which product an import is for, as far as a known name says it: what else an administrator wrote there is theirs. */
function knownProduct(description: unknown): Fact {
  const text = typeof description === 'string' ? description : '';
  if (/lansweeper/i.test(text)) return 'Lansweeper';
  return /sccm|mecm|configuration manager/i.test(text) ? 'Configuration Manager' : 'another';
}

/** Everything that is looked at, in the order it is shown. */
export const looks: readonly Look[] = [
  rowsOf('MODULESETUP', 'MODULESETUP', ['MSid', 'MSName', 'MSActualName', 'MSHaloIntegratorEnabled']),
  groupsOf('ExternalLink', 'ExternalLink', 'ELid', ['ELModuleId', 'ELTableId', 'ELDetailsId'], 'ELThirdPartyId'),
  groupsOf('IntegrationFieldMapping', 'IntegrationFieldMapping', 'IFMid', [
    'IFMmsid',
    'IFMtypeid',
    'IFMSubTypeId',
    'IFMIsAssetField',
  ]),
  rowsOf(
    'SQLIMPORT',
    'SQLIMPORT',
    [
      ...['SIid', 'SIseq', 'SItable', 'SIkeyfield', 'SIdatafield1', 'SIdatafield2', 'SIdatafield3', 'sidatafield4'],
      ...['SInhdfield3', 'sisqlprovider', 'SIIntegratorType'],
    ],
    [{ column: 'SIdesc', as: 'SIdesc (product)', fact: knownProduct }],
  ),
  rowsOf('LDAPConnection', 'LDAPConnection', [
    ...['LCID', 'LCType', 'LCuseADAuthentication', 'LCHaloIntegratorImportType', 'LCHaloIntegratorBatch'],
    ...['LCIntegratorType', 'lcusermatchingfields', 'lcagentmatchingfields'],
  ]),
  peopleIds('USERS', 'UActGuid'),
  peopleIds('UNAME', 'uActGUID'),
  settingCodes,
];
