import type { ActualTable, Row, Value } from '../../database/database.ts';
import { cut } from '../values/cut-text.ts';
import type { HaloRecord } from '../halo-records.ts';
import { isoDate } from '../values/iso-date.ts';
import type { Field, Resource } from '../resources/resource.ts';

/** How records of one shape (the same fields) become rows. */
export interface RecordShape {
  /** Columns written, in the fields' order. */
  readonly columns: readonly string[];
  /** The record's values; a string is the reason it cannot be written. */
  row(record: HaloRecord): Row | string;
}

/** The first day that a datetime column can hold. */
const firstDate = Date.UTC(1753, 0, 1);

type Convert = (value: unknown) => Value | Refusal;
class Refusal {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Makes the shape of the named fields; a string names the field that the resource does not have. */
export function shapeOf(
  resource: Resource,
  table: ActualTable,
  fieldNames: readonly string[],
  missingColumn: (field: Field) => void,
): RecordShape | string {
  const setters: { readonly json: string; readonly column: string; readonly convert: Convert }[] = [];
  for (const json of fieldNames) {
    if (json === resource.key.json) continue;
    const field = resource.fields.find((one) => one.json === json);
    if (!field) return `${resource.name} has no field "${json}"`;
    if (field.readOnly) return `the field "${json}" of ${resource.name} cannot be written`;
    const column = table.columns.get(field.column);
    if (!column) {
      missingColumn(field);
      continue;
    }
    setters.push({ json, column: field.column, convert: convertTo(field, column.length, column.nullable) });
  }
  const given = new Set(setters.map((setter) => setter.column));
  const required = (resource.required ?? []).filter((column) => !given.has(column));
  return {
    columns: setters.map((setter) => setter.column),
    row(record) {
      const row: Row = {};
      for (const { json, column, convert } of setters) {
        const value = convert(record.fields[json]);
        if (value instanceof Refusal) return value.reason;
        row[column] = value;
      }
      // A linked record may be there already; if it is not, the database refuses the row itself.
      if (
        required.length > 0 &&
        record.update_only !== true &&
        record.fields[resource.key.json] === undefined &&
        record.third_party_id === undefined
      )
        return `a new ${resource.name} needs ${required.map((column) => fieldNameOf(resource, column)).join(', ')}`;
      return row;
    },
  };
}

function fieldNameOf(resource: Resource, column: string): string {
  return resource.fields.find((field) => field.column === column)?.json ?? column;
}

/** Text is cut to the real column's length, as Halo's own columns are; anything of another type is refused. */
function convertTo(field: Field, length: number | undefined, nullable: boolean): Convert {
  const wrong = (value: unknown): Refusal =>
    new Refusal(`the field "${field.json}" should be a ${field.type} and is ${JSON.stringify(value)?.slice(0, 60)}`);
  const convert = convertValue(field, length, wrong);
  if (nullable) return (value) => (value === null || value === undefined ? null : convert(value));
  return (value) =>
    value === null || value === undefined ? new Refusal(`the field "${field.json}" must have a value`) : convert(value);
}

function convertValue(field: Field, length: number | undefined, wrong: (value: unknown) => Refusal): Convert {
  switch (field.type) {
    case 'string':
      return (value) => {
        if (typeof value !== 'string') return wrong(value);
        return cut(value, length);
      };
    case 'int':
      return (value) =>
        Number.isInteger(value) && (value as number) === ((value as number) | 0) ? (value as number) : wrong(value);
    case 'double':
      return (value) => (typeof value === 'number' && Number.isFinite(value) ? value : wrong(value));
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : wrong(value));
    case 'date': {
      // The dates of a batch repeat, and reading one costs more than finding it.
      const known = new Map<string, Date>();
      const read = (text: string): Date => {
        const date = known.get(text) ?? isoDate(text) ?? new Date(Number.NaN);
        known.set(text, date);
        return date;
      };
      return (value) => {
        const date = value instanceof Date ? value : typeof value === 'string' ? read(value) : undefined;
        return date && date.getTime() >= firstDate ? date : wrong(value);
      };
    }
  }
}
