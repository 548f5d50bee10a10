import { defineEntity } from '../define-entity.ts';
import type { EntityContext, OpenEntity } from '../entity.ts';
import type { LeftOut, Quarantined } from '../mapped-record.ts';
import type { HaloRecord } from '../../halo-api/halo-api.ts';
import { readDirectory, type Tenant } from './directory.ts';
import { openGraph } from './graph-client.ts';
import { licenceHolderShape, skuShape, type GraphLicenceHolder, type GraphSku } from './graph-records.ts';
import { ofTenant, openTenants, type OfTenant, type TenantPage } from './read-tenants.ts';

/** Which user holds which of the licences that the entity Licences brought. */
export const licenceUsers = defineEntity<OfTenant<GraphLicenceHolder>>({
  name: 'LicenceUsers',
  description: 'Which user holds which licence, for users and licences that are in Halo.',
  resource: 'SoftwareLicence',
  tables: { DeviceApplications: ['SELECT', 'INSERT', 'UPDATE'], LicenceChange: ['SELECT', 'INSERT'] },
  open: readLicenceUsers,
});

async function readLicenceUsers(context: EntityContext): Promise<OpenEntity<OfTenant<GraphLicenceHolder>>> {
  const { api, scope, connection } = context;
  const { tenants } = await readDirectory(context);
  const reading = openTenants(tenants, context);
  /** Sku id → Halo's licence, for each tenant. */
  const licences = new Map<string, ReadonlyMap<string, number>>();
  /** Sku ids whose product is linked to several licences, for each tenant. */
  const unclear = new Map<string, ReadonlySet<string>>();
  /** Halo's licences of this connection, also of products the tenants no longer have. */
  const known = (await api.listBy('SoftwareLicence', 'azure_connection_id', [connection.id])).map((licence) => ({
    id: Number(licence['id']),
    name: String(licence['name'] ?? ''),
    tenant_id: String(licence['tenant_id'] ?? ''),
  }));

  async function* readTenant(tenant: Tenant, from: string | undefined): AsyncGenerator<TenantPage> {
    const graph = openGraph(context, tenant.id);
    const products: GraphSku[] = [];
    for await (const some of graph.list({ path: '/subscribedSkus', query: {} }, skuShape)) products.push(...some);
    const linked = await api.linkedIds(
      'SoftwareLicence',
      scope,
      products.flatMap(({ id }) => id ?? []),
    );
    licences.set(
      tenant.id,
      new Map(
        products.flatMap(({ id, skuId }) => {
          const licence = id ? linked.get(id) : undefined;
          return skuId && licence !== undefined ? [[skuId.toLowerCase(), licence] as const] : [];
        }),
      ),
    );
    unclear.set(
      tenant.id,
      new Set(
        products.flatMap(({ id, skuId }) => (id && skuId && linked.several.has(id) ? [skuId.toLowerCase()] : [])),
      ),
    );
    const start = { path: '/users', query: { $select: 'id,assignedLicenses', $top: '999' } };
    yield* graph.pages(from ?? start);
  }

  return {
    source: { shape: ofTenant(licenceHolderShape), pages: () => reading.pages(readTenant) },
    mapping: {
      async toHalo(records) {
        const ids = [...new Set(records.flatMap(({ record }) => record.id ?? []))];
        const users = await api.linkedIds('Users', scope, ids);
        return records.map(({ tenant, record }): HaloRecord | LeftOut | Quarantined => {
          const id = record.id ?? '';
          const several = users.several.get(id);
          if (several) return aside(id, `It is linked to several users in Halo (${several.join(', ')}).`);
          const user = users.get(id);
          if (user === undefined) return { left_out: true };
          const own = licences.get(tenant.id);
          const sku = skusOf(record).find((one) => unclear.get(tenant.id)?.has(one));
          if (sku !== undefined) return aside(id, `Its product ${sku} is linked to several licences in Halo.`);
          const held = skusOf(record).flatMap((sku) => own?.get(sku) ?? []);
          return { fields: { user_id: user, licence_ids: held, tenant_id: tenant.id } };
        });
      },
    },
    target: {
      write(session, records, { whatIf }) {
        const holders = records.map(({ fields }) => ({
          user_id: Number(fields['user_id']),
          licence_ids: fields['licence_ids'] as readonly number[],
          tenant_id: String(fields['tenant_id']),
        }));
        return session.assignLicences(scope.module_id, holders, { whatIf, licences: known });
      },
    },
    missing: {
      // Accounts that are gone hold nothing any more.
      settles: () => true,
      find: (session, seen) => session.missingHolders(scope, seen, known, reading.ended),
    },
  };
}

function aside(id: string, trouble: string): Quarantined {
  return {
    quarantined: `account ${id}`,
    reason: `${trouble} Take the links away that are wrong.`,
    third_party_id: id,
  };
}

function skusOf({ assignedLicenses }: GraphLicenceHolder): string[] {
  return (assignedLicenses ?? []).flatMap(({ skuId }) => skuId?.toLowerCase() ?? []);
}
