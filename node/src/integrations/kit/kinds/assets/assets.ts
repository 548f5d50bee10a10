import { ownIdField } from '../known-ids.ts';
import type { Kind, KindContext, KindRun } from '../kind.ts';
import { filled } from '../given-fields.ts';
import { createSiteFinder, type FoundSite, type SiteFinder } from '../site-finder.ts';
import type { AssetRecord } from './asset-record.ts';
import { readAssetStatuses } from './asset-status.ts';
import { readFieldMap } from './field-map.ts';
import { openIdentifiers } from './known-devices.ts';
import { createOwnerFinder, type OwnerFinder } from './owner-finder.ts';
import { toAsset, type AssetRules, type PlacedAsset } from './to-asset.ts';
import { createTypeFinder } from './type-finder.ts';

/** Rows written in one transaction, about: an asset's own and those of its fields. */
const rowsAtOnce = 12_500;

/** What differs between vendors, beside what Halo's row says. */
export interface AssetOptions {
  /** The own id of a record as Halo keeps it (`ownIds.Asset` of the descriptor). Default: its id. */
  ownId?(record: AssetRecord): string | number | undefined;
  /** Fields that say whose own ids are, where several connections number alike: an id counts only with these, and they are written with it. */
  ownScope?(context: KindContext): Readonly<Record<string, string | number>>;
  /** Field mappings that stand elsewhere than in IntegrationFieldMapping, as that table's rows. */
  fieldMappings?(context: KindContext): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Words by which Halo's lists name such entities, beside the usual ones. */
  readonly labels?: readonly string[];
  /** Whether assets that are gone at the vendor are set inactive. Default: as Halo's row says. */
  deactivates?(context: KindContext): boolean;
  /** Field of Halo's users that holds the vendor's ids of them, where its devices say whose they are by such. */
  readonly ownerIdField?: string;
  /** Modules whose mappings of types (XTypeMapping) count beside those of the connection's own, by their names. */
  readonly typeModules?: readonly string[];
}

/**
 * Assets with Halo's rules for them: which type a device is, which of its fields are written and where, at which site it stands, whose it
 * is, which asset it is already, and what becomes of one that is out of use.
 */
export function assets(options: AssetOptions = {}): Kind<AssetRecord> {
  return {
    resource: 'Asset',
    labels: ['Devices', 'Assets', 'Endpoints', 'Computers', ...(options.labels ?? [])],
    tables: {
      XTYPE: ['SELECT', 'INSERT'],
      TYPEINFO: ['SELECT', 'INSERT'],
      FIELD: ['SELECT'],
      XTypeMapping: ['SELECT'],
      IntegrationFieldMapping: ['SELECT'],
      IntegrationSiteMapping: ['SELECT'],
      LOOKUP: ['SELECT'],
      CONTROL2: ['SELECT'],
    },
    open: (context) => openAssets(context, options),
  };
}

async function openAssets(context: KindContext, options: AssetOptions): Promise<KindRun<AssetRecord>> {
  const { told } = context;
  const fields = await readFieldMap(context, await options.fieldMappings?.(context));
  const modules = await Promise.all((options.typeModules ?? []).map((name) => context.api.moduleId(name)));
  const known = modules.filter((id) => id !== undefined);
  const types = await createTypeFinder(context, fields.fields, known);
  const statuses = await readAssetStatuses(context);
  const sites = createSiteFinder(context, told.defaultSite);
  const owners = told.matchUsers === false ? undefined : await createOwnerFinder(context, options.ownerIdField);
  const deactivates = options.deactivates?.(context) ?? told.deactivateMissing === true;
  const rules: AssetRules = {
    told,
    vendor: context.vendor,
    fields,
    types,
    statuses,
    deactivates,
    ...idOf(context, options),
  };
  const identifierOf = openIdentifiers(context, rules);

  return {
    mapping: {
      async toHalo(records) {
        const known = await identifierOf(records);
        return (await placed(records, sites, owners)).map((one) => toAsset(one, known, rules));
      },
      basis: {
        value: async () => ({
          statuses,
          types: types.basis,
          fields: fields.basis,
          sites: await sites.basis.value(),
          owners: (await owners?.basis.value()) ?? null,
        }),
        async lookUpAgain(earlier) {
          const before = earlier as { readonly sites: unknown; readonly owners: unknown };
          await sites.basis.lookUpAgain(before.sites);
          if (before.owners !== null) await owners?.basis.lookUpAgain(before.owners);
        },
      },
    },
    // Memory stays flat, and a transaction short, however many fields are mapped.
    target: { recordsAtOnce: Math.max(100, Math.floor(rowsAtOnce / (fields.fields.length + 1))) },
    missing: deactivates
      ? {
          settles: () => true,
          ...(statuses.ofRetired !== undefined && { fields: { status_id: statuses.ofRetired } }),
        }
      : 'left',
  };
}

/** Where the devices are, and whose. */
async function placed(
  records: readonly AssetRecord[],
  sites: SiteFinder,
  owners: OwnerFinder | undefined,
): Promise<readonly PlacedAsset[]> {
  const found = await sites.find(
    records.map(({ client, clientName, site, siteName }) => ({
      client: filled(client),
      clientName: filled(clientName),
      site: filled(site),
      siteName: filled(siteName),
    })),
  );
  const siteFor = (record: AssetRecord | undefined, at: number): FoundSite | undefined => record?.found ?? found[at];
  const people = await owners?.find(
    records.map(({ owners: candidates = [] }, at) => {
      const site = siteFor(records[at], at);
      const client = site && 'client_id' in site ? site.client_id : undefined;
      return { owners: candidates.flatMap((one) => filled(one) ?? []), client_id: client };
    }),
  );
  return records.map((record, at) => ({
    record,
    site: siteFor(record, at) ?? { unmatched: 'Nothing says where it is.' },
    owner: people?.[at],
  }));
}

function idOf(
  context: KindContext,
  { ownId, ownScope }: AssetOptions,
): Pick<AssetRules, 'ownIdField' | 'ownId' | 'ownScope'> {
  const { ownIds } = context;
  const field = ownIds?.Asset;
  if (field === undefined) return {};
  const asIs = ({ id }: AssetRecord) => ownIdField({ ownIds }, 'Asset', id)[field] as string | number | undefined;
  const scope = ownScope?.(context);
  return { ownIdField: field, ownId: ownId ?? asIs, ...(scope && { ownScope: scope }) };
}
