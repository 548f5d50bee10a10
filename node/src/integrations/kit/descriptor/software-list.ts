import { ownRecords } from '../../../reading/record-shape.ts';
import type { VendorPage } from '../../../reading/vendor-page.ts';
import { ListProof } from '../../../reading/list-proof.ts';
import type { Source } from '../../source.ts';
import { filled, type Said } from '../kinds/given-fields.ts';
import type { SoftwareRecord } from '../kinds/software.ts';
import type { DeclaredSource } from '../sources/declared-source.ts';
import type { DescribedContext } from './described-context.ts';

/** A program on an asset, as a line of a list names both. */
export interface SoftwareLine {
  /** The vendor's id of the asset. */
  readonly asset: Said<string | number>;
  readonly name: Said<string>;
  readonly version?: Said<string>;
}

const assetsPerPage = 500;

/**
 * A list with a line for each program of each asset, as the software of asset after asset. Lines of one asset may stand apart, so the list
 * is read to its end first; each program is kept once, whatever number of assets has it. A list that is not whole brings nothing: what
 * a line that is lost tells of would be taken for removed. Where a part of it may be lacking, assets that it says nothing of keep theirs.
 */
export function softwareList<T>(
  source: DeclaredSource<T>,
  lineOf: (record: T) => SoftwareLine,
): (context: DescribedContext) => Source<SoftwareRecord> {
  return (context) => ({
    shape: { ...ownRecords<SoftwareRecord>(), idOf: (record) => (record as SoftwareRecord | undefined)?.id },
    pages: () => readSoftware(source, lineOf, context),
  });
}

async function* readSoftware<T>(
  source: DeclaredSource<T>,
  lineOf: (record: T) => SoftwareLine,
  context: DescribedContext,
): AsyncGenerator<VendorPage> {
  const numbers = new Map<string, number>();
  const programs: { readonly name: string; readonly version?: string }[] = [];
  const found = new Map<string, Set<number>>();
  const { readPages } = await import('../sources/open-source.ts');
  const pages = readPages(source, context.vendorApi(), { warn: (message) => context.warn(message) });
  const proof = new ListProof(source.shape, () => false);
  let unread = 0;
  for await (const page of pages) {
    proof.take(page);
    for (const record of page.records) {
      if (!source.shape.fits(record)) {
        unread++;
        continue;
      }
      const { asset, name: said, version: saidVersion } = lineOf(record);
      const [name, version] = [filled(said), filled(saidVersion)];
      if (asset === null || asset === undefined || name === undefined) {
        unread++;
        continue;
      }
      const key = `${name}\n${version ?? ''}`;
      const number = numbers.get(key) ?? programs.push({ name, ...(version !== undefined && { version }) }) - 1;
      numbers.set(key, number);
      const own = found.get(String(asset)) ?? new Set();
      found.set(String(asset), own.add(number));
    }
    proof.settle(page);
  }
  proof.end();
  const incomplete = unread > 0 || proof.doubts.length > 0;
  if (unread > 0)
    context.warn(`${context.vendor}: ${unread} lines of ${source.url} name no device or no program, and are left out.`);
  const assets = [...found];
  for (let from = 0; from === 0 || from < assets.length; from += assetsPerPage) {
    const records = assets.slice(from, from + assetsPerPage).map(([id, own]): SoftwareRecord => ({
      id,
      programs: [...own].flatMap((number) => programs[number] ?? []),
    }));
    const last = from + assetsPerPage >= assets.length;
    yield { records, incomplete, list: { begins: from === 0, total: assets.length, ...(last && { end: 'no-next' }) } };
  }
}
