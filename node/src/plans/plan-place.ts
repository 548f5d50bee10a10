import { isEmbedded } from '../config/embedded.ts';
import type { LoadedSettings } from '../config/settings.ts';
import type { PlanHead } from './plan-file.ts';

/** The instance and the database that settings are for, as a plan names them. */
export function planPlace({ settings, folder }: LoadedSettings): Pick<PlanHead, 'instance' | 'database'> {
  const { Database } = settings;
  const database = isEmbedded(Database) ? Database.Name : `${Database.Name} on ${Database.Server}`;
  return { instance: folder, database };
}
