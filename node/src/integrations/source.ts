import type { RecordShape } from '../reading/record-shape.ts';
import type { VendorPage } from '../reading/vendor-page.ts';

/**
 * Where records come from: an HTTP listing, a directory, a query. The sync checks every record by the shape, judges by the pages'
 * facts whether the list is whole, and goes on after the cursor of the last page that was written; a source does none of that.
 */
export interface Source<T = unknown> {
  /** How a record must look; what does not is set aside, named and counted. */
  readonly shape: RecordShape<T>;
  /**
   * Pages are counted, so that a record which goes at the vendor moves others to an earlier page: a run that goes on reads the
   * last page once more, and takes records for missing only where that page brings none it has not seen.
   */
  readonly pagesShift?: boolean;
  /**
   * The pages in order, from `context.cursor` on. An error of IntegratorError's ends the entity: what came before it is written, and
   * the next run goes on there. What the iteration holds (a connection, a cursor in a database) is given back in its `finally`.
   */
  pages(): AsyncIterable<VendorPage>;
}
