import type { BatchLine, ChangeLine, CommittedLine, HeadLine, KeptRow, KeptValue, LeftLine } from './change-file.ts';

/** A line of a file of changes; one of many rows is read as so many. */
export type Line = HeadLine | BatchLine | ChangeLine | CommittedLine | LeftLine;

/** An object of which nothing more is known. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether what a line of a file holds is one of ours: a file that lay on a disk may have been damaged or edited. */
export function isLine(value: unknown): value is Line {
  if (!isFields(value)) return false;
  if ('table' in value) return isChange(value);
  if ('batch' in value)
    return typeof value['batch'] === 'number' && areTexts(value, ['at', 'integration', 'connection', 'entity']);
  if ('version' in value)
    return typeof value['version'] === 'number' && areTexts(value, ['run']) && areTexts(value, ['undoes'], true);
  return typeof value['committed'] === 'number' || value['left'] === true;
}

function isChange(value: Fields): boolean {
  const { action, key, before, after } = value;
  return (
    areTexts(value, ['table']) &&
    (action === 'created' || action === 'updated') &&
    [key, after].every(isRow) &&
    (before === undefined || isRow(before)) &&
    areTexts(value, ['vendorId', 'name', 'cause'], true)
  );
}

function isRow(value: unknown): value is KeptRow {
  return isFields(value) && Object.values(value).every(isKept);
}

/** Whether it is a value, or what stands for one that is not kept. */
export function isKept(value: unknown): value is KeptValue {
  if (isFields(value)) return typeof value['sha256'] === 'string' && typeof value['length'] === 'number';
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** Whether the fields of these names are texts. */
export function areTexts(value: Fields, names: readonly string[], orAbsent = false): boolean {
  return names.every((name) => typeof value[name] === 'string' || (orAbsent && value[name] === undefined));
}

/** Whether it is an object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
