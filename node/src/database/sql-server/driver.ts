import type sql from 'mssql';
import type { DatabaseSettings } from '../../config/settings.ts';
import { WindowsSignInUnavailableError } from '../../errors/database-errors.ts';

/** mssql, on tedious or on Microsoft's ODBC driver. */
export type Driver = typeof sql;

/** Loads the driver the settings need: tedious, or msnodesqlv8 for Windows' integrated sign-in. */
export async function loadDriver(settings: DatabaseSettings): Promise<Driver> {
  if (settings.Authentication !== 'windows') return (await import('mssql')).default;
  // The package is optional and a Windows one, so its name must not be followed when the engine is bundled.
  const name = 'mssql/msnodesqlv8.js';
  try {
    return ((await import(name)) as { default: Driver }).default;
  } catch (error) {
    throw new WindowsSignInUnavailableError(error);
  }
}
