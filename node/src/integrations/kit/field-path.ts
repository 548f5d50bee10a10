/** The value at a path of names with dots between (`pagination.nextCursor`); '' is the whole. Undefined where there is none. */
export function fieldAt(value: unknown, path: string): unknown {
  if (path === '') return value;
  // A name may have a dot itself, as `@odata.nextLink` does.
  if (isObject(value) && Object.hasOwn(value, path)) return value[path];
  let at: unknown = value;
  for (const name of path.split('.')) {
    if (!isObject(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return at;
}

/** The object with a value put at a path; what lies on the way is copied, and made where it is not there. */
export function withField(object: Readonly<Record<string, unknown>>, path: string, value: unknown): object {
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) return { ...object, [name]: value };
  const inner = object[name];
  return { ...object, [name]: withField(isObject(inner) ? inner : {}, rest.join('.'), value) };
}

/** A text or number as a text; undefined for nothing, and for what is neither. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** A count, written as a number or as a text; undefined for anything else. */
export function countOf(value: unknown): number | undefined {
  const text = textOf(value);
  const number = Number(text);
  return text !== undefined && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
