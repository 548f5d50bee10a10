import type { VendorAddress } from './sites.ts';
import type { Said } from './given-fields.ts';
import type { SiteRecord } from './sites.ts';

/** A client, as a vendor gives it. */
export interface ClientRecord {
  readonly id: string;
  readonly name?: Said<string>;
  readonly website?: Said<string>;
  readonly inactive?: boolean;
  readonly url?: string | undefined;
  /** Its sites; where the vendor has none, a main site is made of these: */
  readonly sites?: readonly SiteRecord[];
  readonly phone?: Said<string>;
  readonly address?: Said<VendorAddress>;
}
