import { openChanges } from '../changes/read-changes.ts';
import { UsageError } from '../errors/command-errors.ts';
import { undoRun } from '../sync/undo-run.ts';
import { mustBeThere } from './changes.ts';
import { command } from './command.ts';
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
  const items = (some: readonly unknown[]): Promise<void> => output.items(some);
  return { data: await undoRun({ changes, whatIf, signal, items }, await engine.parts([])), exitCode: 0 };
});
