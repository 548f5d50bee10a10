import { isOn, textIn } from '../halo-row.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import { agents as agentKind, type AgentRecord } from '../kit/kinds/agents.ts';
import { filled } from '../kit/kinds/given-fields.ts';
import { ruleOf, type MappingRule } from '../kit/kinds/people/mapping-rules.ts';
import { namedIn } from '../kit/kinds/people/person-mapping.ts';
import type { OfTenant } from '../kit/sources/from-tenants.ts';
import { directoryTables, mappingsOf, readDirectory, type EntraTenant } from './directory.ts';
import { peopleOf } from './entra-people.ts';
import { openGraph, selectOfUsers, userLists, type GraphUser } from './graph.ts';
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
    const rules = new Map<string, readonly MappingRule<GraphUser>[]>();
    if (mappings.length === 0)
      warn(`The connection "${connection.name}" has no mapping with an agent role and no site: no agent is looked at.`);
    else if (deactivates && unread !== undefined)
      warn(`The tenant ${unread} is named in Halo and not read: no agent is disabled for being missing.`);

    async function before(tenant: EntraTenant): Promise<boolean> {
      const applied: MappingRule<GraphUser>[] = [];
      const people = peopleOf(tenant, context);
      for (const mapping of mappingsOf(tenant, mappings)) applied.push(await ruleOf(mapping, people));
      rules.set(tenant.id, applied);
      // Where nobody is disabled for being missing, a tenant that no mapping is about need not be read.
      return applied.length > 0 || (deactivates && mappings.length > 0);
    }

    return {
      kind: agentKind({
        matchFields: () => agentMatchingFields(row['ACAgentMatchingFields'], settings, warn),
        deactivates: () => deactivates,
      }),
      source: () => openGraph(tenants, context).source(list, before),
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
