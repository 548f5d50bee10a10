import type { Check } from '../commands/check.ts';
import type { Finding } from '../diagnostic/finding.ts';
import type { LogLine } from '../logging/read-log.ts';
import type { NewInstance } from '../instances/create-instance.ts';
import type { InspectedTask } from '../schedule/inspect-tasks.ts';
import type { PlannedTask } from '../schedule/plan-tasks.ts';
import type { RunRecord } from '../runs/run-record.ts';
import type { UndoReport } from '../sync/undo-run.ts';
import { longDuration } from '../duration.ts';
import type { IntegrationState, SyncReport, SyncResult } from '../sync/sync.ts';
import { logLines, reported, runList, stopped } from './present-runs.ts';
import { instanceMade, onlyTaskXml, taskList, tasksDone, tasksRegistered } from './present-tasks.ts';
import { table, type TableColumn } from './table.ts';

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
    case 'rejections':
      return (data as { rejections: number }).rejections === 0 ? 'No record is rejected here.\n' : '';
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

const countColumns: readonly TableColumn[] = ['Read', 'Created', 'Updated', 'Unchanged', 'Deactivated', 'Rejected'].map(
  (head) => ({ head, right: true }),
);

async function syncReport(report: SyncReport): Promise<string> {
  if (report.results.length === 0) return 'Nothing was synced.\n';
  const text = await table(
    [{ head: 'Entity', shrinks: true }, ...countColumns],
    report.results.map((one) => ({
      cells: [
        `${one.integration} ${one.entity}`,
        ...[one.read, one.created, one.updated, one.unchanged, one.deactivated, one.rejected],
      ],
      below: [`${one.status} in ${longDuration(one.seconds)}${endingOf(one)}`, ...rejectionLines(one)],
    })),
  );
  return `${text}${report.whatIf ? 'Nothing was written.\n' : ''}`;
}

function endingOf({ error, note }: SyncResult): string {
  const said = [...(error ? [`${error.message} Fix: ${error.advice} (${error.code})`] : []), ...(note ? [note] : [])];
  return said.length > 0 ? `: ${said.join(' ')}` : '';
}

function rejectionLines({ rejected, rejections }: SyncResult): string[] {
  const shown = rejections.slice(0, 5).map(({ record, reason }) => `rejected "${record}": ${reason}`);
  return rejected > shown.length ? [...shown, `The log names ${rejected - shown.length} more.`] : shown;
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
    [
      ...[{ head: 'Integration' }, { head: 'Entity', shrinks: true }, { head: 'Connection', shrinks: true }],
      ...[{ head: 'In Halo' }, { head: 'Here' }, { head: 'Runs' }],
    ],
    all.map((one) => ({
      cells: [
        ...[one.integration, one.entity, one.connection],
        ...[yes(one.enabledInHalo), yes(one.enabledHere), one.willRun ? 'yes' : 'no'],
      ],
      below: [one.reason, ...one.alsoEnabledIn.map((path) => `On in ${path}, too.`)].filter(Boolean),
    })),
  );
}
