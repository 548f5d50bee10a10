import type { LogLine } from '../logging/read-log.ts';
import type { RunEntity, RunRecord } from '../runs/run-record.ts';
import { table } from './table.ts';

/** Runs as a table, each entity a line of its run. */
export async function runList(runs: readonly RunRecord[]): Promise<string> {
  if (runs.length === 0) return 'No run on record here fits.\n';
  const made = await table(
    ['Run', 'Started', 'Seconds', 'State', 'Exit', 'Entities'],
    runs.map((run) => [
      run.id.slice(0, 8),
      run.startedAt.replace('T', ' ').replace(/\.\d+Z$/, 'Z'),
      run.seconds.toFixed(0),
      run.state + (run.whatIf ? ' (what if)' : run.stopRequested && run.state === 'running' ? ' (stopping)' : ''),
      run.exitCode ?? '',
      run.error ? `${run.error.message} (${run.error.code})` : run.entities.map(entityLine).join('\n'),
    ]),
  );
  return made;
}

function entityLine(one: RunEntity): string {
  const of = one.status === 'running' && one.total !== undefined ? ` of ${one.total}` : '';
  const written = `${one.created} created, ${one.updated} updated`;
  const left = one.rejected > 0 ? `, ${one.rejected} rejected` : '';
  const why = one.error ? `: ${one.error.message}` : '';
  return `${one.integration} ${one.entity}: ${one.status}, ${one.read}${of} read, ${written}${left}${why}`;
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

/** Log lines as text: time, level, where, message. */
export function logLines(lines: readonly LogLine[]): string {
  return lines
    .map((line) => `${line.time} ${line.level.padEnd(5)} ${place(line)}${line.message}${why(line)}\n`)
    .join('');
}

function place(line: LogLine): string {
  const words = [line['integration'], line['entity']].filter((word) => typeof word === 'string');
  return words.length > 0 ? `${words.join(' ')}: ` : '';
}

/** What a rejected record or an error says of itself. */
function why(line: LogLine): string {
  const { record, reason, error } = line as { record?: unknown; reason?: unknown; error?: { advice?: unknown } };
  const parts = [
    ...(typeof record === 'string' && typeof reason === 'string' ? [` "${record}": ${reason}`] : []),
    ...(typeof error?.advice === 'string' ? [` Fix: ${error.advice}`] : []),
  ];
  return parts.join('');
}
