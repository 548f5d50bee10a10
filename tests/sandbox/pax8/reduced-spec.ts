import { readFileSync } from 'node:fs';

/** A value of the specification's: a JSON schema of the plain kind. */
export interface SpecSchema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
}

/** A request Pax8 describes. */
export interface SpecOperation {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, SpecSchema>>;
  readonly body?: string;
  readonly answers?: string;
  /** The schema of the records it lists. */
  readonly lists?: string;
}

/** What Pax8's API looks like, as far as it is called: our own description of methods, paths, parameters, fields and types. */
export interface ReducedSpec {
  readonly base: string;
  readonly operations: readonly SpecOperation[];
  readonly schemas: Readonly<Record<string, object>>;
}

/** Reads the description that lies beside this file. */
export function readReducedSpec(): ReducedSpec {
  return JSON.parse(readFileSync(new URL('./reduced-spec.json', import.meta.url), 'utf8')) as ReducedSpec;
}

/** The operation a request is, with the parts of its path; undefined when Pax8 describes none. */
export function operationOf(
  spec: ReducedSpec,
  method: string,
  path: string,
): { operation: SpecOperation; parts: Readonly<Record<string, string>> } | undefined {
  for (const operation of spec.operations) {
    if (operation.method !== method) continue;
    const pattern = operation.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    const match = new RegExp(`^${spec.base}${pattern}$`).exec(path);
    if (match) return { operation, parts: { ...match.groups } };
  }
  return undefined;
}

/** What the specification says against a query, one sentence each. */
export function queryFaults(operation: SpecOperation, query: URLSearchParams): readonly string[] {
  return [...query].flatMap(([name, text]) => {
    const schema = operation.query[name];
    if (!schema) return [`Unknown parameter "${name}".`];
    return valueFault(name, text, schema) ?? [];
  });
}

function valueFault(name: string, text: string, schema: SpecSchema): string | undefined {
  if (schema.enum && !schema.enum.includes(text)) return `"${name}" must be one of ${schema.enum.join(', ')}.`;
  if (schema.type === 'boolean' && text !== 'true' && text !== 'false') return `"${name}" must be true or false.`;
  if (schema.type !== 'number') return undefined;
  const number = Number(text);
  if (text === '' || !Number.isInteger(number) || number < (schema.minimum ?? 0))
    return `"${name}" is not a valid number.`;
  return number > (schema.maximum ?? Infinity) ? `"${name}" must not be more than ${schema.maximum}.` : undefined;
}
