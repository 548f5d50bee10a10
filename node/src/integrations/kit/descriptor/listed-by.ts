import { wholeList } from '../../../reading/whole-list.ts';
import type { DeclaredSource } from '../sources/declared-source.ts';
import type { VendorApi } from '../vendor-api.ts';
import type { DescribedContext } from './described-context.ts';

/**
 * A declared list that only serves to look something up, read from its beginning to its end, page by page. Throws IncompleteListError, and
 * what a request to the vendor throws.
 * @param api the place that is asked, where a connection signs in to several
 */
export async function* listedBy<T>(
  source: DeclaredSource<T>,
  context: DescribedContext,
  api: VendorApi = context.vendorApi(),
): AsyncGenerator<readonly T[]> {
  const { readPages } = await import('../sources/open-source.ts');
  yield* wholeList(readPages(source, api, { warn: (message) => context.warn(message) }), source.shape);
}
