import { codeMeanings } from '../code-lists.ts';
import { SourceImportError } from '../../errors/source-database-errors.ts';
import type { VendorContext } from '../connection.ts';
import type { SettingDeclaration } from '../kit/descriptor/descriptor.ts';
import type { SourceDatabaseAddress, SourceDialect } from '../kit/sql/source-database.ts';
import { textIn } from '../halo-row.ts';

type Row = Readonly<Record<string, unknown>>;

/** Settings of the integration in appsettings.json; where each import's database is, its row in Halo says. */
export const importSettings: Readonly<Record<string, SettingDeclaration>> = {
  Passwords: {
    type: 'string',
    secret: true,
    perName: true,
    description: 'The password of each import’s account, by the import’s name in Halo (Halo keeps its own encrypted).',
  },
  Encrypt: { type: 'boolean', default: true, description: 'Encrypt the connections to the databases.' },
  TrustServerCertificate: {
    type: 'boolean',
    default: false,
    description: 'Take any certificate of a database server. Only for a network you trust.',
  },
  DeactivateMissing: {
    type: 'boolean',
    default: false,
    description: 'Set inactive what an import brought before and its query no longer gives.',
  },
  Providers: {
    type: 'string[]',
    words: ['sql-server', 'mysql', 'postgresql'],
    description:
      'What numbers in SQLIMPORT.sisqlprovider mean, each as "code=sql-server", "code=mysql" or "code=postgresql".',
  },
};

/** Where an import's database is. Throws SourceImportError. */
export function addressOf({
  connection,
  settings,
}: Pick<VendorContext, 'connection' | 'settings'>): SourceDatabaseAddress {
  const { row, name } = connection;
  const [server, database] = [textIn(row['SISQLServer']), textIn(row['SISQLDatabase'])];
  const username = textIn(row['SISQLUsername']);
  const passwords = (settings['Passwords'] ?? {}) as Readonly<Record<string, unknown>>;
  const password = Object.entries(passwords).find(
    ([key]) => key.trim().toLowerCase() === name.trim().toLowerCase(),
  )?.[1];
  if (server === undefined || database === undefined)
    throw new SourceImportError(
      name,
      'it names no server or no database',
      'Name both in the import in Halo; a UDL file or a connection string is not read.',
    );
  if (username === undefined)
    throw new SourceImportError(name, 'it names no user', 'Name an account of that database in the import in Halo.');
  if (typeof password !== 'string' || password === '')
    throw new SourceImportError(
      name,
      'there is no password for it',
      `Set Integrations.SqlImport.Settings.Passwords for "${name}" with Set-HaloIntegrationSetting.`,
    );
  const port = Number(textIn(row['sisqlport']) ?? 0);
  return {
    ...{ dialect: dialectOf(row, name, settings), server, database, username, password },
    ...(port > 0 && { port }),
    encrypt: settings['Encrypt'] !== false,
    trustServerCertificate: settings['TrustServerCertificate'] === true,
  };
}

/** The driver's name says it; else the code, of which 0 alone is known (SQL Server, inferred from its being the default). */
function dialectOf(row: Row, name: string, settings: Row): SourceDialect {
  const driver = textIn(row['sisqldriver']) ?? '';
  if (/mysql|mariadb/i.test(driver)) return 'mysql';
  if (/postgres|pgsql/i.test(driver)) return 'postgresql';
  if (/sql server|sqlncli|msoledb|tds/i.test(driver)) return 'sql-server';
  const code = Number(row['sisqlprovider'] ?? 0);
  const meant = codeMeanings(settings['Providers']).get(String(code))?.toLowerCase();
  if (meant === 'mysql' || meant === 'postgresql' || meant === 'sql-server') return meant;
  if (code === 0 && driver === '') return 'sql-server';
  throw new SourceImportError(
    name,
    `its provider ${code}${driver && ` with the driver "${driver}"`} is not known`,
    `Set Integrations.SqlImport.Settings.Providers to "${code}=sql-server", "${code}=mysql" or "${code}=postgresql".`,
  );
}
