import { SubscriptionType } from '../../halo-api/resources/software-licence.ts';
import { comparedText } from '../../halo-api/compared-text.ts';
import type { HaloRecord } from '../../halo-api/halo-api.ts';
import { defineEntity } from '../define-entity.ts';
import type { EntityContext, OpenEntity } from '../entity.ts';
import type { Quarantined } from '../mapped-record.ts';
import { readDirectory, type Tenant } from './directory.ts';
import { switchOf } from './entra-settings.ts';
import { openGraph } from './graph-client.ts';
import { skuShape, type GraphSku } from './graph-records.ts';
import { ofTenant, openTenants, type OfTenant, type TenantPage } from './read-tenants.ts';
import { idIn, textIn } from '../halo-row.ts';

const Vendor = 'Microsoft';
const Inactive = new Set(['Suspended', 'Deleted', 'LockedOut']);

/** Products that the tenants have bought (`subscribedSkus`) as software licences. */
export const licences = defineEntity<OfTenant<GraphSku>>({
  name: 'Licences',
  description: 'Products the tenants have bought as software licences, with seats bought and in use.',
  resource: 'SoftwareLicence',
  open: readLicences,
});

async function readLicences(context: EntityContext): Promise<OpenEntity<OfTenant<GraphSku>>> {
  const { api, connection, settings } = context;
  const directory = await readDirectory(context);
  const reading = openTenants(directory.tenants, context);
  const names = await namesInHalo(context);
  const otherwise = idIn(connection.row['aclicenceimportclient']);

  async function* readTenant(tenant: Tenant, from: string | undefined): AsyncGenerator<TenantPage> {
    yield* openGraph(context, tenant.id).pages(from ?? { path: '/subscribedSkus', query: {} });
  }

  /** A licence the administrator gave to another client stays there. */
  async function linkedNow(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const linked = await api.linkedIds('SoftwareLicence', context.scope, ids);
    return new Set([...linked.keys(), ...linked.several.keys()]);
  }

  function toLicence({ tenant, record: sku }: OfTenant<GraphSku>, linked: boolean): HaloRecord | Quarantined {
    const part = sku.skuPartNumber?.trim();
    const skuId = sku.skuId?.trim();
    if (!sku.id || !skuId || !part)
      return { quarantined: part ?? sku.id ?? 'a product without a name', reason: 'Entra gives no id or name for it.' };
    const name = names.get(comparedText(skuId)) ?? names.get(comparedText(part)) ?? part;
    const client = tenant.clientId ?? otherwise;
    if (client === undefined && !linked)
      return {
        quarantined: `${name} of ${tenant.name}`,
        reason:
          'Its tenant is mapped to no client in Halo: map it, or choose the client for licences on the connection.',
        third_party_id: sku.id,
      };
    const seats = (sku.prepaidUnits?.enabled ?? 0) + (sku.prepaidUnits?.warning ?? 0);
    return {
      fields: {
        name,
        ...(client !== undefined && { client_id: client }),
        type: SubscriptionType,
        count: seats,
        licences_in_use: sku.consumedUnits ?? 0,
        tenant_id: tenant.id,
        tenant_name: tenant.name,
        status: sku.capabilityStatus ?? null,
        is_active: !Inactive.has(sku.capabilityStatus ?? ''),
        azure_connection_id: connection.id,
        product_sku: part,
        vendor_product_sku: skuId,
        vendor: Vendor,
        manufacturer: Vendor,
      },
      third_party_id: sku.id,
      third_party_desc: name,
    };
  }

  return {
    source: { shape: ofTenant(skuShape), pages: () => reading.pages(readTenant) },
    mapping: {
      async toHalo(records) {
        const linked = await linkedNow(records.flatMap(({ record }) => record.id ?? []));
        return records.map((one) => toLicence(one, linked.has(one.record.id ?? '')));
      },
    },
    target: {
      // Names and the client are the administrator's to change.
      insertOnly: ['name', 'client_id', 'vendor', 'manufacturer'],
      matchFields: [
        ['tenant_id', 'vendor_product_sku'],
        ['tenant_id', 'product_sku'],
      ],
    },
    missing: {
      // The connection's switch in Halo is about users only.
      settles: () => switchOf(settings, 'DeactivateLicences'),
      part: { field: 'tenant_id', values: reading.ended },
    },
  };
}

/** AzureLicences: names of products by sku id or part number. */
async function namesInHalo({ api }: EntityContext): Promise<ReadonlyMap<string, string>> {
  const rows = await api.settingsRows('AzureLicences');
  return new Map(
    rows.flatMap((row) => {
      const id = textIn(row['ALlicid']);
      const name = textIn(row['ALlicname']);
      return id !== undefined && name !== undefined ? [[comparedText(id), name] as const] : [];
    }),
  );
}
