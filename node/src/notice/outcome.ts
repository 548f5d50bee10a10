import { ExitCode, type ErrorReport } from '../errors/integrator-error.ts';
import type { SyncReport, SyncResult } from '../sync/sync.ts';

/** Something that did not go well: an entity of a connection, or the run as a whole. */
export interface Trouble {
  /** What it is about, the same from run to run. */
  readonly key: string;
  readonly name: string;
  /** `rejected`: all went on, without some records. */
  readonly kind: 'failed' | 'rejected';
  readonly detail: string;
}

/** What a run says about how things stand. What it says nothing of stands as before. */
export interface Outcome {
  readonly troubles: readonly Trouble[];
  /** Keys of what went well. */
  readonly well: readonly string[];
  /** Where NHserver's last day has passed: the date of the upgrade it follows from, and what is to be said. */
  readonly nhserver?: { readonly upgradeDate: string; readonly detail: string };
}

const wholeRun = 'run';

/** How things stand after a run, or after one that could not start; undefined where that tells nothing. */
export function outcomeOf(ended: SyncReport | ErrorReport): Outcome | undefined {
  if (!('results' in ended)) {
    const { exitCode } = ended;
    if (exitCode === ExitCode.Cancelled || exitCode === ExitCode.AlreadyRunning) return undefined;
    const detail = `${ended.message} ${ended.advice} (${ended.code})`;
    return { troubles: [{ key: wholeRun, name: 'The whole sync', kind: 'failed', detail }], well: [] };
  }
  const troubles = ended.results.flatMap(troubleOf);
  const well = ended.results.filter(({ status }) => status === 'succeeded').map(keyOf);
  return { troubles, well: [wholeRun, ...well] };
}

function troubleOf(result: SyncResult): Trouble[] {
  const about = { key: keyOf(result), name: nameOf(result) };
  if (result.status === 'succeeded-with-rejections') {
    // Not the records' own names: they may be people's, and a notice travels far.
    const detail = `${result.rejected} of ${result.read} records were rejected; Get-HaloSyncLog names them.`;
    return [{ ...about, kind: 'rejected', detail }];
  }
  if (result.status !== 'failed') return [];
  const { error } = result;
  return [{ ...about, kind: 'failed', detail: error ? `${error.message} ${error.advice} (${error.code})` : '' }];
}

function keyOf({ integration, connection, entity }: SyncResult): string {
  return JSON.stringify([integration, connection, entity]);
}

function nameOf({ integration, connection, entity }: SyncResult): string {
  // One without a name of its own has the integration's.
  return connection === '' || connection === integration
    ? `${integration} ${entity}`
    : `${integration} ${entity} of ${connection}`;
}
