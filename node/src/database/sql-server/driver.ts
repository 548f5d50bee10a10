import type { TokenCredential } from '@azure/identity';
import type sql from 'mssql';
import type { DatabaseSettings } from '../../config/settings.ts';
import { WindowsSignInUnavailableError } from '../../errors/database-errors.ts';

/** mssql, on tedious or on Microsoft's ODBC driver. */
export type Driver = typeof sql;

/** Loads the driver the settings need: tedious, or msnodesqlv8 for Windows' integrated sign-in. Throws WindowsSignInUnavailableError. */
export async function loadDriver(settings: DatabaseSettings): Promise<Driver> {
  if (settings.Authentication !== 'windows') return (await import('mssql')).default;
  try {
    return ((await import('mssql/msnodesqlv8.js')) as { default: Driver }).default;
  } catch (error) {
    throw new WindowsSignInUnavailableError(error);
  }
}

/** Signs in to Entra ID with a user's password; loaded only where it is asked for, since it is as large as the driver. */
export async function entraPassword(
  { Username = '', ClientId = '', TenantId = 'common' }: DatabaseSettings,
  password = '',
): Promise<TokenCredential> {
  const { UsernamePasswordCredential } = await import('@azure/identity');
  return new UsernamePasswordCredential(TenantId, ClientId, Username, password);
}
