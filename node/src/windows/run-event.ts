import type { Environment } from '../environment.ts';
import { ExitCode, type ErrorReport } from '../errors/integrator-error.ts';
import type { SyncReport } from '../sync/sync.ts';

/** The id of a run's entry is its exit code above this (docs/runs-and-logs.md lists them). */
const firstId = 100;

const information: readonly number[] = [ExitCode.Done, ExitCode.TimeLimit];
const warning: readonly number[] = [ExitCode.AlreadyRunning, ExitCode.DoneWithFailures, ExitCode.Cancelled];

/**
 * One entry of Windows' Event Log on how a scheduled run ended, for what watches the servers. Answers why there is none, which is no
 * reason for the run to fail; undefined where it was written, or there is no Windows.
 */
export async function writeRunEvent(
  folder: string,
  outcome: SyncReport | ErrorReport,
  { windows }: Pick<Environment, 'windows'>,
): Promise<string | undefined> {
  if (!windows) return undefined;
  const { exitCode } = outcome;
  const kind = information.includes(exitCode) ? 'information' : warning.includes(exitCode) ? 'warning' : 'error';
  const said =
    'results' in outcome ? resultsText(outcome) : [`${outcome.message}`, `${outcome.advice} (${outcome.code})`];
  const text = [`The scheduled sync of ${folder} ended with exit code ${exitCode}.`, ...said].join('\r\n');
  try {
    await windows.call('WriteEvent', [`${firstId + exitCode}`, kind, text]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function resultsText({ results }: SyncReport): string[] {
  if (results.length === 0) return ['Nothing is switched on.'];
  return results.map((one) => {
    const counts = `${one.read} read, ${one.created} created, ${one.updated} updated, ${one.rejected} rejected`;
    const trouble = one.error ? `. ${one.error.message} ${one.error.advice} (${one.error.code})` : '';
    return `${one.integration} ${one.entity}: ${one.status}, ${counts}${trouble}`;
  });
}
