import type { SchemaColumn } from '../schema/index.ts';
import { haloSchema, schemaTable } from '../schema/index.ts';
import { compared, isTextType } from './compared.ts';

/** Columns the product looks rows up by; SQLite has no index on them otherwise. */
const indexes: readonly (readonly [table: string, columns: readonly string[]])[] = [
  ['ExternalLink', ['ELModuleId', 'ELTableId', 'ELDetailsId', 'ELThirdPartyId']],
  ['ExternalLink', ['ELHaloId', 'ELTableId']],
  ['Licence', ['Larea']],
  ['SITE', ['Sarea', 'sdesc']],
  ['SITE', ['sdesc']],
  ['SITE', ['SNinjaRMMId']],
  ['SITE', ['scautomateid']],
  ['USERS', ['Usite', 'uemail']],
  ['USERS', ['uemail']],
  ['USERS', ['UAzureOID']],
  ['USERS', ['Usite', 'uusername']],
  ['USERS', ['UActGuid']],
  ['USERS', ['UOktaId']],
  ['USERS', ['UGWid']],
  ['USERS', ['Ulogin']],
  ['USERS', ['USamAccountName']],
  ['UNAME', ['usmtp']],
  ['UNAME', ['uname']],
  ['DEVICE', ['Did']],
  ['DEVICE', ['Dsite', 'dinvno']],
  ['DEVICE', ['DIntuneId']],
  ['USERDEVICE', ['uduserid']],
  ['DeviceApplications', ['dauserid', 'damsid']],
  ['DeviceApplications', ['DADID', 'damsid']],
  ['AREA', ['aareadesc']],
  ['AREA', ['ADattoId']],
  ['AREA', ['AAuvikId']],
  ['AREA', ['ANinjaRMMId']],
  ['AREA', ['acautomateid']],
  ['ITEM', ['idesc']],
  ['ITEM', ['ithirdpartyid']],
  ['FAULTS', ['FMailEntryID']],
  ['FAULTS', ['reportedby', 'datecreated']],
  ['FAULTS', ['FInternetMessageId']],
  ['ACTIONS', ['AInternetMessageId']],
  ['IncomingEmail', ['IEMBID', 'IEMailID']],
  ['IncomingEmail', ['IEID']],
  ['ATTACHMENTACTION', ['AAid']],
  ['ATTACHMENTACTION', ['AAfaultid', 'AAActionNumber']],
  ['ATTACHMENTACTION', ['AAATID']],
];

const newGuid =
  "(lower(hex(randomblob(4)))||'-'||lower(hex(randomblob(2)))||'-4'||substr(lower(hex(randomblob(2))),2)" +
  "||'-a'||substr(lower(hex(randomblob(2))),2)||'-'||lower(hex(randomblob(6))))";

/** Quotes an identifier. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** SQLite's storage class for a SQL Server type. */
export function storageOf(type: string): 'INTEGER' | 'REAL' | 'TEXT' | 'BLOB' {
  switch (type) {
    case 'int':
    case 'bigint':
    case 'smallint':
    case 'tinyint':
    case 'bit':
      return 'INTEGER';
    case 'float':
    case 'real':
    case 'money':
    case 'decimal':
    case 'numeric':
      return 'REAL';
    case 'varbinary':
    case 'binary':
    case 'image':
      return 'BLOB';
    default:
      return 'TEXT';
  }
}

/** A T-SQL default as SQLite writes it. */
function defaultOf(column: SchemaColumn): string {
  const text = column.default ?? 'null';
  if (/^new(sequential)?id\(\)$/i.test(text)) return newGuid;
  // SQL Server counts days from 1900 and holds any bit that is not 0 to be 1.
  if (column.type === 'datetime' && text === '0') return "'1900-01-01T00:00:00.000Z'";
  if (column.type === 'bit') return Number(text) === 0 ? '0' : '1';
  return storageOf(column.type) === 'TEXT' && !text.startsWith("'") ? `'${text}'` : text;
}

function definitionOf(column: SchemaColumn, keyed: boolean): string {
  const name = quote(column.name);
  const storage = storageOf(column.type);
  if (keyed) return `${name} INTEGER PRIMARY KEY${column.identity ? ' AUTOINCREMENT' : ''}`;
  return [
    name,
    storage,
    storage === 'TEXT' ? 'COLLATE NOCASE' : '',
    column.nullable ? '' : 'NOT NULL',
    column.hasDefault ? `DEFAULT ${defaultOf(column)}` : '',
    column.length === undefined
      ? ''
      : `CONSTRAINT ${quote(`${column.name} takes at most ${column.length}`)} CHECK (length(${name}) <= ${column.length})`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** The statements that make one table of the schema facts with its indexes. */
export function createTableStatements(name: string): string[] {
  const table = schemaTable(name);
  return table ? tableStatements(table, [...table.columns.values()]) : [];
}

/** The same for a table of these of its columns. */
export function tableStatements(
  table: NonNullable<ReturnType<typeof schemaTable>>,
  columns: readonly SchemaColumn[],
): string[] {
  const identity = columns.find((column) => column.identity);
  const onlyKey = table.primaryKey.length === 1 ? table.columns.get(table.primaryKey[0] ?? '') : undefined;
  const rowKey = identity ?? (onlyKey && storageOf(onlyKey.type) === 'INTEGER' ? onlyKey : undefined);
  const parts = columns.map((column) => definitionOf(column, column === rowKey));
  if (onlyKey !== rowKey || !rowKey) {
    if (table.primaryKey.length > 0) parts.push(`UNIQUE (${table.primaryKey.map(quote).join(', ')})`);
  }
  return [
    `CREATE TABLE IF NOT EXISTS ${quote(table.name)} (\n${parts.join(',\n')}\n) STRICT`,
    ...indexesOf(table)
      .filter(({ by }) => by.every((name) => columns.some((column) => column.name === name)))
      .map(({ statement }) => statement),
  ];
}

/** The statements that bring the indexes of a file that an earlier release made up to date, by the names of those it has. */
export function indexStatements(present: ReadonlySet<string>): string[] {
  // Of the other tables, which are many, the facts are not read for it.
  return [...new Set(indexes.map(([name]) => name))].flatMap((name) => {
    const table = schemaTable(name);
    return (table ? indexesOf(table) : []).flatMap((index) => [
      ...(present.has(index.name) ? [] : [index.statement]),
      ...(index.earlier !== index.name && present.has(index.earlier)
        ? [`DROP INDEX IF EXISTS ${quote(index.earlier)}`]
        : []),
    ]);
  });
}

/** The indexes of a table; one that leads to texts holds them as they are compared. */
function indexesOf(table: NonNullable<ReturnType<typeof schemaTable>>) {
  return indexes
    .filter(([indexed]) => indexed === table.name)
    .map(([, by]) => {
      const parts = by.map((name) => {
        const text = isTextType(table.columns.get(name)?.type ?? '');
        return { text, sql: text ? compared(quote(name)) : quote(name) };
      });
      const earlier = `${table.name} by ${by.join(' ')}`;
      const name = parts.some(({ text }) => text) ? `${table.name} comparing ${by.join(' ')}` : earlier;
      const columns = parts.map(({ sql }) => sql).join(', ');
      return {
        by,
        name,
        earlier,
        statement: `CREATE INDEX IF NOT EXISTS ${quote(name)} ON ${quote(table.name)} (${columns})`,
      };
    });
}

/** Names of all tables an embedded database holds. */
export function embeddedTables(): readonly string[] {
  return [...haloSchema.keys()];
}
