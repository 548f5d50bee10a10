import type { KindContext } from '../kinds/kind.ts';
import type { VendorApi } from '../vendor-api.ts';

/** What an entity of a descriptor is opened with. */
export interface DescribedContext extends KindContext {
  /** The vendor's API, signed in and paced; opened when it is first asked for. */
  vendorApi(): VendorApi;
}
