import type { HaloDatabaseSettings } from '../config/settings.ts';
import type { Database } from '../database/database.ts';
import type { Clock } from '../environment.ts';

/** What the built-in API is made from. */
export interface HaloApiParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly settings: HaloDatabaseSettings;
  /** Address of Halo's web app, for instance information. */
  readonly haloUrl?: string;
  /** Name recorded as author in history rows. */
  readonly author: string;
  warn(message: string): void;
}
