import { readFileSync } from 'node:fs';

/**
 * A vendor's API as far as it is called: our own description of methods, paths, parameters, fields and types. It lies beside the
 * integration's contract as `reduced-spec.json`; the sandbox made from it refuses whatever is not described.
 */
export interface VendorSpec {
  /** Where this is known from. */
  readonly source: string;
  /** What comes before each path. */
  readonly base: string;
  readonly letsIn: LetsIn;
  readonly operations: readonly SpecOperation[];
  /** The records' fields, by the name of the schema: JSON schemas of objects. */
  readonly schemas: Readonly<Record<string, RecordSchema>>;
}

/** What lets a request in. `{token}` in a value is the token that was given last. */
export interface LetsIn {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** How a token is asked for; absent where there are none. */
  readonly token?: TokenOperation;
}

/** A request for a token: these fields and headers, in this form, or it is refused. */
export interface TokenOperation {
  readonly path: string;
  readonly sends: 'form' | 'json' | 'text';
  /** `*` stands for any value (a signature). */
  readonly fields: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The answer, with `{token}` somewhere in it. */
  readonly answers: Readonly<Record<string, unknown>>;
}

/** A request the vendor describes. */
export interface SpecOperation {
  readonly method: 'GET' | 'POST';
  /** Below the base, with `{names}` for its variable parts. */
  readonly path: string;
  /** What its body names, where one path has several operations (GraphQL). */
  readonly asks?: string;
  readonly query?: Readonly<Record<string, SpecParameter>>;
  /** Fields of a JSON body, by their paths; others are refused. */
  readonly body?: Readonly<Record<string, SpecParameter>>;
  /** The schema of the records it lists. */
  readonly lists?: string;
  /** Where the records are in the answer; absent where the answer is the list. */
  readonly records?: string;
  readonly format?: 'json' | 'xml' | 'csv';
  readonly paging?: SpecPaging;
  /** Which parameters, or headers (`header:x-tenant-id`), filter, each by a field: equal to it, one of a comma list, or changed since. */
  readonly filters?: Readonly<Record<string, { readonly field: string; readonly by?: 'equal' | 'any' | 'since' }>>;
  /** The list is one of a record's: of those whose field has the value of a part of the path. */
  readonly of?: { readonly schema: string; readonly part: string; readonly field: string };
  /** Field it can be sorted by, and the parameters that say so. */
  readonly sort?: { readonly parameter: string; readonly direction?: string };
  /** What else the answer holds; where nothing is listed, all of it. */
  readonly answers?: Readonly<Record<string, unknown>>;
}

/** A parameter: a JSON schema of the plain kind. */
export interface SpecParameter {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: boolean;
}

/** How a vendor pages. `size` is the parameter's name; `says` where the answer says what. */
export type SpecPaging =
  | { readonly style: 'whole'; readonly says?: { readonly total?: string } }
  | (Sized & {
      readonly style: 'page';
      readonly parameter: string;
      readonly first: 0 | 1;
      readonly says?: {
        readonly total?: string;
        readonly pages?: string;
        readonly number?: string;
        readonly more?: string;
        readonly size?: string;
      };
    })
  | (Sized & {
      readonly style: 'offset';
      readonly parameter: string;
      readonly says?: { readonly total?: string; readonly more?: string };
    })
  | (Sized & { readonly style: 'last-id'; readonly parameter: string; readonly id: string })
  | (Sized & {
      readonly style: 'cursor';
      readonly parameter: string;
      readonly next: string;
      /** The cursor is a name that stays, and this is where the answer says how far it is. */
      readonly moves?: string;
      readonly says?: { readonly total?: string; readonly more?: string };
    })
  /** Without a place, the link is in the Link header. */
  | (Sized & {
      readonly style: 'link';
      readonly parameter: string;
      readonly next?: string;
      readonly says?: { readonly total?: string };
    });

/** Records on a page: where nothing is asked for, and at most, whatever is asked for. */
interface Sized {
  readonly size?: string;
  readonly usual: number;
  readonly most: number;
}

/** A record's fields. */
export interface RecordSchema {
  readonly type?: string;
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, FieldSchema>>;
}

/** A field: a JSON schema, and what it refers to. */
export interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly items?: FieldSchema;
  /** The schema whose id it is. */
  readonly refersTo?: string;
  /** An example of its value. */
  readonly example?: unknown;
}

/** Reads a description; `from` is the address of the file that asks, beside which it lies. */
export function readVendorSpec(from: string, name = 'reduced-spec.json'): VendorSpec {
  return JSON.parse(readFileSync(new URL(`./${name}`, from), 'utf8')) as VendorSpec;
}

/** The operation a request is, with the parts of its path; undefined when none is described. */
export function operationOf(
  spec: VendorSpec,
  method: string,
  path: string,
  body = '',
): { operation: SpecOperation; parts: Readonly<Record<string, string>> } | undefined {
  for (const operation of spec.operations) {
    if (operation.method !== method || !body.includes(operation.asks ?? '')) continue;
    const names: string[] = [];
    const pattern = (spec.base + operation.path)
      .replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`)
      .replaceAll(/\{(\w+)\}/g, (_, name: string) => (names.push(name), '([^/]+)'));
    const match = new RegExp(`^${pattern}$`).exec(path);
    if (!match) continue;
    const parts = names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]);
    return { operation, parts: Object.fromEntries(parts) as Record<string, string> };
  }
  return undefined;
}

/** What the description says against a request's parameters, one sentence each. */
export function parameterFaults(
  declared: Readonly<Record<string, SpecParameter>> | undefined,
  given: readonly (readonly [name: string, value: unknown])[],
): readonly string[] {
  const unknown = given.flatMap(([name, value]) => {
    const parameter = declared?.[name];
    return parameter ? (valueFault(name, value, parameter) ?? []) : `Unknown parameter "${name}".`;
  });
  const names = new Set(given.map(([name]) => name));
  const missing = Object.entries(declared ?? {}).flatMap(([name, { required }]) =>
    required && !names.has(name) ? `"${name}" is missing.` : [],
  );
  return [...unknown, ...missing];
}

function valueFault(name: string, value: unknown, parameter: SpecParameter): string | undefined {
  if (parameter.enum) {
    const one = parameter.enum.some((allowed) => String(allowed) === String(value));
    return one ? undefined : `"${name}" must be one of ${parameter.enum.join(', ')}.`;
  }
  if (parameter.type === 'boolean')
    return /^(true|false)$/.test(String(value)) ? undefined : `"${name}" must be true or false.`;
  if (parameter.type !== 'integer' && parameter.type !== 'number') return undefined;
  const number = Number(value);
  const fits = value !== '' && (parameter.type === 'number' ? Number.isFinite(number) : Number.isInteger(number));
  if (!fits || number < (parameter.minimum ?? -Infinity)) return `"${name}" is not a valid number.`;
  return number > (parameter.maximum ?? Infinity) ? `"${name}" must not be more than ${parameter.maximum}.` : undefined;
}
