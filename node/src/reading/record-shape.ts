/**
 * What a field of a vendor's record may hold, as data. `id` is a text or a whole number, since vendors write ids both ways; `texts` a
 * list of texts; `any` is not looked at. Where fields stand in place of a kind, the value is an object with these, and in brackets
 * a list of such objects. Every field may be missing or null.
 */
export type FieldShape =
  | 'text'
  | 'number'
  | 'boolean'
  | 'id'
  | 'texts'
  | 'any'
  | { readonly [field: string]: FieldShape }
  | readonly [{ readonly [field: string]: FieldShape }];

/** The fields of a record that are used; others are ignored. */
export type FieldShapes = Readonly<Record<string, FieldShape>>;

type ValueOf<S> = S extends 'text'
  ? string
  : S extends 'number'
    ? number
    : S extends 'boolean'
      ? boolean
      : S extends 'id'
        ? string | number
        : S extends 'texts'
          ? readonly string[]
          : S extends 'any'
            ? unknown
            : S extends readonly [infer Item]
              ? readonly FieldsOf<Item>[]
              : FieldsOf<S>;

type FieldsOf<S> = { readonly [K in keyof S]?: ValueOf<S[K]> | null | undefined };

/** The record that a shape lets through. */
export type RecordOf<S> = S extends RecordShape<infer T> ? T : never;

/**
 * How a vendor's record must look to be mapped, declared once for each kind of record. What does not fit is set aside with the
 * reason, and the rest goes on.
 */
export interface RecordShape<T> {
  /** Why a record does not fit, as a sentence; undefined where it does. Costs no more than a look at each field. */
  troubleOf(record: unknown): string | undefined;
  /** Whether a record fits. */
  fits(record: unknown): record is T;
  /** The vendor's id of a record, however odd the rest of it is; undefined where none can be read. */
  idOf(record: unknown): string | undefined;
  /** What an administrator knows the record by; undefined where nothing can be read. */
  nameOf(record: unknown): string | undefined;
}

type Check = (value: unknown) => string | undefined;

/**
 * Declares a record by its fields.
 * @param names the field of its id, and the fields it is named by, the first that holds a text
 */
export function recordShape<const S extends FieldShapes>(
  fields: S,
  names: { readonly id?: keyof S & string; readonly name?: readonly (keyof S & string)[] } = {},
): RecordShape<FieldsOf<S>> {
  const check = checkOfFields(fields);
  const troubleOf = (record: unknown): string | undefined => {
    if (!isObject(record)) return `It is ${kindOf(record)}, not an object.`;
    const trouble = check(record);
    return trouble && `Its ${trouble}.`;
  };
  const field = (record: unknown, name: string | undefined): string | undefined => {
    const value = name !== undefined && isObject(record) && Object.hasOwn(record, name) ? record[name] : undefined;
    const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
    return text === '' ? undefined : text;
  };
  return {
    troubleOf,
    fits: (record): record is FieldsOf<S> => troubleOf(record) === undefined,
    idOf: (record) => field(record, names.id),
    nameOf: (record) => names.name?.map((name) => field(record, name)).find((text) => text !== undefined),
  };
}

/** The shape of a record that a source wraps, such as with the tenant it is of: `key` holds the vendor's record, the rest is the source's. */
export function wrappedShape<T, K extends string, W extends Readonly<Record<K, T>> = Readonly<Record<K, T>>>(
  key: K,
  inner: RecordShape<T>,
): RecordShape<W> {
  const unwrap = (record: unknown): unknown => (isObject(record) ? record[key] : undefined);
  const troubleOf = (record: unknown): string | undefined => inner.troubleOf(unwrap(record));
  return {
    troubleOf,
    fits: (record): record is W => troubleOf(record) === undefined,
    idOf: (record) => inner.idOf(unwrap(record)),
    nameOf: (record) => inner.nameOf(unwrap(record)),
  };
}

/** Records that a source puts together itself, each field read and checked by it: there is nothing left to check. */
export function ownRecords<T>(): RecordShape<T> {
  return {
    troubleOf: () => undefined,
    fits: (record): record is T => record !== undefined,
    idOf: () => undefined,
    nameOf: () => undefined,
  };
}

function checkOfFields(fields: FieldShapes): (record: Readonly<Record<string, unknown>>) => string | undefined {
  const checks = Object.entries(fields).map(([name, shape]) => [name, checkOf(shape)] as const);
  return (record) => {
    for (const [name, check] of checks) {
      const value = record[name];
      if (value === undefined || value === null) continue;
      const trouble = check(value);
      if (trouble !== undefined) return `"${name}" ${trouble}`;
    }
    return undefined;
  };
}

const plain = {
  text: ofType('string', 'a text'),
  number: (value) =>
    typeof value === 'number' && Number.isFinite(value) ? undefined : `is ${kindOf(value)}, not a number`,
  boolean: ofType('boolean', 'true or false'),
  id: (value) =>
    typeof value === 'string' || Number.isSafeInteger(value) ? undefined : `is ${kindOf(value)}, not an id`,
  texts: (value) =>
    Array.isArray(value) && value.every((one) => typeof one === 'string')
      ? undefined
      : `is ${kindOf(value)}, not a list of texts`,
  any: () => undefined,
} as const satisfies Record<string, Check>;

function ofType(type: 'string' | 'number' | 'boolean', called: string): Check {
  return (value) => (typeof value === type ? undefined : `is ${kindOf(value)}, not ${called}`);
}

function checkOf(shape: FieldShape): Check {
  if (typeof shape === 'string') return plain[shape];
  if (isList(shape)) {
    const each = checkOfFields(shape[0]);
    return (value) => {
      if (!Array.isArray(value)) return `is ${kindOf(value)}, not a list`;
      for (const one of value as unknown[]) {
        const trouble = isObject(one) ? each(one) : `holds ${kindOf(one)}, not an object`;
        if (trouble !== undefined) return isObject(one) ? within(trouble) : trouble;
      }
      return undefined;
    };
  }
  const check = checkOfFields(shape);
  return (value) => {
    if (!isObject(value)) return `is ${kindOf(value)}, not an object`;
    const trouble = check(value);
    return trouble && within(trouble);
  };
}

/** Trouble with a field, as a part of what is said of the one that holds it. */
function within(trouble: string): string {
  return `has ${trouble.replace(/^("[^"]*") /, 'a $1 that ')}`;
}

function isList(shape: FieldShape): shape is readonly [{ readonly [field: string]: FieldShape }] {
  return Array.isArray(shape);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a value is, without its content: it may be long, deep, or a secret. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? `the number ${value}` : 'a number beyond all bounds';
  return typeof value === 'string' ? 'a text' : 'an object';
}
