import { wholeList } from '../../../reading/whole-list.ts';
import type { DeclaredSource } from '../sources/declared-source.ts';
import type { DescribedContext } from './described-context.ts';

/**
 * A declared list that only serves to look something up, read from its beginning to its end, page by page. Throws IncompleteListError, and
 * what a request to the vendor throws.
 */
export async function* listedBy<T>(source: DeclaredSource<T>, context: DescribedContext): AsyncGenerator<readonly T[]> {
  const { readPages } = await import('../sources/open-source.ts');
  yield* wholeList(readPages(source, context.vendorApi(), { warn: (message) => context.warn(message) }), source.shape);
}
