import type { config } from 'mssql';
import type { DatabaseSettings } from '../../config/settings.ts';
import { NtlmUserError } from '../../errors/database-errors.ts';
import { parseServer } from './server-address.ts';

/** Milliseconds a statement and a connection may take. */
const requestTimeout = 120_000;
const connectionTimeout = 15_000;

/** The driver's configuration for one pool. A pinned connection is a pool of one. Throws NtlmUserError. */
export function connectionConfig(
  settings: DatabaseSettings,
  password: string | undefined,
  purpose: string,
  connections: number,
): config {
  const { host, port, instance } = parseServer(settings.Server);
  const base: config = {
    server: host,
    ...(port !== undefined && { port }),
    database: settings.Name,
    requestTimeout,
    connectionTimeout,
    pool: { min: 0, max: connections, idleTimeoutMillis: connections === 1 ? 2 ** 31 - 1 : 30_000 },
    options: {
      encrypt: settings.Encrypt ?? true,
      trustServerCertificate: settings.TrustServerCertificate ?? false,
      appName: `HaloDBIntegrator ${purpose}`.slice(0, 128),
      useUTC: true,
      abortTransactionOnError: true,
      ...(instance !== undefined && { instanceName: instance }),
    },
  };
  return { ...base, ...signIn(settings, password) } as config;
}

function signIn(settings: DatabaseSettings, password: string | undefined): object {
  const { Username, ClientId, TenantId } = settings;
  switch (settings.Authentication ?? 'sql') {
    case 'windows':
      return { options: { trustedConnection: true } };
    case 'ntlm': {
      const [, domain, account] = /^([^\\]+)\\(.+)$/.exec(Username ?? '') ?? [];
      if (!domain || !account) throw new NtlmUserError(Username ?? '');
      return { user: account, password, domain };
    }
    case 'entra-token':
      return { authentication: { type: 'azure-active-directory-access-token', options: { token: password } } };
    case 'entra-password':
      return {
        authentication: {
          type: 'azure-active-directory-password',
          options: { userName: Username, password, clientId: ClientId, tenantId: TenantId },
        },
      };
    default:
      return { user: Username, password };
  }
}
