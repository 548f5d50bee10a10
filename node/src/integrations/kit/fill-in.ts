import { MissingCredentialError } from '../../errors/vendor-errors.ts';
import { fieldAt } from './field-path.ts';

/** What declared texts are filled in from: the instance's settings by name, and what is known of the moment (`parent.id`). */
export type Values = Readonly<Record<string, unknown>>;

const placeholder = /\{([A-Za-z][\w.]*)\}/g;

/**
 * A declared text with its `{Name}`s filled in, each as `written` gives it (encoded, for a path).
 * @param integration named in the error where a value is missing
 * Throws MissingCredentialError with the names that have no value.
 */
export function fillIn(
  integration: string,
  text: string,
  values: Values,
  written: (value: string) => string = (value) => value,
): string {
  const missing: string[] = [];
  const filled = text.replace(placeholder, (whole, name: string) => {
    const value = valueOf(values, name);
    if (value === undefined) missing.push(name);
    return value === undefined ? whole : written(value);
  });
  if (missing.length > 0) throw new MissingCredentialError(integration, missing);
  return filled;
}

/** Each text of an object filled in; one that is nothing but `{Name}` becomes the value itself, which may be a number. */
export function fillInAll(integration: string, object: unknown, values: Values): unknown {
  if (typeof object === 'string') {
    // Texts of a body may hold braces of their own (GraphQL).
    const [, only] = /^\{([A-Za-z][\w.]*)\}$/.exec(object) ?? [];
    if (only === undefined) return object;
    const value = fieldAt(values, only);
    if (value === undefined || value === null || value === '') throw new MissingCredentialError(integration, [only]);
    return value;
  }
  if (Array.isArray(object)) return object.map((one) => fillInAll(integration, one, values));
  if (typeof object !== 'object' || object === null) return object;
  return Object.fromEntries(Object.entries(object).map(([name, one]) => [name, fillInAll(integration, one, values)]));
}

/** The names a declared text is filled in from. */
export function namesIn(text: string): readonly string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name);
}

function valueOf(values: Values, name: string): string | undefined {
  const value = fieldAt(values, name);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
