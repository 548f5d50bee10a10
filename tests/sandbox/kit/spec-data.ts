import { createHash } from 'node:crypto';
import type { FieldSchema, RecordSchema, VendorSpec } from './vendor-spec.ts';

/** A record of a vendor's. */
export type VendorRecord = Readonly<Record<string, unknown>>;

/** The records behind a sandbox. */
export interface SpecData {
  /** The schemas there are. */
  schemas(): readonly string[];
  /** All records of a schema. */
  all(schema: string): readonly VendorRecord[];
  /** Changes fields of a record by its place, or removes it (`null`). */
  change(schema: string, index: number, fields: VendorRecord | null): void;
  /** Adds records. */
  add(schema: string, ...records: VendorRecord[]): void;
}

/** How many records there are of each schema, and how they are made where the schema's own examples will not do. */
export interface DataSizes {
  readonly counts: Readonly<Record<string, number>>;
  readonly records?: Readonly<Record<string, (index: number, example: VendorRecord) => VendorRecord>>;
}

/** Makes records by their schemas, the same each time. */
export function openSpecData(spec: VendorSpec, { counts, records = {} }: DataSizes): SpecData {
  const data = new Map<string, VendorRecord[]>();
  for (const [name, schema] of Object.entries(spec.schemas)) {
    const made = Array.from({ length: counts[name] ?? 0 }, (_, index) => {
      const example = exampleRecord(name, schema, index, counts, spec);
      return records[name]?.(index, example) ?? example;
    });
    data.set(name, made);
  }
  const listOf = (schema: string): VendorRecord[] => {
    const list = data.get(schema);
    if (!list) throw new Error(`There is no schema ${schema}`);
    return list;
  };
  return {
    schemas: () => [...data.keys()],
    all: listOf,
    change(schema, index, fields) {
      const list = listOf(schema);
      if (fields === null) list.splice(index, 1);
      else list[index] = { ...list[index], ...fields };
    },
    add: (schema, ...more) => void listOf(schema).push(...more),
  };
}

function exampleRecord(
  name: string,
  { properties }: Pick<RecordSchema, 'properties'>,
  index: number,
  counts: Readonly<Record<string, number>>,
  spec: VendorSpec,
): VendorRecord {
  const value = (field: string, schema: FieldSchema): unknown => {
    if (schema.refersTo !== undefined) return referred(schema.refersTo, index, counts, spec);
    if (schema.example !== undefined && field !== 'id') return varied(schema.example, index);
    if (schema.enum) return schema.enum[index % schema.enum.length];
    const type = [schema.type].flat()[0];
    switch (type) {
      case 'integer':
      case 'number':
        return index + 1;
      case 'boolean':
        return false;
      case 'array':
        return schema.items ? [value(field, schema.items)] : [];
      case 'object':
        return exampleRecord(`${name}.${field}`, { properties: schema.properties ?? {} }, index, counts, spec);
      default:
        return textOf(name, field, schema.format, index);
    }
  };
  return Object.fromEntries(Object.entries(properties).map(([field, schema]) => [field, value(field, schema)]));
}

function textOf(name: string, field: string, format: string | undefined, index: number): string {
  switch (format) {
    case 'uuid':
      return uuidOf(name, index);
    case 'date-time':
      return new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString();
    case 'date':
      return new Date(Date.UTC(2026, 0, 1) + index * 86_400_000).toISOString().slice(0, 10);
    case 'email':
      return `${name.toLowerCase()}${index + 1}@acme.example`;
    default:
      return /^(uu)?id$/i.test(field) ? `${name.toLowerCase()}-${index + 1}` : `${name} ${field} ${index + 1}`;
  }
}

/** The example itself, told from others by a number where it is a text. */
function varied(example: unknown, index: number): unknown {
  return typeof example === 'string' ? example.replaceAll('#', String(index + 1)) : example;
}

/** The id of a record that there is. */
function referred(schema: string, index: number, counts: Readonly<Record<string, number>>, spec: VendorSpec): unknown {
  const count = counts[schema] ?? 0;
  const id = spec.schemas[schema]?.properties['id'] ?? spec.schemas[schema]?.properties['uid'];
  if (count === 0) return null;
  const at = index % count;
  if ([id?.type].flat()[0] === 'integer') return at + 1;
  return id?.format === 'uuid' ? uuidOf(schema, at) : `${schema.toLowerCase()}-${at + 1}`;
}

function uuidOf(name: string, index: number): string {
  const hex = createHash('sha256').update(`${name}/${index}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
