import { reportOf } from '../errors/integrator-error.ts';
import type { Log } from '../logging/log.ts';
import { RunStore } from './run-store.ts';

/** An entity of a connection by its names. */
export interface EntityName {
  readonly integration: string;
  readonly connection: string;
  readonly entity: string;
}

/** After so many runs in a row that did not finish, one begins anew: what never ends must not keep the others from their turn. */
const longestRound = 50;

/**
 * What the AUTO run before this one left undone at its time limit. This run does that and nothing else, so that the entities at
 * the end get their turn however long those at the beginning take. Only the very run before counts, and only where this one is
 * on record after it: what an earlier one left was taken up by then, and whatever goes wrong narrows one run and not all.
 */
export function unfinishedRound(
  folder: string,
  runId: string,
  log: Pick<Log, 'warn'>,
): readonly EntityName[] | undefined {
  try {
    using store = RunStore.openExisting(folder);
    if (!store) return undefined;
    const [before] = store.rows(
      `SELECT before.id, before.endedAt IS NOT NULL AND before.startedAt <= own.startedAt AS counts
       FROM run own JOIN run before ON before.rowid < own.rowid AND before.auto = 1 AND before.whatIf = 0
       WHERE own.id = ? ORDER BY before.rowid DESC LIMIT 1`,
      runId,
    );
    if (before?.['counts'] !== 1 || unfinishedInARow(store, runId) % longestRound === 0) return undefined;
    return store
      .rows(`${stoppedOf} ORDER BY position`, String(before['id']))
      .map(({ integration, connection, entity }) => ({
        integration: String(integration),
        connection: String(connection),
        entity: String(entity),
      }));
  } catch (error) {
    log.warn('The last run is not known, so this one begins anew', { error: reportOf(error) });
    return undefined;
  }
}

// An entity that another process was at is no part of it: then only those would run that another process still is at.
const stoppedOf = `SELECT integration, connection, entity FROM entity WHERE status = 'stopped' AND run = ?`;

/** How many AUTO runs directly before this one left something undone. */
function unfinishedInARow(store: RunStore, runId: string): number {
  const [row] = store.rows(
    `WITH earlier AS (
       SELECT run.rowid AS place,
         EXISTS (SELECT 1 FROM entity WHERE entity.run = run.id AND entity.status = 'stopped') AS unfinished
       FROM run WHERE auto = 1 AND whatIf = 0 AND run.rowid < (SELECT rowid FROM run WHERE id = ?))
     SELECT count(*) AS count FROM earlier
     WHERE place > coalesce((SELECT max(place) FROM earlier WHERE NOT unfinished), 0)`,
    runId,
  );
  return Number(row?.['count']);
}
