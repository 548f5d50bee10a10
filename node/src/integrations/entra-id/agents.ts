import type { HaloRecord } from '../../halo-api/halo-api.ts';
import { defineEntity } from '../define-entity.ts';
import type { EntityContext, OpenEntity } from '../entity.ts';
import type { LeftOut, MappedRecord, Quarantined } from '../mapped-record.ts';
import { readDirectory, type Tenant } from './directory.ts';
import { openGraph } from './graph-client.ts';
import { userShape, type GraphUser } from './graph-records.ts';
import { ruleOf, selectFor, type MappingRule } from './mapping-rules.ts';
import { agentMatchingFields } from './matching-fields.ts';
import { ofTenant, openTenants, type OfTenant, type TenantPage } from './read-tenants.ts';
import { isOn, textIn } from '../halo-row.ts';

/** Users that a mapping with a role and no place is about, as the agents they already are. */
export const agents = defineEntity<OfTenant<GraphUser>>({
  name: 'Agents',
  description: 'Users that a mapping makes agents: names kept up to date, switched-off ones disabled. None is created.',
  resource: 'Agent',
  open: readAgents,
});

async function readAgents(context: EntityContext): Promise<OpenEntity<OfTenant<GraphUser>>> {
  const { api, connection, scope, settings, warn } = context;
  const { row } = connection;
  const directory = await readDirectory(context);
  const reading = openTenants(directory.tenants, context);
  const mappings = directory.mappings.filter(({ forAgents }) => forAgents);
  const select = selectFor(mappings);
  const deactivates = isOn(row['acdeactivateagents']);
  // An agent carries no tenant in Halo: whose tenant may not have been read is not missing.
  const read = new Set(directory.tenants.map(({ id }) => id.toLowerCase()));
  const unread = [textIn(row['ACDirectoryID'])?.toLowerCase(), ...mappings.map(({ tenantId }) => tenantId)].find(
    (id) => id && !read.has(id),
  );
  const rules = new Map<string, readonly MappingRule[]>();
  if (mappings.length === 0)
    warn(`The connection "${connection.name}" has no mapping with an agent role and no site: no agent is looked at.`);
  else if (deactivates && unread !== undefined)
    warn(`The tenant ${unread} is named in Halo and not read: no agent is disabled for being missing.`);

  async function* readTenant(tenant: Tenant, from: string | undefined): AsyncGenerator<TenantPage> {
    const own = mappings.filter(({ tenantId }) => tenantId === '' || tenantId === tenant.id.toLowerCase());
    // Where nobody is disabled for being missing, a tenant that no mapping is about need not be read.
    if (own.length === 0 && (!deactivates || mappings.length === 0)) return;
    const graph = openGraph(context, tenant.id);
    const applied: MappingRule[] = [];
    for (const mapping of own) applied.push(await ruleOf(mapping, graph, context));
    rules.set(tenant.id, applied);
    yield* graph.pages(from ?? { path: '/users', query: { $select: select, $top: '999' } });
  }

  function toAgent({ tenant, record: user }: OfTenant<GraphUser>): HaloRecord | Quarantined | LeftOut {
    if (!user.id || !rules.get(tenant.id)?.some((applies) => applies(user))) return { left_out: true };
    const email = user.mail?.trim() || user.userPrincipalName?.trim();
    const name = user.displayName?.trim();
    return {
      fields: {
        ...(email && { email }),
        ...(name && { name }),
        ...(user.givenName?.trim() && { firstname: user.givenName.trim() }),
        ...(user.surname?.trim() && { surname: user.surname.trim() }),
        // Whether a disabled agent may work again is the administrator's to say: it takes a licence.
        ...(deactivates && user.accountEnabled === false && { isdisabled: true }),
      },
      third_party_id: user.id,
      ...(name && { third_party_desc: name }),
      update_only: true,
    };
  }

  async function toHalo(records: readonly OfTenant<GraphUser>[]): Promise<readonly MappedRecord[]> {
    const mapped = records.map(toAgent);
    const others = records.filter((_, at) => 'left_out' in (mapped[at] ?? {}));
    const linked = await api.linkedIds(
      'Agent',
      scope,
      others.flatMap(({ record }) => record.id ?? []),
    );
    // An agent whom no mapping is about any more is there all the same, and nothing of it is written.
    return mapped.map((one, at) => {
      const { id: given, displayName } = records[at]?.record ?? {};
      const id = given ?? '';
      const name = displayName?.trim();
      const seen: HaloRecord = {
        fields: { name: name ?? null },
        third_party_id: id,
        ...(name && { third_party_desc: name }),
        update_only: true,
      };
      return 'left_out' in one && (linked.has(id) || linked.several.has(id)) ? seen : one;
    });
  }

  return {
    source: { shape: ofTenant(userShape), pages: () => reading.pages(readTenant) },
    mapping: { toHalo },
    target: {
      // They find the agent and are not written: tickets carry an agent's name as text, and the address signs in.
      insertOnly: ['name', 'email'],
      matchFields: agentMatchingFields(row['ACAgentMatchingFields'], settings, warn),
    },
    missing: deactivates && mappings.length > 0 && unread === undefined ? 'deactivated' : 'left',
  };
}
