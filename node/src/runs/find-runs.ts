import type { SQLInputValue } from 'node:sqlite';
import type { ErrorReport, ExitCode } from '../errors/integrator-error.ts';
import type { RejectedRecord } from '../sync/sync.ts';
import { stateOf } from './run-liveness.ts';
import type { RunEntity, RunFilter, RunRecord } from './run-record.ts';
import type { RunStore } from './run-store.ts';

type Row = Readonly<Record<string, unknown>>;

/** The runs that fit, newest first: the one put on record last, since a clock may have been set back. */
export function findRuns(store: RunStore, filter: RunFilter, now: Date, host: string): RunRecord[] {
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  const where = (condition: string, ...bound: SQLInputValue[]): void => {
    conditions.push(condition);
    values.push(...bound);
  };
  if (filter.id !== undefined) where('substr(id, 1, ?) = ?', filter.id.length, filter.id.toLowerCase());
  if (filter.since) where('startedAt >= ?', filter.since.toISOString());
  if (filter.failed) where('(exitCode IS NULL OR exitCode <> 0)');
  if (filter.state) where(filter.state === 'ended' ? 'endedAt IS NOT NULL' : 'endedAt IS NULL');
  const entity = (column: string, name: string): void =>
    where(`EXISTS (SELECT 1 FROM entity WHERE run = id AND lower(${column}) = ?)`, name.toLowerCase());
  if (filter.integration !== undefined) entity('entity.integration', filter.integration);
  if (filter.entity !== undefined) entity('entity.entity', filter.entity);
  const sql = `SELECT * FROM run ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ORDER BY rowid DESC`;
  const found: RunRecord[] = [];
  for (const row of store.each(sql, ...values)) {
    if (found.length >= (filter.last ?? Infinity)) break;
    const run = runOf(row, store, now, host);
    if (filter.state && run.state !== filter.state) continue;
    // A run at work has not failed yet.
    if (filter.failed && run.state === 'running') continue;
    found.push(run);
  }
  return found;
}

function runOf(row: Row, store: RunStore, now: Date, host: string): RunRecord {
  const seenAt = new Date(String(row['seenAt']));
  const startedAt = String(row['startedAt']);
  const run = { processId: Number(row['processId']), host: String(row['host']) };
  const state = stateOf({ ...run, ended: row['endedAt'] !== null, seenAt }, now, host);
  const until = state === 'running' ? now : seenAt;
  return {
    id: String(row['id']),
    state,
    startedAt,
    ...(typeof row['endedAt'] === 'string' && { endedAt: row['endedAt'] }),
    seconds: Math.max(0, (until.getTime() - new Date(startedAt).getTime()) / 1000),
    auto: row['auto'] === 1,
    whatIf: row['whatIf'] === 1,
    ...run,
    settingsFingerprint: String(row['settingsFingerprint']),
    ...(row['exitCode'] !== null && { exitCode: Number(row['exitCode']) as ExitCode }),
    ...(typeof row['error'] === 'string' && { error: JSON.parse(row['error']) as ErrorReport }),
    stopRequested: row['stopRequested'] === 1,
    entities: store
      .rows('SELECT * FROM entity WHERE run = ? ORDER BY position', String(row['id']))
      .map((one) => entityOf(one)),
  };
}

function entityOf(row: Row): RunEntity {
  const count = (name: string): number => Number(row[name]);
  return {
    integration: String(row['integration']),
    connection: String(row['connection']),
    entity: String(row['entity']),
    status: String(row['status']) as RunEntity['status'],
    read: count('read'),
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    rejected: count('rejected'),
    deactivated: count('deactivated'),
    ...(row['total'] !== null && { total: count('total') }),
    seconds: count('seconds'),
    ...(typeof row['note'] === 'string' && { note: row['note'] }),
    ...(typeof row['error'] === 'string' && { error: JSON.parse(row['error']) as ErrorReport }),
    rejections: JSON.parse(String(row['rejections'])) as RejectedRecord[],
  };
}
