import type { KindContext } from '../kinds/kind.ts';
import type { Values } from '../fill-in.ts';
import type { VendorApi } from '../vendor-api.ts';

/** What an entity of a descriptor is opened with. */
export interface DescribedContext extends KindContext {
  /**
   * The vendor's API, signed in and paced; opened when it is first asked for.
   * @param more values beside the settings, where one connection signs in to several places: `{ tenant: … }`. Each has an API of its own.
   */
  vendorApi(more?: Values): VendorApi;
}
