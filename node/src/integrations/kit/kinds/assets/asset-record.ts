import type { Said } from '../given-fields.ts';
import type { FoundSite } from '../site-finder.ts';

/** A value of a vendor's field; a date becomes the text that Halo keeps. */
export type VendorFieldValue = string | number | boolean | Date | null | undefined;

/** A device as a vendor's mapping gives it. What the vendor does not say is absent, null or empty. */
export interface AssetRecord {
  /** The vendor's id of it. */
  readonly id: string;
  /** What it is called: its asset tag, where it is new or follows the vendor. */
  readonly name: Said<string>;
  /** What kind of thing it is in the vendor's words, for the mappings of types (XTypeMapping). */
  readonly type?: Said<string>;
  /** Where it is: the vendor's client, its site there, or both. */
  readonly client?: Said<string>;
  readonly clientName?: Said<string>;
  readonly site?: Said<string>;
  readonly siteName?: Said<string>;
  /** The site, where Halo's own rows say it; then no other is looked for. */
  readonly found?: FoundSite | undefined;
  /** Its serial number, by which an asset that is not linked yet is found; what makers leave in its place is none. */
  readonly serial?: Said<string>;
  /** What else is known of it, by the vendor's names of fields: which of them are written, and where, IntegrationFieldMapping says. */
  readonly fields?: Readonly<Record<string, VendorFieldValue>>;
  /** Fields of the asset itself that are kept for this vendor, such as its address there, by Halo's names. */
  readonly own?: Readonly<Record<string, string | number>>;
  /** Whose it may be (sign-in names, e-mail addresses, or the vendor's ids of users), the likeliest first. */
  readonly owners?: readonly Said<string>[];
  /** The vendor itself says that it is gone or out of use. */
  readonly retired?: boolean;
  /** All the software found on it; absent where that was not read. */
  readonly software?: readonly { readonly name: Said<string>; readonly version?: Said<string> }[];
  /** Its page at the vendor. */
  readonly url?: Said<string>;
}
