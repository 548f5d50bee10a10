import type { ChangeLine, KeptRow, KeptValue } from './change-file.ts';
import { areTexts, isFields, isKept, type Fields } from './line-shape.ts';

/** Rows that one line may have; an edited one may say anything. */
const most = 10_000;

/** The rows of a line of many. */
export interface MadeRows {
  readonly table: string;
  /** Each as a line of its own would tell it. */
  readonly rows: readonly ChangeLine[];
}

/** The changes that a line tells. */
export function changesIn(line: ChangeLine | MadeRows): readonly ChangeLine[] {
  return 'rows' in line ? line.rows : [line];
}

/** Whether what a line holds says that it is one of rows that were made alike. */
export function isOfMade(value: unknown): value is Fields {
  return isFields(value) && 'made' in value;
}

/** The rows of such a line; undefined where it was damaged or edited. */
export function readMadeLine(line: Fields): MadeRows | undefined {
  const { made, table, cause, texts } = line;
  if (!isCount(made) || typeof table !== 'string' || !Array.isArray(texts) || !texts.every(isKept)) return undefined;
  if (!areTexts(line, ['cause'], true)) return undefined;
  const read = (column: unknown): readonly KeptValue[] | undefined => valuesOf(column, made, texts);
  const [key, after] = [columnsIn(line['key'], read), columnsIn(line['after'], read)];
  const [ids, names] = [read(line['vendorId']), read(line['name'])];
  if (!key || !after || !areTextsOrNull(ids) || !areTextsOrNull(names)) return undefined;
  const rows = Array.from({ length: made }, (_, at): ChangeLine => {
    const [vendorId, name] = [ids[at] ?? undefined, names[at] ?? undefined];
    return {
      table,
      ...(vendorId !== undefined && { vendorId }),
      ...(name !== undefined && { name }),
      action: 'created',
      key: Object.fromEntries(key.map(([column, values]) => [column, values[at] ?? null])),
      after: rowAt(after, at),
      ...(cause !== undefined && { cause: cause as NonNullable<ChangeLine['cause']> }),
    };
  });
  return { table, rows };
}

type Columns = readonly (readonly [name: string, values: readonly KeptValue[]])[];

/** A new row holds nothing in the columns that it is not told of. */
function rowAt(columns: Columns, at: number): KeptRow {
  const row: Record<string, KeptValue> = {};
  for (const [name, values] of columns) {
    const value = values[at];
    if (value !== undefined && value !== null) row[name] = value;
  }
  return row;
}

function columnsIn(value: unknown, read: (column: unknown) => readonly KeptValue[] | undefined): Columns | undefined {
  if (!isFields(value)) return undefined;
  const columns: (readonly [string, readonly KeptValue[]])[] = [];
  for (const [name, column] of Object.entries(value)) {
    const values = read(column);
    if (!values) return undefined;
    columns.push([name, values]);
  }
  return columns;
}

function valuesOf(column: unknown, made: number, texts: readonly KeptValue[]): readonly KeptValue[] | undefined {
  if (Array.isArray(column)) return column.length === made && column.every(isKept) ? column : undefined;
  if (!isFields(column)) return undefined;
  if ('same' in column) {
    const { same } = column;
    return isKept(same) ? new Array<KeptValue>(made).fill(same) : undefined;
  }
  const { at } = column;
  const isPlace = (place: unknown): place is number =>
    Number.isInteger(place) && Number(place) >= -1 && Number(place) < texts.length;
  if (!Array.isArray(at) || at.length !== made || !at.every(isPlace)) return undefined;
  return at.map((place) => texts[place] ?? null);
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= most;
}

function areTextsOrNull(values: readonly KeptValue[] | undefined): values is readonly (string | null)[] {
  return values?.every((value) => value === null || typeof value === 'string') === true;
}
