import type { Environment } from '../environment.ts';
import { RunNotFoundError, RunNotStoppedError } from '../errors/run-errors.ts';
import { findRuns } from '../runs/find-runs.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { RunStore } from '../runs/run-store.ts';
import { command } from './command.ts';

/** How long a run may take to reach a safe point. */
const patience = 60;
const look = 250;

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
    const running = (named ?? find({})).filter((one) => one.state === 'running');
    for (const one of running) store?.requestStop(one.id);
    const ids = running.map((one) => one.id);
    const left = (): RunRecord[] => ids.flatMap((one) => find({ id: one })).filter((one) => one.state === 'running');
    let waiting = left();
    for (let waited = 0; waiting.length > 0 && waited < seconds * 1000; waited += look) {
      await environment.clock.sleep(look, signal);
      waiting = left();
    }
    if (waiting.length > 0 && force) {
      for (const one of waiting) end(one, environment);
      for (let waited = 0; left().length > 0 && waited < 5000; waited += look) await environment.clock.sleep(look);
      waiting = left();
    }
    if (waiting[0]) throw new RunNotStoppedError(waiting[0].id, seconds);
    return { data: { runs: ids.flatMap((one) => find({ id: one })) }, exitCode: 0 };
  },
);

/** Only a process of this machine can be ended from here. */
function end(run: RunRecord, environment: Environment): void {
  if (run.host !== environment.hostName) return;
  try {
    process.kill(run.processId, 'SIGKILL');
  } catch (error) {
    // It ended between the look and the deed, or belongs to another account: the next look tells which.
    if (!['ESRCH', 'EPERM'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
  }
}
