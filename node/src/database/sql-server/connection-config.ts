import type { config } from 'mssql';
import type { DatabaseSettings } from '../../config/settings.ts';
import { parseServer } from './server-address.ts';

/** The driver's configuration for one pool; `windows` has none here, it goes by msnodesqlv8. */
export function connectionConfig(
  settings: DatabaseSettings,
  password: string | undefined,
  purpose: string,
  connections: number,
): config {
  const { host, port, instance } = parseServer(settings.Server);
  const way = settings.Authentication ?? 'sql';
  const [domain, account] = way === 'ntlm' ? (settings.Username ?? '').split('\\') : [undefined, settings.Username];
  const base: config = {
    server: host,
    ...(port !== undefined && { port }),
    database: settings.Name,
    requestTimeout: 120_000,
    connectionTimeout: 15_000,
    pool: { min: 0, max: connections, idleTimeoutMillis: connections === 1 ? 2 ** 31 - 1 : 30_000 },
    options: {
      encrypt: settings.Encrypt ?? true,
      trustServerCertificate: settings.TrustServerCertificate ?? false,
      appName: `HaloDBIntegrator ${purpose}`.slice(0, 128),
      useUTC: true,
      ...(instance !== undefined && { instanceName: instance }),
    },
  };
  if (way === 'entra-token') {
    return {
      ...base,
      authentication: { type: 'azure-active-directory-access-token', options: { token: password } },
    } as config;
  }
  if (way === 'entra-password') {
    const options = { userName: account, password };
    return { ...base, authentication: { type: 'azure-active-directory-password', options } } as config;
  }
  return {
    ...base,
    ...(account !== undefined && { user: account }),
    ...(password !== undefined && { password }),
    ...(domain !== undefined && { domain }),
  };
}
