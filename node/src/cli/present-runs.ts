import { longDuration } from '../duration.ts';
import { lineText } from '../logging/line-text.ts';
import type { LogLine } from '../logging/read-log.ts';
import type { RunEntity, RunRecord } from '../runs/run-record.ts';
import { reasonToLook } from '../sync/reason-to-look.ts';
import { table } from './table.ts';

/** Runs as a table, with a line below for each entity, and why one should be looked at. */
export async function runList(runs: readonly RunRecord[]): Promise<string> {
  if (runs.length === 0) return 'No run on record here fits.\n';
  return table(
    [{ head: 'Run' }, { head: 'Started' }, { head: 'Duration' }, { head: 'State' }, { head: 'Exit', right: true }],
    runs.map((run) => ({
      cells: [
        run.id.slice(0, 8),
        run.startedAt.replace('T', ' ').replace(/\.\d+Z$/, 'Z'),
        longDuration(run.seconds),
        run.state + kindOf(run),
        run.exitCode ?? '',
      ],
      below: [
        ...(run.undoes === undefined ? [] : [`Undoes the run ${run.undoes.slice(0, 8)}.`]),
        ...(run.undoneBy === undefined ? [] : [`Undone by the run ${run.undoneBy.slice(0, 8)}.`]),
        ...(run.error ? [`${run.error.message} (${run.error.code})`] : run.entities.map(entityLine)),
      ],
    })),
  );
}

function kindOf(run: RunRecord): string {
  if (run.undoes !== undefined) return ' (undo)';
  if (run.whatIf) return ' (what if)';
  return run.stopRequested && run.state === 'running' ? ' (stopping)' : '';
}

function entityLine(one: RunEntity): string {
  const of = one.status === 'running' && one.total !== undefined ? ` of ${one.total}` : '';
  const counts = [`${one.read}${of} read`, `${one.created} created`, `${one.updated} updated`];
  const few = [one.deactivated && `${one.deactivated} deactivated`, one.rejected && `${one.rejected} rejected`];
  const reason = reasonToLook(one);
  return `${one.integration} ${one.entity}: ${[one.status, ...counts, ...few.filter(Boolean)].join(', ')}${reason && `. ${reason}`}`;
}

/** Where a report is. */
export function reported({ path, runs, fitting }: { path: string; runs: number; fitting: number }): string {
  const left = runs < fitting ? `These are the newest of ${fitting}; ask for more with --last.\n` : '';
  return `${runs} ${runs === 1 ? 'run' : 'runs'} written to ${path}.\n${left}`;
}

/** What a stop came to. */
export function stopped(runs: readonly RunRecord[]): string {
  if (runs.length === 0) return 'Nothing was running here.\n';
  return runs.map((run) => `Run ${run.id.slice(0, 8)} has stopped (${run.state}).\n`).join('');
}

/** Log lines as text: time, level, where, message, and what belongs to it. */
export function logLines(lines: readonly LogLine[]): string {
  return lines.map((line) => `${line.time} ${line.level.padEnd(5)} ${lineText(line)}\n`).join('');
}
