import { minutesBetween, type Frequency } from './frequency.ts';

/** The longest the engine is let run where the next start is far away. */
const longest = 720;

/** Minutes after which the engine stops by itself, so that it has finished before the next start. */
export function engineLimit(frequency: Frequency): number {
  const between = minutesBetween(frequency);
  return Math.max(1, Math.min(longest, between - 1, Math.floor(between * 0.9)));
}

/** Whether the limit in the settings (0 is none) lets a run end before the next start. */
export function endsInTime(limit: number, frequency: Frequency): boolean {
  return limit > 0 && limit < Math.max(2, minutesBetween(frequency));
}

/** Minutes after which Windows ends the task: a little over the engine's own limit, which has the first word. */
export function taskLimit(engineMinutes: number): number {
  return engineMinutes + Math.max(1, Math.min(10, Math.ceil(engineMinutes / 10)));
}
