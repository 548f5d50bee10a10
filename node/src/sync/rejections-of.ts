import type { PlannedEntity } from './plan.ts';
import { RejectionList } from './rejection-list.ts';
import type { StateFolder } from './state-folder.ts';
import type { SyncParts } from './sync.ts';

/** An entity of a run. */
interface RejectingRun {
  readonly planned: PlannedEntity;
  readonly parts: SyncParts;
  readonly run: string;
}

/** The records of an entity that are rejected as things stand. */
export function rejectionsOf(
  { planned, parts, run }: RejectingRun,
  folder: StateFolder,
  name: string,
  goesOn: boolean,
): Promise<RejectionList> {
  const { integration, connection, entity } = planned;
  return RejectionList.load({
    folder,
    clock: parts.environment.clock,
    name,
    of: { integration: integration.name, connection: connection.name, entity: entity.name },
    run,
    goesOn,
    days: parts.settings.settings.Logging.HistoryDays,
    secrets: parts.secrets,
    warn: (message) => parts.log.warn(message),
  });
}
