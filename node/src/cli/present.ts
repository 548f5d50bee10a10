import type { Check } from '../commands/test.ts';
import type { Finding } from '../diagnostic/finding.ts';
import type { LogLine } from '../logging/read-log.ts';
import type { NewInstance } from '../instances/create-instance.ts';
import type { InspectedTask } from '../schedule/inspect-tasks.ts';
import type { PlannedTask } from '../schedule/plan-tasks.ts';
import type { RunRecord } from '../runs/run-record.ts';
import type { UndoReport } from '../sync/undo-run.ts';
import type { IntegrationState, SyncReport } from '../sync/sync.ts';
import { logLines, reported, runList, stopped } from './present-runs.ts';
import { instanceMade, onlyTaskXml, taskList, tasksDone, tasksRegistered } from './present-tasks.ts';
import { table } from './table.ts';

/** What a command came to, for a person. */
export async function present(command: string, data: unknown): Promise<string> {
  switch (command) {
    case 'sync':
      return syncReport(data as SyncReport);
    case 'test':
      return checks((data as { checks: Check[] }).checks);
    case 'diagnose':
      return diagnostic(data as { findings: Finding[]; path?: string });
    case 'integrations':
      return states((data as { integrations: SharedState[] }).integrations);
    case 'runs':
      return runList((data as { runs: RunRecord[] }).runs);
    case 'changes':
      return (data as { changes: number }).changes === 0
        ? 'That run changed nothing, or its changes are no longer kept.\n'
        : '';
    case 'undo':
      return undone(data as UndoReport);
    case 'report':
      return reported(data as { path: string; runs: number; fitting: number });
    case 'stop':
      return stopped((data as { runs: RunRecord[] }).runs);
    case 'logs':
      return logLines((data as { lines: LogLine[] }).lines);
    case 'instance-new':
      return instanceMade(data as NewInstance);
    case 'task-plan':
      return onlyTaskXml((data as { tasks: PlannedTask[] }).tasks);
    case 'task-register':
      return tasksRegistered((data as { tasks: PlannedTask[] }).tasks, (data as { whatIf: boolean }).whatIf);
    case 'task-list':
      return taskList((data as { tasks: InspectedTask[] }).tasks, (data as { notices: string[] }).notices);
    case 'task-start':
    case 'task-remove':
      return tasksDone(data as { tasks: string[]; deed: 'start' | 'remove' });
    default:
      return `${JSON.stringify(data, undefined, 2)}\n`;
  }
}

async function diagnostic({ findings, path }: { findings: Finding[]; path?: string }): Promise<string> {
  if (path !== undefined) return `${findings.length} findings were written to ${path}. Read it before you send it.\n`;
  const { findingsText } = await import('../diagnostic/look-in-halo.ts');
  return findingsText(findings, {});
}

function undone({ putBack, setInactive, leftAlone, whatIf }: UndoReport): string {
  const would = whatIf ? 'would be ' : '';
  const counts = `${putBack} rows ${would}put back, ${setInactive} ${would}set inactive, ${leftAlone} left alone.`;
  return `${counts}${whatIf ? ' Nothing was written.' : ''}\n`;
}

/** What a person is to be told beside it, which must not get into a file that the output is written to. */
export function warningsBeside(command: string, data: unknown): readonly string[] {
  if (command !== 'task-plan') return [];
  return [...new Set((data as { tasks: PlannedTask[] }).tasks.flatMap((one) => one.warnings))];
}

async function syncReport(report: SyncReport): Promise<string> {
  if (report.results.length === 0)
    return 'Nothing is switched on, so nothing was synced. See: halo-db-integrator integrations\n';
  const text = await table(
    [
      'Integration',
      'Entity',
      'Status',
      'Read',
      'Created',
      'Updated',
      'Unchanged',
      'Rejected',
      'Deactivated',
      'Seconds',
    ],
    report.results.map((one) => [
      one.integration,
      one.entity,
      one.status,
      one.read,
      one.created,
      one.updated,
      one.unchanged,
      one.rejected,
      one.deactivated,
      one.seconds.toFixed(1),
    ]),
  );
  const notes = report.results.flatMap((one) => [
    ...(one.error ? [`${one.entity}: ${one.error.message} Fix: ${one.error.advice} (${one.error.code})`] : []),
    ...(one.note ? [`${one.entity}: ${one.note}`] : []),
    ...one.rejections
      .slice(0, 5)
      .map((rejection) => `${one.entity}: "${rejection.record}" rejected: ${rejection.reason}`),
    ...(one.rejected > 5 ? [`${one.entity}: ${one.rejected - 5} more rejected records are named in the log.`] : []),
  ]);
  return `${text}${notes.map((note) => `${note}\n`).join('')}${report.whatIf ? 'Nothing was written.\n' : ''}`;
}

function checks(all: readonly Check[]): string {
  return all
    .map(
      (one) =>
        `${one.passed ? 'ok  ' : 'FAIL'} ${one.name}: ${one.detail}\n${one.passed ? '' : `     Fix: ${one.fix}\n`}`,
    )
    .join('');
}

type SharedState = IntegrationState & { readonly alsoEnabledIn: readonly string[] };

function states(all: readonly SharedState[]): Promise<string> {
  const yes = (on: boolean): string => (on ? 'on' : 'off');
  return table(
    ['Integration', 'Entity', 'Connection', 'In Halo', 'Here', 'Runs', 'Why not'],
    all.map((one) => [
      one.integration,
      one.entity,
      one.connection,
      yes(one.enabledInHalo),
      yes(one.enabledHere),
      one.willRun ? 'yes' : 'no',
      [one.reason, ...one.alsoEnabledIn.map((path) => `On in ${path}, too.`)].filter(Boolean).join(' '),
    ]),
  );
}
