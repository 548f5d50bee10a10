import type { VendorPage } from '../../../reading/vendor-page.ts';
import { wholeList } from '../../../reading/whole-list.ts';
import type { DeclaredSource } from '../sources/declared-source.ts';
import type { VendorApi } from '../vendor-api.ts';
import type { DescribedContext } from './described-context.ts';

/** The pages of a declared list, from a cursor on where there is one, at the place that is asked. */
export async function* pagesBy(
  source: DeclaredSource,
  context: DescribedContext,
  { api, cursor }: { readonly api: VendorApi; readonly cursor?: string | undefined },
): AsyncGenerator<VendorPage> {
  const { readPages } = await import('../sources/open-source.ts');
  yield* readPages(source, api, { cursor, warn: (message) => context.warn(message) });
}

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
  yield* wholeList(pagesBy(source, context, { api }), source.shape);
}
