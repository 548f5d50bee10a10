import type { Transaction } from '../../database/database.ts';
import type { HaloOutcome, HaloRecord } from '../halo-api.ts';
import type { AssetParts } from '../resources/resource.ts';
import { stampChanged } from '../writes/stamp-changed.ts';
import { writeRecords } from '../writes/write-records.ts';
import type { WriteParts } from '../writes/write-parts.ts';
import { writeAssetTraces } from '../writes/write-traces.ts';
import { fieldValuesIn, writeAssetFields, type AssetWithFields } from './asset-fields.ts';
import { writeAssetOwners } from './asset-owners.ts';
import { assetRow, type AssetRow } from './asset-row.ts';
import { softwareIn, writeAssetSoftware } from './asset-software.ts';
import { withAssetTypes } from './asset-types.ts';
import { readFieldLayout } from './field-layout.ts';

/**
 * Upserts assets, and in the same transaction what of them are rows of other tables: the values of their fields, the users they belong
 * to, their software, and the history of it all. An asset of which only such a row changed is an updated one.
 */
export async function writeAssets(
  transaction: Transaction,
  records: readonly HaloRecord[],
  parts: WriteParts,
  names: AssetParts,
): Promise<HaloOutcome[]> {
  const { options } = parts;
  const leftAlone = new Set(
    (options.insertOnly ?? []).map((json) => parts.resource.fields.find((one) => one.json === json)?.column ?? json),
  );
  const rows: AssetRow[] = [];
  const refused = records.map(({ fields }) => refusalOf(fields, names));
  const fitting = records.flatMap((_, at) => (refused[at] === undefined ? [at] : []));
  const typed = await withAssetTypes(
    transaction,
    fitting.map((at) => records[at] as HaloRecord),
    names.type,
    parts,
  );
  typed.forEach((one, nth) => {
    if (typeof one === 'string') refused[fitting[nth] ?? 0] = one;
  });
  const plain = typed.filter((one) => typeof one !== 'string');
  const places = fitting.filter((at) => refused[at] === undefined);
  const written = await writeRecords(
    transaction,
    plain.map((record) => ({ ...record, fields: without(record.fields, Object.values(names)) })),
    {
      ...parts,
      told: (place, outcome, values) => rows.push(assetRow(places[place] ?? place, outcome, values, leftAlone)),
    },
  );
  const outcomes = refused.map((reason): HaloOutcome => ({ outcome: 'rejected', reason: reason ?? '' }));
  written.forEach((outcome, at) => void (outcomes[places[at] ?? at] = outcome));
  // What would be made has no number yet that anything could hang on.
  const there = options.whatIf ? rows.filter(({ isNew }) => !isNew) : rows;
  const changed = await writeBeside(transaction, records, there, parts, names);
  for (const { place, id } of changed)
    if (outcomes[place]?.outcome === 'unchanged') outcomes[place] = { outcome: 'updated', id };
  return outcomes;
}

/** Writes what hangs on assets; answers those that were there and are changed by it. */
async function writeBeside(
  transaction: Transaction,
  records: readonly HaloRecord[],
  assets: readonly AssetRow[],
  parts: WriteParts,
  names: AssetParts,
): Promise<readonly AssetRow[]> {
  const { options, clock, now } = parts;
  const whatIf = options.whatIf === true;
  const valueOf = (asset: AssetRow, name: string): unknown => records[asset.place]?.fields[name];
  const withFields = assets.flatMap((asset): AssetWithFields[] => {
    const values = fieldValuesIn(valueOf(asset, names.fields));
    const some =
      typeof values !== 'string' && (values.length > 0 || (asset.typeBefore !== undefined && !options.fieldsStay));
    return some ? [{ asset, values }] : [];
  });
  const changes = withFields.length > 0 ? await writeFields(transaction, withFields, parts, whatIf) : [];
  if (!whatIf)
    await writeAssetOwners(
      transaction,
      assets.flatMap((asset) => {
        const users = valueOf(asset, names.users);
        return Array.isArray(users) && users.length > 0 ? [{ asset, users: users.map(Number) }] : [];
      }),
    );
  const withSoftware = assets.flatMap(({ id, place }) => {
    const software = records[place]?.fields[names.software];
    return Array.isArray(software) ? [{ id, software: softwareIn(software) as readonly { name: string }[] }] : [];
  });
  const module = options.scope?.module_id;
  const software =
    module === undefined || withSoftware.length === 0
      ? new Set<number>()
      : await writeAssetSoftware(transaction, module, withSoftware, { now, whatIf });
  const touched = new Set(changes.map(({ asset }) => asset));
  const changed = assets.filter((asset) => !asset.isNew && (touched.has(asset) || software.has(asset.id)));
  if (whatIf) return changed;
  await writeAssetTraces(transaction, assets, changes, parts);
  await stampChanged(
    transaction,
    changed.map(({ site, number }) => [site, number]),
    ['Dsite', 'ddevnum'],
    parts,
  );
  clock.wrote(
    parts.resource,
    parts.table,
    changed.map(({ id }) => [id]),
  );
  return changed;
}

async function writeFields(
  transaction: Transaction,
  assets: readonly AssetWithFields[],
  parts: WriteParts,
  whatIf: boolean,
) {
  const types = new Set(
    assets.flatMap(({ asset: { type, typeBefore } }) => [type, typeBefore]).filter((type) => type !== undefined),
  );
  const lacking = new Map<number, Set<number>>();
  const changes = await writeAssetFields(transaction, assets, {
    info: await parts.tableOf('INFO'),
    layout: await readFieldLayout(transaction, types),
    clock: parts.clock,
    whatIf,
    notOnType: (type, field) => void lacking.set(type ?? 0, (lacking.get(type ?? 0) ?? new Set()).add(field)),
  });
  for (const [type, fields] of lacking)
    parts.warnOnce(
      type === 0
        ? 'Assets without a type have no fields: their values are left out.'
        : `The asset type ${type} does not have the field ${[...fields].join(', ')}: its values are left out. ` +
            'Add the field to the type in Halo, or take its mapping away.',
    );
  return changes;
}

function refusalOf(fields: HaloRecord['fields'], names: AssetParts): string | undefined {
  const values = fieldValuesIn(fields[names.fields]);
  if (typeof values === 'string') return values;
  const software = fields[names.software];
  const programs = software === undefined ? [] : softwareIn(software);
  return typeof programs === 'string' ? programs : undefined;
}

function without(fields: HaloRecord['fields'], names: readonly string[]): HaloRecord['fields'] {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}
