import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor, ProbeContext } from '../kit/descriptor/descriptor.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import { clients } from '../kit/kinds/clients.ts';
import type { AssetRecord } from '../kit/kinds/assets/asset-record.ts';
import type { Kind, KindContext } from '../kit/kinds/kind.ts';
import { users } from '../kit/kinds/users.ts';
import { openSourceDatabase } from '../kit/sql/open-source-database.ts';
import { importedRows, text, type ImportedRow } from './imported-rows.ts';
import { addressOf, importSettings } from './import-settings.ts';
import { textIn } from '../halo-row.ts';

const permissions = ['SELECT on what the query names, and no more'];
const endpoints = ['The import’s own query (SQLIMPORT.SIsql), in a transaction that is taken back'];
const deactivates = ({ settings }: KindContext): boolean => settings['DeactivateMissing'] === true;

/** The value that is mapped to one of Halo's fields by any of its names. */
function mapped({ mapped: values }: ImportedRow, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = values.get(name);
    const written = value instanceof Date ? value.toISOString() : String(value ?? '').trim();
    if (written !== '') return written;
  }
  return undefined;
}

const nameColumns = ['name', 'assetname', 'computername', 'hostname', 'devicename'];
const serialColumns = ['serialnumber', 'serial', 'serialno'];

function first({ row }: ImportedRow, columns: readonly string[]): string | undefined {
  return columns.map((column) => text(row, column)).find((value) => value !== undefined);
}

const assetRows = entity({
  name: 'Assets',
  description: 'Rows of imports into assets, with their type, site, user and mapped fields.',
  kind: typedByField(assets({ deactivates, labels: ['DEVICE', 'Device'], fieldMappings })),
  source: importedRows,
  labels: ['Assets', 'SCCM', 'Lansweeper'],
  permissions,
  endpoints,
  record: (one, id) => ({
    id,
    name: mapped(one, 'inventorynumber', 'assettag', 'dinvno') ?? first(one, nameColumns) ?? id,
    type: one.type,
    siteName: one.site,
    serial: mapped(one, ...serialColumns) ?? first(one, serialColumns),
    fields: one.row,
    owners: [one.user],
  }),
});

const userRows = entity({
  name: 'Users',
  description: 'Rows of imports into users at their site.',
  kind: users({ deactivates, defaultSite: ({ told }) => told.defaultSite }),
  source: importedRows,
  labels: ['USERS', 'Users'],
  permissions,
  endpoints,
  record: (one, id, { told }) => ({
    id,
    name: mapped(one, 'name', 'username', 'uusername', 'fullname'),
    firstname: mapped(one, 'firstname', 'ufirstname', 'forename'),
    surname: mapped(one, 'surname', 'ulastname', 'lastname'),
    email: mapped(one, 'emailaddress', 'email', 'uemail', 'mail'),
    phone: mapped(one, 'phonenumber', 'phone', 'uextn', 'telephone'),
    mobile: mapped(one, 'mobilenumber', 'mobile', 'umobile'),
    title: mapped(one, 'title', 'jobtitle', 'utitle'),
    login: mapped(one, 'login', 'ulogin', 'networklogin'),
    siteName: one.site,
    updateOnly: told.noNew === true,
  }),
});

const clientRows = entity({
  name: 'Clients',
  description: 'Rows of imports into clients.',
  kind: clients(),
  source: importedRows,
  labels: ['AREA', 'Clients', 'Customers'],
  permissions,
  endpoints,
  record: (one, id) => ({
    id,
    name: mapped(one, 'name', 'clientname', 'aareadesc', 'customer') ?? first(one, nameColumns),
    website: mapped(one, 'website'),
    phone: mapped(one, 'phonenumber', 'phone'),
  }),
});

/** An import names the column of the type and no default one: types are those of that name. */
function typedByField(kind: Kind<AssetRecord>): Kind<AssetRecord> {
  return { ...kind, open: (context) => kind.open({ ...context, told: { ...context.told, typeChoice: 1 } }) };
}

/** The import's field mappings in the shape of IntegrationFieldMapping's rows. */
async function fieldMappings({ api, connection }: KindContext): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const rows = await api.settingsRows('SQLIMPORTFIELD', { SIFsiid: connection.id });
  return rows.map((row) => ({
    IFMid: row['SIFid'],
    IFMThirdPartyName: row['SIFthirdpartyname'],
    IFMfiname: row['SIFnhdname'],
    IFMIsAssetField: true,
  }));
}

async function askDatabase({ connection, settings }: ProbeContext): Promise<string> {
  const address = addressOf({ connection, settings });
  await using database = await openSourceDatabase(address);
  for await (const rows of database.read({
    name: connection.name,
    text: 'SELECT 1 AS one',
    pageSize: 1,
    timeoutSeconds: 30,
  }))
    if (rows.length > 0) break;
  const query = textIn(connection.row['SIsql']) === undefined ? 'one of ours' : 'its own';
  return `Signed in to ${address.database} on ${address.server}; the query is ${query}.`;
}

/** Imports from other databases by an administrator's query: SQL Server, MySQL, MariaDB, PostgreSQL. */
export const sqlImportDescriptor: Descriptor = {
  name: 'SqlImport',
  displayName: 'SQL import',
  summary:
    'Assets, users and clients from other databases (SQL Server, MySQL, MariaDB, PostgreSQL) by the queries of Halo’s SQL imports; Configuration Manager and Lansweeper on premise without a query.',
  halo: {
    modules: ['SQL Imports', 'SQL Import', 'SQLImport', 'SCCM'],
    details: {
      table: 'SQLIMPORT',
      columns: {
        ...{ name: 'SIdesc', enabled: 'siintegratorenabled', entities: 'SItable' },
        ...{ lastSync: 'SIHaloIntegratorLastSync', lastError: 'SIHaloIntegratorLastError' },
        ...{ defaultSite: 'SIdefaultsite', noNew: 'SIUpdateOnly', dontMove: 'SIDontUpdateSite' },
        ...{ dontChangeType: 'sidontupdatetype', usersSite: 'SIUseUsersSite', keepUsers: 'SIDontRemoveUsers' },
        ...{ matchField: 'siassetimportidentifier', userField: 'SInhdfield3', typeField: 'SIdatafield1' },
      },
    },
  },
  settings: importSettings,
  entities: [clientRows, userRows, assetRows],
  probe: askDatabase,
  documentation: {
    'Configuration Manager’s SQL views':
      'https://learn.microsoft.com/intune/configmgr/develop/core/understand/sqlviews/sql-server-views-configuration-manager',
  },
  assumed: [
    {
      what: 'SQLIMPORT.SItable names what is imported: AREA or Clients, USERS or Users, DEVICE or Assets.',
      evidence: 'the column’s name; its values are not public.',
      setting: 'HaloEntityNames',
    },
    {
      what: 'SIkeyfield is the column of the id, SIdatafield1 that of the type, SIdatafield2 that of the site, SIdatafield3 that of the user, whom SInhdfield3 says how to find.',
      evidence:
        'the API’s names of the same import (id, type, site, user field); the order of type and site is inferred.',
    },
    {
      what: 'sisqlprovider 0 is SQL Server; any other by the name of its driver.',
      evidence: 'it is the column’s default.',
      setting: 'Providers',
    },
    {
      what: 'Nothing is set inactive that a query no longer gives.',
      evidence: 'SQLIMPORT has no switch for it.',
      setting: 'DeactivateMissing',
    },
    {
      what: 'Columns of Lansweeper’s tables are as its reports use them.',
      evidence: 'public reports; they are looked up before they are used.',
    },
  ],
  triedAgainst:
    'MariaDB and PostgreSQL servers, both real; no SQL Server, Configuration Manager or Lansweeper was at hand.',
};
