import { comparedText } from '../../halo-api/values/compared-text.ts';
import { SubscriptionType } from '../../halo-api/resources/software-licence.ts';
import { idIn, textIn } from '../halo-row.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import { listedBy } from '../kit/descriptor/listed-by.ts';
import { licenceHolders, type HeldLicence, type LicenceHolderRecord } from '../kit/kinds/licence-holders.ts';
import { licences as licenceKind, type LicenceRecord } from '../kit/kinds/licences.ts';
import type { OfTenant } from '../kit/sources/from-tenants.ts';
import { directoryTables, readDirectory, type EntraTenant } from './directory.ts';
import { graphOf, licenceUserList, openGraph, skuList, type GraphLicenceUser, type GraphSku } from './graph.ts';

const inactive = new Set(['Suspended', 'Deleted', 'LockedOut']);
const connectionField = 'azure_connection_id';

/** Products that the tenants have bought (`subscribedSkus`) as software licences. */
export const licences = entity<OfTenant<GraphSku, EntraTenant>, LicenceRecord>({
  name: 'Licences',
  description: 'Products the tenants have bought as software licences, with seats bought and in use.',
  kind: licenceKind({
    type: SubscriptionType,
    vendor: 'Microsoft',
    resells: false,
    // Names and the client are the administrator's to change.
    insertOnly: ['name', 'client_id', 'vendor', 'manufacturer'],
    matchFields: [
      ['tenant_id', 'vendor_product_sku'],
      ['tenant_id', 'product_sku'],
    ],
  }),
  tables: { ...directoryTables, AzureLicences: ['SELECT'] },
  endpoints: ['GET /subscribedSkus'],
  permissions: ['Organization.Read.All for licences'],
  async prepare(context) {
    const { api, connection, settings } = context;
    const reading = openGraph((await readDirectory(context)).tenants, context);
    const rows = await api.settingsRows('AzureLicences');
    const names = new Map(rows.map((row) => [comparedText(textIn(row['ALlicid'])), textIn(row['ALlicname'])]));
    const otherwise = idIn(connection.row['aclicenceimportclient']);
    return {
      source: () => reading.source(skuList),
      record({ tenant, record: sku }, id) {
        const part = sku.skuPartNumber?.trim();
        const skuId = sku.skuId?.trim();
        if (!skuId || !part) return { quarantined: part ?? id, reason: 'Entra gives no id or name for it.' };
        const client = tenant.clientId ?? otherwise;
        const unmatched = `Its tenant "${tenant.name}" is mapped to no client in Halo: map it, or choose the client for licences on the connection.`;
        return {
          id,
          name: names.get(comparedText(skuId)) ?? names.get(comparedText(part)) ?? part,
          found: client === undefined ? { unmatched } : { client_id: client },
          quantity: (sku.prepaidUnits?.enabled ?? 0) + (sku.prepaidUnits?.warning ?? 0),
          used: sku.consumedUnits ?? 0,
          status: sku.capabilityStatus ?? null,
          active: !inactive.has(sku.capabilityStatus ?? ''),
          sku: part,
          vendorSku: skuId,
          manufacturer: 'Microsoft',
          own: { tenant_id: tenant.id, tenant_name: tenant.name, [connectionField]: connection.id },
        };
      },
      // The connection's switch in Halo is about users only.
      missing: {
        settles: () => settings['DeactivateLicences'] === true,
        part: { field: 'tenant_id', values: reading.ended },
      },
    };
  },
});

/** Which user holds which of the licences that the entity Licences brought. */
export const licenceUsers = entity<OfTenant<GraphLicenceUser, EntraTenant>, LicenceHolderRecord>({
  name: 'LicenceUsers',
  description: 'Which user holds which licence, for users and licences that are in Halo.',
  kind: licenceHolders({ connectionField, ended: () => new Set() }),
  tables: directoryTables,
  endpoints: ['GET /subscribedSkus', 'GET /users'],
  permissions: ['User.Read.All', 'Organization.Read.All for licences'],
  async prepare(context) {
    const reading = openGraph((await readDirectory(context)).tenants, context);
    /** The products of each tenant, by what users name them by. */
    const products = new Map<string, ReadonlyMap<string, HeldLicence>>();

    async function before(tenant: EntraTenant): Promise<void> {
      const own = new Map<string, HeldLicence>();
      for await (const some of listedBy(skuList, context, graphOf(context, tenant)))
        for (const { id, skuId, skuPartNumber } of some)
          if (id && skuId) own.set(skuId.toLowerCase(), { id, name: skuPartNumber ?? skuId });
      products.set(tenant.id, own);
    }

    return {
      kind: licenceHolders({ connectionField, ended: () => reading.ended }),
      source: () => reading.source(licenceUserList, before),
      record({ tenant, record: { assignedLicenses } }, id) {
        const own = products.get(tenant.id);
        const held = (assignedLicenses ?? []).flatMap(({ skuId }) => own?.get(skuId?.toLowerCase() ?? '') ?? []);
        return { id, licences: held, tenant: tenant.id };
      },
    };
  },
});
