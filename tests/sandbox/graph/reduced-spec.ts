import { readFileSync } from 'node:fs';
import type { SpecOperation } from './graph-routes.ts';

/** What Graph looks like, as far as it is called: our own description of methods, paths, parameters, fields and types. */
export interface ReducedSpec {
  readonly operations: readonly SpecOperation[];
  readonly schemas: Readonly<Record<string, { readonly properties: Readonly<Record<string, object>> }>>;
}

/** Reads the description of the directory's and Intune's requests that lies beside this file. */
export function readDirectorySpec(): ReducedSpec {
  return JSON.parse(readFileSync(new URL('./reduced-spec.json', import.meta.url), 'utf8')) as ReducedSpec;
}

/** The described operation; throws for one that is not described. */
export function operationOf(spec: ReducedSpec, method: string, path: string): SpecOperation {
  const found = spec.operations.find((one) => one.method === method && one.path === path);
  if (!found) throw new Error(`${method} ${path} is not described`);
  const names = found.answers === undefined ? [] : Object.keys(spec.schemas[found.answers]?.properties ?? {});
  const select = found.query['$select'];
  return select ? { ...found, query: { ...found.query, $select: { ...select, names } } } : found;
}
