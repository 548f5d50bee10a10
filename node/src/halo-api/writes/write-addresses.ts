import type { Row, Transaction } from '../../database/database.ts';
import { cut } from '../values/cut-text.ts';
import type { HaloOutcome, HaloRecord } from '../halo-api.ts';
import { deliveryAddressType } from '../inferred.ts';
import { stampChanged } from './stamp-changed.ts';
import { writeRecords } from './write-records.ts';
import type { WriteParts } from './write-parts.ts';

/**
 * Upserts records whose resource keeps its postal address in ADDRESSSTORE: the record first, then its primary delivery
 * address, in the same transaction. Where several rows could be that address, it is left as it is.
 */
export async function writeWithAddresses(
  transaction: Transaction,
  records: readonly HaloRecord[],
  parts: WriteParts,
): Promise<HaloOutcome[]> {
  const { address } = parts.resource;
  if (!address) return writeRecords(transaction, records, parts);
  const names = Object.keys(address);
  const insertOnly = new Set(parts.options.insertOnly);
  const outcomes = await writeRecords(
    transaction,
    records.map((record) => ({ ...record, fields: without(record.fields, names) })),
    parts,
  );
  const moved: number[] = [];
  const sets = new Map<string, { readonly places: number[]; readonly rows: Row[] }>();
  records.forEach(({ fields }, place) => {
    const outcome = outcomes[place];
    const given = names.filter(
      (name) => fields[name] !== undefined && (outcome?.outcome === 'created' || !insertOnly.has(name)),
    );
    if (!outcome || !('id' in outcome) || given.every((name) => !fields[name])) return;
    const set = sets.get(given.join()) ?? { places: [], rows: [] };
    sets.set(given.join(), set);
    set.places.push(place);
    set.rows.push({
      ASSiteID: outcome.id,
      AStype: deliveryAddressType(parts.settings),
      ASPrimary: true,
      ASInActive: false,
      ...Object.fromEntries(given.map((name) => [address[name] ?? '', lineOf(fields[name])])),
    });
  });
  for (const { places, rows } of sets.values()) {
    const written = await transaction.upsert({
      table: 'ADDRESSSTORE',
      key: { column: 'ASID', kind: 'allocate' },
      columns: Object.keys(rows[0] ?? {}),
      rows: rows.map((values) => ({ values })),
      match: [{ by: 'columns', columns: ['ASSiteID', 'AStype', 'ASPrimary', 'ASInActive'] }],
      onInsert: {},
      stamps: {},
      ...(parts.options.whatIf && { whatIf: true }),
    });
    written.rows.forEach(({ outcome }, index) => {
      const place = places[index];
      const record = place === undefined ? undefined : outcomes[place];
      // A new address makes an unchanged record an updated one.
      if (place !== undefined && record?.outcome === 'unchanged' && (outcome === 'created' || outcome === 'updated')) {
        outcomes[place] = { outcome: 'updated', id: record.id };
        moved.push(record.id);
      }
    });
  }
  await stampMoved(transaction, moved, parts);
  return outcomes;
}

/** Records of which only the address changed were changed, too. */
async function stampMoved(transaction: Transaction, moved: readonly number[], parts: WriteParts): Promise<void> {
  const { resource, table, options, clock } = parts;
  if (moved.length === 0 || options.whatIf) return;
  clock.wrote(
    resource,
    table,
    moved.map((key) => [key]),
  );
  await stampChanged(
    transaction,
    moved.map((key) => [key]),
    [resource.key.column],
    parts,
  );
}

function without(fields: HaloRecord['fields'], names: readonly string[]): HaloRecord['fields'] {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

/** A line, cut to the 4,000 characters that each ASLine takes. */
function lineOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? cut(value, 4000) : null;
}
