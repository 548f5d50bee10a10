import { IntegratorError } from '../errors/integrator-error.ts';
import type { HaloRecord } from '../halo-api/halo-api.ts';
import type { Mapping } from '../integrations/entity.ts';
import type { MappedRecord } from '../integrations/mapped-record.ts';
import type { RecordShape } from '../reading/record-shape.ts';
import type { Rejection } from './sync.ts';

/** Records a mapping may stumble over, one by one, before the trouble is taken for the mapping's own. */
const stumblesBorne = 50;

/** The records that fit their shape; the others are told of. Given back as they came where all fit, which costs no copy. */
export function fittingRecords(
  shape: RecordShape<unknown>,
  records: readonly unknown[],
  first: number,
  reject: (rejection: Rejection) => void,
): readonly unknown[] {
  let fitting: unknown[] | undefined;
  records.forEach((record, at) => {
    const reason = shape.troubleOf(record);
    if (reason === undefined) fitting?.push(record);
    else {
      fitting ??= records.slice(0, at);
      reject({ ...aboutRecord(shape, record, first + at), reason });
    }
  });
  return fitting ?? records;
}

/**
 * Maps records. Where the mapping throws something nobody foresaw, each record is mapped on its own, and those it throws for are set
 * aside with what it said.
 */
export async function mapRecords(
  mapping: Mapping,
  shape: RecordShape<unknown>,
  records: readonly unknown[],
  first: number,
  signal: AbortSignal,
): Promise<readonly MappedRecord[]> {
  try {
    return await mapping.toHalo(records);
  } catch (error) {
    if (error instanceof IntegratorError || signal.aborted) throw error;
    const mapped: MappedRecord[] = [];
    let stumbles = 0;
    for (const [at, record] of records.entries()) {
      try {
        mapped.push(...(await mapping.toHalo([record])));
      } catch (trouble) {
        if (trouble instanceof IntegratorError || signal.aborted || ++stumbles > stumblesBorne) throw trouble;
        const said = trouble instanceof Error ? trouble.message : String(trouble);
        mapped.push({ quarantined: labelOf(shape, record, first + at), reason: `It could not be mapped: ${said}.` });
      }
    }
    return mapped;
  }
}

/** Longest third-party id that a link can keep (ExternalLink.ELThirdPartyId). */
const longestId = 1000;

/** Why a mapped record cannot be linked: its id would be cut, or end where the database thinks it does; undefined where it can. */
export function unlinkable({ third_party_id: id }: HaloRecord): string | undefined {
  if (id === undefined) return undefined;
  if (typeof id !== 'string' || id.trim() === '') return 'Its id is empty.';
  if (id.length > longestId) return `Its id has ${id.length} characters, and ${longestId} can be kept.`;
  if (!id.isWellFormed()) return 'Its id has half a character in it.';
  return id.includes('\0') ? 'Its id has a NUL character in it.' : undefined;
}

/** What a rejected record is known by. */
export function aboutRecord(shape: RecordShape<unknown>, record: unknown, at: number): Omit<Rejection, 'reason'> {
  return { record: labelOf(shape, record, at), name: shape.nameOf(record), id: shape.idOf(record) };
}

/** What an administrator finds a record by: its name and id, else where it stands in what was read. */
export function labelOf(shape: RecordShape<unknown>, record: unknown, at: number): string {
  const [name, id] = [shape.nameOf(record), shape.idOf(record)];
  if (name === undefined && id === undefined) return `record ${at + 1} of this read`;
  return `${name ?? ''}${id === undefined ? '' : ` (${id})`}`.trim();
}
