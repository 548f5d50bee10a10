import { fieldAt } from '../../../node/src/integrations/kit/field-path.ts';
import type { SpecOperation, SpecPaging, VendorSpec } from './vendor-spec.ts';

/** A list of a vendor's, as far as faults must know it. Places are paths in the answer's body. */
export interface Listing {
  readonly method: string;
  /** With `{names}` for its variable parts. */
  readonly path: string;
  /** What the body of a request names, where one path has several lists (GraphQL). */
  readonly asks?: string;
  readonly format?: 'json' | 'xml' | 'csv';
  readonly records: string;
  readonly id: string;
  readonly paging: SpecPaging['style'];
  /** The parameter that is not there on the first page, or has the number of that. */
  readonly parameter?: string;
  readonly firstPage?: string;
  readonly total?: string;
  readonly pages?: string;
  readonly more?: string;
  readonly next?: string;
  /** The cursor is a name that stays. */
  readonly named?: boolean;
}

/** The lists of a described vendor. */
export function listingsOf(spec: VendorSpec): readonly Listing[] {
  return spec.operations.flatMap((operation) => (operation.lists === undefined ? [] : listingBy(spec, operation)));
}

function listingBy(spec: VendorSpec, operation: SpecOperation): Listing {
  const { method, path, format, records = '', paging = { style: 'whole' } } = operation;
  const fields = spec.schemas[operation.lists ?? '']?.properties ?? {};
  const says = 'says' in paging ? (paging.says as Readonly<Record<string, string | undefined>> | undefined) : undefined;
  return {
    method,
    path: spec.base + path,
    ...(operation.asks !== undefined && { asks: operation.asks }),
    ...(format && { format }),
    records,
    id: paging.style === 'last-id' ? paging.id : 'id' in fields ? 'id' : (Object.keys(fields)[0] ?? 'id'),
    paging: paging.style,
    ...('parameter' in paging && { parameter: paging.parameter }),
    ...(paging.style === 'page' && { firstPage: String(paging.first) }),
    ...(paging.style === 'offset' && { firstPage: '0' }),
    ...(says?.['total'] !== undefined && { total: says['total'] }),
    ...(says?.['pages'] !== undefined && { pages: says['pages'] }),
    ...(says?.['more'] !== undefined && { more: says['more'] }),
    ...('next' in paging && paging.next !== undefined && { next: paging.next }),
    ...('moves' in paging && paging.moves !== undefined && { named: true }),
  };
}

/** The list that is asked for; undefined for any other request. */
export function listingOf(listings: readonly Listing[], method: string, path: string, body = ''): Listing | undefined {
  return listings.find(
    (one) => one.method === method && patternOf(one.path).test(path) && body.includes(one.asks ?? ''),
  );
}

/** Whether a request asks for a list's first page. */
export function isFirstPage({ parameter, firstPage }: Listing, url: URL, body: string): boolean {
  if (parameter === undefined) return true;
  const inBody = body.startsWith('{') ? fieldAt(JSON.parse(body), parameter) : undefined;
  const value = url.searchParams.get(parameter) ?? inBody;
  return value === null || value === undefined || String(value) === firstPage;
}

function patternOf(path: string): RegExp {
  const pattern = path.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`).replaceAll(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`);
}
