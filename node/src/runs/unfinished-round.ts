import type { Environment } from '../environment.ts';
import { reportOf } from '../errors/integrator-error.ts';
import type { Log } from '../logging/log.ts';
import { findRuns } from './find-runs.ts';
import { RunStore } from './run-store.ts';

/** An entity of a connection by its names. */
export interface EntityName {
  readonly integration: string;
  readonly connection: string;
  readonly entity: string;
}

/**
 * What the last AUTO run left undone, at its time limit or because another was at it. The next run does these and no others, so that the entities at
 * the end get their turn however long those at the beginning take; the run after that begins anew.
 */
export function unfinishedRound(
  folder: string,
  environment: Environment,
  log: Pick<Log, 'warn'>,
): readonly EntityName[] | undefined {
  try {
    using store = RunStore.openExisting(folder);
    if (!store) return undefined;
    const wanted = { state: 'ended', auto: true, last: 1 } as const;
    const [last] = findRuns(store, wanted, environment.clock.now(), environment.hostName);
    const left = last?.entities.filter(({ status }) => status === 'stopped' || status === 'already-running') ?? [];
    return left.length > 0 ? left : undefined;
  } catch (error) {
    log.warn('The last run is not known, so this one begins anew', { error: reportOf(error) });
    return undefined;
  }
}
