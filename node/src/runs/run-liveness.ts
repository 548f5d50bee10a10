import type { RunState } from './run-record.ts';

/** A run that has not given a sign for so long is gone, even where its process id is taken by another program. */
const silence = 120_000;

/** What tells whether a run is at work. */
export interface SignsOfLife {
  readonly ended: boolean;
  readonly processId: number;
  readonly host: string;
  readonly seenAt: Date;
}

/** How a run stands now, seen from this machine. */
export function stateOf(run: SignsOfLife, now: Date, host: string): RunState {
  if (run.ended) return 'ended';
  // Of either sign: a clock that was set back leaves a sign of the future, which one at work replaces within a second.
  const silent = Math.abs(now.getTime() - run.seenAt.getTime()) > silence;
  return silent || (run.host === host && !isAlive(run.processId)) ? 'interrupted' : 'running';
}

/** Whether a process of this machine exists, whoever owns it. */
function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    // Another account's process may be seen but not touched.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
