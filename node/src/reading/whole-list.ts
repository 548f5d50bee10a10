import { ListProof } from './list-proof.ts';
import type { RecordShape } from './record-shape.ts';
import type { VendorPage } from './vendor-page.ts';

/**
 * The pages of a list that another one depends on, such as the contacts of each company, read from its beginning to its end. Throws
 * IncompleteListError where it is not whole.
 */
export async function* provenPages(
  pages: AsyncIterable<VendorPage>,
  shape: RecordShape<unknown>,
): AsyncGenerator<VendorPage> {
  const proof = new ListProof(shape, () => false);
  for await (const page of pages) {
    proof.take(page);
    yield page;
    proof.settle(page);
  }
}

/** A list that only serves to look something up, page by page: records that do not fit the shape are passed over. Throws IncompleteListError. */
export async function* wholeList<T>(
  pages: AsyncIterable<VendorPage>,
  shape: RecordShape<T>,
): AsyncGenerator<readonly T[]> {
  for await (const { records } of provenPages(pages, shape)) yield records.filter((record) => shape.fits(record));
}
