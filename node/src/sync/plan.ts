import { IntegratorError, type ErrorReport } from '../errors/integrator-error.ts';
import { EntitySwitchedOffError, UnknownEntityError, UnknownIntegrationError } from '../errors/sync-errors.ts';
import type { HaloConnection } from '../integrations/connection.ts';
import type { Entity } from '../integrations/entity.ts';
import type { Integration, IntegrationFacts } from '../integrations/integration.ts';
import { writtenTables } from '../halo-api/written-tables.ts';
import type { IntegrationState, SyncParts, SyncRequest } from './sync.ts';

/** One entity of one connection that is to run. */
export interface PlannedEntity {
  readonly integration: Integration;
  readonly connection: HaloConnection;
  readonly entity: Entity<unknown>;
}

type PlanParts = Pick<SyncParts, 'api' | 'registry' | 'settings' | 'log' | 'secrets'>;

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The integration of that name; throws UnknownIntegrationError. */
export function findIntegration<T extends IntegrationFacts>(registry: readonly T[], name: string): T {
  const found = registry.find((one) => sameName(one.name, name));
  if (!found)
    throw new UnknownIntegrationError(
      name,
      registry.map((one) => one.name),
    );
  return found;
}

/** The entity of that name; throws UnknownEntityError. */
export function findEntity<E extends { readonly name: string }>(
  integration: Pick<IntegrationFacts, 'name'> & { readonly entities: readonly E[] },
  name: string,
): E {
  const found = integration.entities.find((one) => sameName(one.name, name));
  if (!found)
    throw new UnknownEntityError(
      integration.name,
      name,
      integration.entities.map((one) => one.name),
    );
  return found;
}

/** Whether this instance's appsettings.json switches the entity on. */
export function enabledHere(
  parts: Pick<SyncParts, 'settings'>,
  integration: Integration,
  entity: Entity<unknown>,
): boolean {
  return parts.settings.settings.Integrations[integration.name]?.Entities[entity.name] === true;
}

/** Whether this instance brings an entity of a connection, by both switches. */
export function entityIsOn(
  parts: Pick<SyncParts, 'settings'>,
  integration: Integration,
  connection: HaloConnection,
  name: string,
): boolean {
  const entity = integration.entities.find((one) => sameName(one.name, name));
  const ticked = connection.entities?.some((one) => sameName(one, name)) ?? true;
  return entity !== undefined && ticked && enabledHere(parts, integration, entity);
}

function whyOff(
  here: boolean,
  connection: HaloConnection | undefined,
  integration: Integration,
  entity: Entity<unknown>,
  lacking: readonly string[],
): string {
  if (lacking.length > 0) return `This version of Halo has no table ${lacking.join(', ')}.`;
  const andHere = here ? '.' : ', and the entity is off in this appsettings.json.';
  if (!connection)
    return `Halo has no ${integration.displayName} connection: set one up in Halo's web app${here ? '.' : '; and the entity is off in this appsettings.json.'}`;
  if (!connection.enabled) return `"${connection.name}" is not enabled for the integrator in Halo's web app${andHere}`;
  if (connection.entities && !connection.entities.some((name) => sameName(name, entity.name)))
    return `${entity.name} is not among the entities to import of "${connection.name}" in Halo's web app${andHere}`;
  if (!here)
    return `The entity is off in this appsettings.json: Integrations.${integration.name}.Entities.${entity.name}.`;
  return '';
}

/** The tables an entity cannot do without: those that are written. One that is only read tells nothing where it is missing. */
function tablesOf(integration: Integration, entity: Entity<unknown>): string[] {
  const resources = [entity.resource, ...(entity.alsoWrites ?? [])];
  return [
    ...Object.entries({ ...integration.tables, ...entity.tables }).flatMap(([table, rights]) =>
      rights.length > 1 ? [table] : [],
    ),
    ...resources.flatMap((resource) => [...writtenTables(resource).keys()]),
  ];
}

interface PlannedState {
  readonly state: IntegrationState;
  readonly lacking: readonly string[];
  readonly planned?: PlannedEntity;
  /** What keeps the whole integration from being looked at. */
  readonly fault?: ErrorReport;
}

async function statesOf(parts: PlanParts, integration: Integration): Promise<PlannedState[]> {
  let connections: readonly HaloConnection[];
  try {
    connections = await integration.connections(parts.api, {
      settings: parts.settings.integrationSettings(integration.name),
      warn: (message) => parts.log.warn(message),
    });
    for (const { row } of connections) parts.secrets.addNamed(row);
  } catch (error) {
    // What is wrong with the database is wrong for all; anything else is this integration's alone.
    if (!(error instanceof IntegratorError) || error.code.startsWith('Database')) throw error;
    const fault = error.toReport();
    return integration.entities.map((entity) => ({
      state: {
        integration: integration.name,
        entity: entity.name,
        connection: '',
        enabledInHalo: false,
        enabledHere: enabledHere(parts, integration, entity),
        willRun: false,
        reason: fault.message,
        advice: fault.advice,
      },
      lacking: [],
      fault,
    }));
  }
  const needed = integration.entities.flatMap((entity) => tablesOf(integration, entity));
  const missing = await parts.api.missingTables([...new Set(needed)]);
  const candidates: (HaloConnection | undefined)[] = connections.length > 0 ? [...connections] : [undefined];
  return candidates.flatMap((connection) =>
    integration.entities.map((entity) => {
      const here = enabledHere(parts, integration, entity);
      const lacking = tablesOf(integration, entity).filter((table) => missing.includes(table));
      const reason = whyOff(here, connection, integration, entity, lacking);
      const inHalo =
        connection?.enabled === true &&
        (!connection.entities || connection.entities.some((name) => sameName(name, entity.name)));
      const state: IntegrationState = {
        integration: integration.name,
        entity: entity.name,
        connection: connection?.name ?? '',
        enabledInHalo: inHalo,
        enabledHere: here,
        willRun: reason === '',
        reason,
        ...(connection?.lastSync && { lastSync: connection.lastSync }),
        ...(connection?.lastError && { lastError: connection.lastError }),
      };
      return { state, lacking, ...(connection && state.willRun && { planned: { integration, connection, entity } }) };
    }),
  );
}

/** Every integration and entity with both switches and, where it will not run, which one is off. */
export async function integrationStates(parts: PlanParts): Promise<IntegrationState[]> {
  return (await survey(parts)).states;
}

/** The states, and the entities that will run by them. */
export async function survey(
  parts: PlanParts,
): Promise<{ readonly states: IntegrationState[]; readonly entities: readonly PlannedEntity[] }> {
  const states: PlannedState[] = [];
  for (const integration of parts.registry) states.push(...(await statesOf(parts, integration)));
  return {
    states: states.map(({ state }) => state),
    entities: states.flatMap(({ planned }) => (planned ? [planned] : [])),
  };
}

/** What a request comes to. */
export interface SyncPlan {
  /** In the order they run. */
  readonly entities: readonly PlannedEntity[];
  /** Entities that are switched on here, and cannot be planned. */
  readonly faults: readonly { readonly integration: string; readonly entity: string; readonly error: ErrorReport }[];
}

/**
 * Plans a request. An integration or entity asked for by name that is switched off throws EntitySwitchedOffError; AUTO simply
 * leaves it out.
 */
export async function planSync(request: SyncRequest, parts: PlanParts): Promise<SyncPlan> {
  const planned: PlannedEntity[] = [];
  const faults: SyncPlan['faults'][number][] = [];
  for (const { integration, asked } of chosenBy(request, parts)) {
    const states = (await statesOf(parts, integration)).filter(({ state }) => !asked || asked.includes(state.entity));
    const unplanned = states.flatMap(({ state, fault }) =>
      fault && (asked || request.integration || state.enabledHere)
        ? [{ integration: integration.name, entity: state.entity, error: fault }]
        : [],
    );
    faults.push(...unplanned);
    if (states.some(({ fault }) => fault)) continue;
    for (const { state, lacking } of states)
      if (state.enabledHere && lacking.length > 0)
        parts.log.warn(`${integration.name} ${state.entity} is left out: ${state.reason}`);
    const running = states.flatMap(({ planned }) => (planned ? [planned] : []));
    if (request.integration && running.length === 0) {
      const first = states[0];
      throw new EntitySwitchedOffError(
        asked ? `${integration.name} ${asked.join(', ')}` : integration.name,
        first?.state.reason ?? 'it has no entities.',
      );
    }
    for (const name of asked ?? [])
      if (!running.some((one) => one.entity.name === name))
        throw new EntitySwitchedOffError(
          `${integration.name} ${name}`,
          states.find(({ state }) => state.entity === name)?.state.reason ?? '',
        );
    planned.push(...running);
  }
  return { entities: planned, faults };
}

/** The integrations a request is about, and the entities asked for of each; throws UnknownIntegrationError, UnknownEntityError. */
function chosenBy(
  { integration: named, entities }: SyncRequest,
  parts: PlanParts,
): { readonly integration: Integration; readonly asked?: readonly string[] }[] {
  const { registry } = parts;
  if (named !== undefined) {
    const integration = findIntegration(registry, named);
    return [{ integration, ...(entities && { asked: entities.map((name) => findEntity(integration, name).name) }) }];
  }
  if (!entities)
    return registry
      .filter(({ name }) => parts.settings.settings.Integrations[name])
      .map((integration) => ({ integration }));
  const has = (integration: Integration, name: string) => integration.entities.find((one) => sameName(one.name, name));
  const unknown = entities.find((name) => !registry.some((integration) => has(integration, name)));
  if (unknown !== undefined)
    throw new UnknownEntityError(
      'This engine',
      unknown,
      registry.flatMap((integration) => integration.entities.map(({ name }) => name)),
    );
  return registry.flatMap((integration) => {
    const asked = entities.flatMap((name) => has(integration, name)?.name ?? []);
    return asked.length > 0 ? [{ integration, asked }] : [];
  });
}
