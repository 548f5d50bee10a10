import { isOn, textIn } from '../halo-row.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import { pagesBy } from '../kit/descriptor/listed-by.ts';
import { agents as agentKind, type AgentRecord } from '../kit/kinds/agents.ts';
import { filled } from '../kit/kinds/given-fields.ts';
import { openTenants, type OfTenant } from '../kit/sources/from-tenants.ts';
import { directoryTables, namedIn, readDirectory, type EntraTenant } from './directory.ts';
import { graphOf, selectOfUsers, userLists, type GraphUser } from './graph.ts';
import { ruleOf, type MappingRule } from './mapping-rules.ts';
import { agentMatchingFields } from './matching-fields.ts';

/** Users that a mapping with a role and no place is about, as the agents they already are. */
export const agents = entity<OfTenant<GraphUser, EntraTenant>, AgentRecord>({
  name: 'Agents',
  description: 'Users that a mapping makes agents: names kept up to date, switched-off ones disabled. None is created.',
  kind: agentKind(),
  tables: directoryTables,
  endpoints: ['GET /users', 'GET /groups/{id}/transitiveMembers'],
  permissions: ['User.Read.All', 'GroupMember.Read.All for mappings by group'],
  async prepare(context) {
    const { connection, settings, warn } = context;
    const { row } = connection;
    const { tenants, mappings: all } = await readDirectory(context);
    const mappings = all.filter(({ forAgents }) => forAgents);
    const { all: list } = userLists(selectOfUsers(namedIn(mappings)));
    const deactivates = isOn(row['acdeactivateagents']);
    // An agent carries no tenant in Halo: whose tenant may not have been read is not missing.
    const read = new Set(tenants.map(({ id }) => id.toLowerCase()));
    const unread = [textIn(row['ACDirectoryID'])?.toLowerCase(), ...mappings.map(({ tenantId }) => tenantId)].find(
      (id) => id && !read.has(id),
    );
    const rules = new Map<string, readonly MappingRule[]>();
    if (mappings.length === 0)
      warn(`The connection "${connection.name}" has no mapping with an agent role and no site: no agent is looked at.`);
    else if (deactivates && unread !== undefined)
      warn(`The tenant ${unread} is named in Halo and not read: no agent is disabled for being missing.`);

    async function* readTenant(tenant: EntraTenant, cursor: string | undefined) {
      const own = mappings.filter(({ tenantId }) => tenantId === '' || tenantId === tenant.id.toLowerCase());
      // Where nobody is disabled for being missing, a tenant that no mapping is about need not be read.
      if (own.length === 0 && (!deactivates || mappings.length === 0)) return;
      const api = graphOf(context, tenant);
      const applied: MappingRule[] = [];
      for (const mapping of own) applied.push(await ruleOf(mapping, tenant, context));
      rules.set(tenant.id, applied);
      yield* pagesBy(list, context, { api, cursor });
    }

    return {
      kind: agentKind({
        matchFields: () => agentMatchingFields(row['ACAgentMatchingFields'], settings, warn),
        deactivates: () => deactivates,
      }),
      source: () => openTenants(tenants, context).source(list.shape, readTenant),
      record({ tenant, record: user }, id) {
        const name = filled(user.displayName);
        // An agent whom no mapping is about any more is there all the same.
        if (!rules.get(tenant.id)?.some((applies) => applies(user))) return { untouched: id, name };
        return {
          id,
          name,
          email: filled(user.mail) ?? filled(user.userPrincipalName),
          firstname: filled(user.givenName),
          surname: filled(user.surname),
          disabled: user.accountEnabled === false,
        };
      },
      missing: deactivates && mappings.length > 0 && unread === undefined ? 'deactivated' : 'left',
    };
  },
});
