import { UsageError } from '../errors/command-errors.ts';
import type { NewInstance } from '../instances/create-instance.ts';
import type { InspectedTask } from '../schedule/inspect-tasks.ts';
import type { PlannedTask } from '../schedule/plan-tasks.ts';
import { table } from './table.ts';

/** A folder that was made, and what to do next. */
export function instanceMade(made: NewInstance): string {
  const limit = made.timeLimitMinutes > 0 ? `, its runs stop after ${made.timeLimitMinutes} minutes` : '';
  return `${made.path} was made from ${made.copiedFrom}: it runs ${made.frequency ?? 'whenever it is started'}${limit}.
Next: halo-db-integrator enable <integration> --entity <entity> --config "${made.folder}"
      halo-db-integrator task register "${made.folder}"
`;
}

/** The XML alone, so that it can be written to a file, which holds one document. Throws UsageError for several. */
export function onlyTaskXml(tasks: readonly PlannedTask[]): string {
  if (tasks.length > 1)
    throw new UsageError(
      `There are ${tasks.length} instances, and the XML is that of one task.`,
      `Name the folder of one: ${tasks.map((one) => `"${one.folder}"`).join(', ')}.`,
    );
  return tasks.map((one) => one.xml).join('');
}

/** What was, or would be, registered. */
export function tasksRegistered(tasks: readonly PlannedTask[], whatIf: boolean): string {
  const deeds = whatIf
    ? { create: 'would be made', update: 'would be updated', none: 'is as it should be' }
    : { create: 'was made', update: 'was updated', none: 'is as it should be' };
  return tasks
    .map((one) => {
      const limit =
        one.newTimeLimitMinutes === undefined
          ? ''
          : ` Sync.TimeLimitMinutes ${whatIf ? 'would become' : 'is now'} ${one.newTimeLimitMinutes}.`;
      const changed = one.differences.map((difference) => `  ${difference}\n`).join('');
      return `${one.name} ${deeds[one.action]}: ${one.frequency}, as ${one.account.name}.${limit}\n${changed}${one.warnings.map((text) => `  ${text}\n`).join('')}`;
    })
    .join('');
}

/** The tasks there are. */
export async function taskList(tasks: readonly InspectedTask[], notices: readonly string[]): Promise<string> {
  if (tasks.length === 0) return 'No task is registered.\n';
  const shown = await table(
    [{ head: 'Task', shrinks: true }, { head: 'State' }, { head: 'Last run' }, { head: 'Next run' }],
    tasks.map((one) => ({
      cells: [one.name, one.state, one.lastRun ?? '', one.nextRun ?? ''],
      below: [
        `Starts ${one.schedule}, as ${one.account}.${one.lastOutcome && ` Last result: ${one.lastOutcome}.`}`,
        ...one.drift.map((drift) => `No longer fits: ${drift}`),
      ],
    })),
  );
  return shown + notices.map((notice) => `${notice}\n`).join('');
}

/** Tasks that were started or removed. */
export function tasksDone({ tasks, deed }: { tasks: readonly string[]; deed: 'start' | 'remove' }): string {
  return tasks.map((name) => `${name} was ${deed === 'start' ? 'started' : 'removed'}.\n`).join('');
}
