import type { Value } from '../../database/database.ts';
import { ChangeClock } from '../writes/change-clock.ts';
import type { KeptRow } from '../changes/changes.ts';
import type { HaloRecord, HaloUpsertOptions } from '../halo-api.ts';
import { inParts } from '../reads/in-parts.ts';
import { alikeRows } from '../changes/alike-rows.ts';
import { rowIn, valueIn } from '../changes/look-at-rows.ts';
import type { FieldType, Resource } from '../resources/resource.ts';
import { already, done, refusal, type AppliedRow, type ApplyParts, type ReadyRow } from './planned-row.ts';

/**
 * Makes records with their links, and all that is left beside a record that is made. One that is there by now and is the same only gets
 * its link, where it has none; one that is otherwise is refused. All bring the same columns.
 */
export async function makeRecords(
  rows: readonly ReadyRow[],
  resource: Resource,
  { transaction, own, writeIn, clock, numbers }: ApplyParts,
): Promise<readonly AppliedRow[]> {
  const table = await own.tableOf(resource.table);
  const options = optionsOf(rows, resource);
  if (options.scope) await own.tableOf('ExternalLink');
  const numbered = rows[0]?.planned.making?.numbered;
  const records = rows.map(({ planned, after }): HaloRecord => {
    const fields = resource.fields.flatMap(({ json, column, readOnly, type }) =>
      column in after && column !== numbered?.column && !readOnly
        ? [[json, ofType(type, valueIn(table, column, after[column]))] as const]
        : [],
    );
    return { fields: Object.fromEntries(fields), ...linkOf(planned.vendorId, planned.making?.link?.values) };
  });
  const looking = new ChangeClock(own.parts.settings);
  const foreseen = await writeIn(transaction, resource, records, { ...options, whatIf: true }, looking);
  const answers = foreseen.map((one): AppliedRow => {
    if (one.outcome === 'rejected') return refusal(one.reason);
    if (one.outcome === 'updated') return refusal(`Halo has it by now (${resource.name} ${one.id}), and otherwise`);
    return one.outcome === 'created' ? done : already;
  });
  const alike = await alikeRows(
    transaction,
    resource.table,
    resource.key.column,
    rows.map(({ after }) => rowIn(table, Object.keys(after), after)),
  );
  rows.forEach(({ planned: { making } }, at) => {
    const since = alike?.[at]?.filter((id) => !making?.alike?.includes(id) && !numbers.hasMade(id)) ?? [];
    if (answers[at] === done && making?.alike && since.length > 0)
      answers[at] = refusal(
        `Halo has one like it by now (${resource.name} ${since.join(', ')}), which the plan knows nothing of`,
      );
  });
  const places = rows.flatMap((_, at) => (answers[at]?.outcome === 'refused' ? [] : [at]));
  const some = places.map((at) => records[at] as HaloRecord);
  const outcomes = some.length === 0 ? [] : await writeIn(transaction, resource, some, options, clock);
  const made = new Map<number, ReadyRow>();
  outcomes.forEach((one, nth) => {
    const at = places[nth] ?? 0;
    const row = rows[at] as ReadyRow;
    if (one.outcome === 'rejected') answers[at] = refusal(one.reason);
    if (!('id' in one)) return;
    numbers.add(row.planned.key[resource.key.column], one.id);
    made.set(one.id, row);
  });
  if (numbered)
    for (const ids of inParts([...made.keys()])) {
      const { column, within } = numbered;
      const found = await transaction.read({
        from: resource.table,
        columns: [resource.key.column, within, column],
        where: { column: resource.key.column, is: 'in', values: ids },
      });
      for (const one of found) {
        const planned = made.get(Number(one[resource.key.column]))?.planned;
        if (planned)
          numbers.addAsset(planned.after[within], planned.after[column], [Number(one[within]), Number(one[column])]);
      }
    }
  return answers;
}

/** What a new row gets beside its record may be written otherwise: 0 for a switch that is off. */
function ofType(type: FieldType, value: Value): Value {
  if (value === null) return null;
  if (type === 'boolean') return Boolean(value);
  return type === 'string' && typeof value === 'number' ? String(value) : value;
}

/** How the records were looked for when they were planned. */
function optionsOf([first]: readonly ReadyRow[], resource: Resource): HaloUpsertOptions {
  const { link, match = [] } = first?.planned.making ?? {};
  const jsonOf = (column: string): string => resource.fields.find((one) => one.column === column)?.json ?? column;
  const own = match.find(({ whereEmpty }) => whereEmpty !== undefined)?.whereEmpty;
  return {
    fieldsStay: true,
    ...(link && {
      scope: { module_id: Number(link.scope['ELModuleId']), details_id: Number(link.scope['ELDetailsId']) },
    }),
    ...(match.length > 0 && { matchFields: match.map(({ columns }) => columns.map(jsonOf)) }),
    ...(own !== undefined && { ownIdField: jsonOf(own) }),
  };
}

function linkOf(vendorId: string | undefined, values: KeptRow = {}): Omit<HaloRecord, 'fields'> {
  if (vendorId === undefined) return {};
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const [desc, url] = [text('ELThirdPartyDesc'), text('ELThirdPartyUrl')];
  const second = text('elthirdpartyadditionalid');
  return {
    third_party_id: vendorId,
    ...(desc !== undefined && { third_party_desc: desc }),
    ...(url !== undefined && { third_party_url: url }),
    ...(second !== undefined && { third_party_secondary_id: second }),
  };
}
