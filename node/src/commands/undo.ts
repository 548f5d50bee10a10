import { randomUUID } from 'node:crypto';
import { openChanges, type OpenChanges } from '../changes/read-changes.ts';
import { UsageError } from '../errors/command-errors.ts';
import { RunRecorder } from '../runs/run-recorder.ts';
import type { SyncResult } from '../sync/sync.ts';
import { undoRun, type UndoReport } from '../sync/undo-run.ts';
import { mustBeThere } from './changes.ts';
import { command, type CommandOutput } from './command.ts';
import type { Engine } from './engine.ts';
import { runsOf } from './runs.ts';

const shape = { run: 'text', whatIf: 'switch' } as const;

/** Puts back what a run changed in Halo and sets inactive what it made, one object a row. */
export const undo = command('undo', shape, async (engine, { run, whatIf = false }, output, signal) => {
  if (run === undefined) throw new UsageError('undo needs a run.', 'Name one: runs lists them.');
  await using changes = await openChanges(await engine.instanceFolder(), run, engine.environment);
  if (!changes) {
    await mustBeThere(engine, run);
    return { data: { whatIf, putBack: 0, setInactive: 0, leftAlone: 0 }, exitCode: 0 };
  }
  const [found] = await runsOf(engine, { id: changes.run, failed: false });
  if (found?.state === 'running')
    throw new UsageError(`The run ${changes.run} is still at work.`, 'Wait until it has ended, or stop it.');
  return { data: await undone(engine, changes, whatIf, output, signal), exitCode: 0 };
});

/** Undoes a run, and keeps a record of it as of any run; one that only looks is none. */
async function undone(
  engine: Engine,
  changes: OpenChanges,
  whatIf: boolean,
  output: CommandOutput,
  signal: AbortSignal,
): Promise<UndoReport> {
  const parts = await engine.parts([]);
  const items = (some: readonly unknown[]): Promise<void> => output.items(some);
  if (whatIf) return undoRun({ changes, whatIf, signal, items }, parts);
  const { settings, environment, log } = parts;
  const id = randomUUID();
  using recorder = new RunRecorder(
    { id, auto: false, whatIf, undoes: changes.run, settingsFingerprint: settings.fingerprint },
    {
      folder: settings.folder,
      historyDays: settings.settings.Logging.HistoryDays,
      secrets: engine.secrets,
      environment,
      log,
    },
  );
  try {
    const stop = AbortSignal.any([signal, recorder.stopSignal]);
    const entityDone = (result: SyncResult): void => recorder.entityDone(result);
    const report = await undoRun({ undoRunId: id, changes, whatIf, signal: stop, items, entityDone }, parts);
    await recorder.end({ exitCode: 0 });
    return report;
  } catch (error) {
    await recorder.failed(error);
    throw error;
  }
}
