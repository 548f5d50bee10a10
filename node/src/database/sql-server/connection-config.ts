import type { config } from 'mssql';
import type { DatabaseSettings } from '../../config/settings.ts';
import { NtlmUserError } from '../../errors/database-errors.ts';
import { entraPassword } from './driver.ts';
import { parseServer } from './server-address.ts';

/** Milliseconds a connection, a statement or a bulk load may take. */
export interface Timeouts {
  readonly connection: number;
  readonly request: number;
}
const usualTimeouts: Timeouts = { connection: 15_000, request: 120_000 };

/** Bytes in a packet: four times the usual, for bulk loads; encrypted ones may have 16,383. */
const packetSize = 16_000;

/** Microsoft's ODBC drivers, the newest first; which one is installed is not known before it is tried. */
const odbcDrivers = ['ODBC Driver 18 for SQL Server', 'ODBC Driver 17 for SQL Server'];

/**
 * The driver's configurations for one pool, to be tried in turn; there are several only for Windows sign-in. A pinned
 * connection is a pool of one. Throws NtlmUserError.
 */
export async function connectionConfigs(
  settings: DatabaseSettings,
  password: string | undefined,
  purpose: string,
  connections: number,
  timeouts: Timeouts = usualTimeouts,
): Promise<config[]> {
  const { host, port, instance } = parseServer(settings.Server);
  const appName = `HaloDBIntegrator ${purpose}`.slice(0, 128);
  const base: config = {
    server: host,
    ...(port !== undefined && { port }),
    database: settings.Name,
    requestTimeout: timeouts.request,
    connectionTimeout: timeouts.connection,
    // A look at the socket is enough, and costs no round trip: what is lost is noticed and repeated.
    validateConnection: 'socket',
    pool: { min: 0, max: connections, idleTimeoutMillis: connections === 1 ? 2 ** 31 - 1 : 30_000 },
    options: {
      encrypt: settings.Encrypt ?? true,
      trustServerCertificate: settings.TrustServerCertificate ?? false,
      appName,
      useUTC: true,
      packetSize,
      // All addresses of an availability group's listener at once: one by one, those of the other subnets use up the time.
      multiSubnetFailover: true,
      abortTransactionOnError: true,
      // Failures are told or repeated here; the driver would take a missing database for one that passes.
      maxRetriesOnTransientErrors: 0,
      ...(instance !== undefined && { instanceName: instance }),
    },
  } as config;
  if (settings.Authentication === 'windows')
    return odbcDrivers.map((driver) => ({ ...base, connectionString: odbcString(settings, driver, appName) }));
  return [{ ...base, ...(await signIn(settings, password)) }];
}

/** ODBC's connection string for Windows sign-in; values stand in braces, so that none can end its part. */
export function odbcString(settings: DatabaseSettings, driver: string, appName: string): string {
  const { host, port, instance } = parseServer(settings.Server);
  const parts = {
    Driver: driver,
    Server: instance === undefined ? `${host},${port ?? 1433}` : `${host}\\${instance}`,
    Database: settings.Name,
    Trusted_Connection: 'Yes',
    Encrypt: settings.Encrypt === false ? 'No' : 'Yes',
    TrustServerCertificate: settings.TrustServerCertificate ? 'Yes' : 'No',
    MultiSubnetFailover: 'Yes',
    APP: appName,
  };
  return Object.entries(parts)
    .map(([name, value]) => `${name}={${value.replaceAll('}', '}}')}}`)
    .join(';');
}

async function signIn(settings: DatabaseSettings, password: string | undefined): Promise<Partial<config>> {
  const { Username } = settings;
  switch (settings.Authentication) {
    case 'ntlm': {
      const [, domain, account] = /^([^\\]+)\\(.+)$/.exec(Username ?? '') ?? [];
      if (!domain || !account) throw new NtlmUserError(Username ?? '');
      return { user: account, password: password ?? '', domain };
    }
    case 'entra-token':
      return {
        authentication: { type: 'azure-active-directory-access-token', options: { token: password } },
      } as Partial<config>;
    case 'entra-password':
      return {
        authentication: { type: 'token-credential', options: { credential: await entraPassword(settings, password) } },
      } as Partial<config>;
    default:
      return { user: Username ?? '', password: password ?? '' };
  }
}
