import type { Environment } from '../environment.ts';
import { RunNotFoundError, RunNotStoppedError } from '../errors/run-errors.ts';
import { findRuns } from '../runs/find-runs.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { RunStore } from '../runs/run-store.ts';
import { command } from './command.ts';
import { withReason } from './with-reason.ts';

/** How long a run may take to reach a safe point. */
const patience = 60;
const look = 250;
/** A run gives a sign of life each second; one that is busy may miss a few. */
const longestSilence = 5000;

/** Asks the runs at work (or the one named) to stop, and waits until they have; with `force` ends what has not. */
export const stop = command(
  'stop',
  { run: 'text', wait: 'number', force: 'switch' },
  async (engine, { run: id, wait: seconds = patience, force = false }, _output, signal) => {
    const { environment } = engine;
    using store = RunStore.openExisting(await engine.instanceFolder());
    const find = (filter: Parameters<typeof findRuns>[1]): RunRecord[] =>
      store ? findRuns(store, filter, environment.clock.now(), environment.hostName) : [];
    const named = id === undefined ? undefined : find({ id });
    if (named && named.length !== 1) throw new RunNotFoundError(String(id), named.length);
    const running = (named ?? find({ state: 'running' })).filter((one) => one.state === 'running');
    for (const one of running) store?.requestStop(one.id);
    const ids = running.map((one) => one.id);
    const left = (): RunRecord[] => ids.flatMap((one) => find({ id: one })).filter((one) => one.state === 'running');
    let waiting = left();
    for (let waited = 0; waiting.length > 0 && waited < seconds * 1000; waited += look) {
      await environment.clock.sleep(look, signal);
      waiting = left();
    }
    if (store && force) {
      const ends = await Promise.allSettled(waiting.map((one) => end(one, store, environment)));
      for (const one of ends) if (one.status === 'rejected') throw one.reason;
      for (let waited = 0; left().length > 0 && waited < 5000; waited += look) await environment.clock.sleep(look);
      waiting = left();
    }
    if (waiting[0]) throw new RunNotStoppedError(waiting[0].id, seconds);
    const ended = ids.flatMap((one) => find({ id: one }));
    return { data: { runs: ended.map((run) => ({ ...run, entities: run.entities.map(withReason) })) }, exitCode: 0 };
  },
);

/**
 * Ends the process of a run of this machine, right after a sign of life: without one the run may be gone, and its process id
 * another program's by now.
 */
async function end(run: RunRecord, store: RunStore, { clock, hostName }: Environment): Promise<void> {
  if (run.host !== hostName) return;
  const before = store.seenAt(run.id);
  for (let waited = 0; store.seenAt(run.id) === before; waited += look) {
    if (waited >= longestSilence) throw new RunNotStoppedError(run.id, longestSilence / 1000, run.processId);
    await clock.sleep(look);
  }
  if (store.seenAt(run.id) === undefined) return;
  try {
    process.kill(run.processId, 'SIGKILL');
  } catch (error) {
    // It ended between the look and the deed, or belongs to another account: the next look tells which.
    if (!['ESRCH', 'EPERM'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
  }
}
