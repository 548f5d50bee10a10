import type { Schema } from './settings-schema.ts';

/** Settings with their keys as the product writes them. */
export interface Spelled {
  readonly content: unknown;
  /** Keys that stand there in two spellings, by their path. */
  readonly twice: readonly string[];
}

const references = ['Environment', 'Protected', 'Vault', 'Secret'] as const;

/**
 * Settings are read in any case: keys that the schema knows come in its own spelling, words of a choice (`"Info"`) as well.
 * Names that an administrator gives, such as those of mailboxes, stay as they are.
 */
export function inOwnSpelling(content: unknown, schema: Schema): Spelled {
  const twice: string[] = [];
  return { content: spelled(content, schema, '', twice), twice };
}

/** A setting's path (`database.server`) in the schema's own spelling; what the schema does not know stays. */
export function pathInOwnSpelling(keys: readonly string[], schema: Schema): string[] {
  let here: Schema | undefined = schema;
  return keys.map((key) => {
    const known = propertiesOf(here);
    const own = known && Object.keys(known).find((one) => one.toLowerCase() === key.toLowerCase());
    here = own === undefined ? undefined : known?.[own];
    return own ?? key;
  });
}

function spelled(value: unknown, schema: Schema | undefined, path: string, twice: string[]): unknown {
  const choices = schema?.['enum'];
  if (typeof value === 'string' && Array.isArray(choices))
    return (
      choices.find((one: unknown) => typeof one === 'string' && one.toLowerCase() === value.toLowerCase()) ?? value
    );
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const known = propertiesOf(schema);
  const names = known ? Object.keys(known) : isReference(value) ? references : [];
  const members = new Map<string, unknown>();
  for (const [key, member] of Object.entries(value)) {
    const own = names.find((one) => one.toLowerCase() === key.toLowerCase()) ?? key;
    const inside = path === '' ? own : `${path}.${own}`;
    if (members.has(own)) twice.push(inside);
    members.set(own, spelled(member, known?.[own], inside, twice));
  }
  return fromEntries(members);
}

/** A plain assignment would take `__proto__` for the prototype. */
function fromEntries(members: ReadonlyMap<string, unknown>): object {
  return Object.defineProperties(
    {},
    Object.fromEntries(
      [...members].map(([key, value]) => [key, { value, enumerable: true, configurable: true, writable: true }]),
    ),
  );
}

function propertiesOf(schema: Schema | undefined): Readonly<Record<string, Schema>> | undefined {
  return schema?.['properties'] as Readonly<Record<string, Schema>> | undefined;
}

/** `{"environment": "NAME"}`, wherever a secret may be written. */
function isReference(value: object): boolean {
  const names = Object.keys(value).map((key) => key.toLowerCase());
  return names.length > 0 && names.every((name) => references.some((one) => one.toLowerCase() === name));
}
