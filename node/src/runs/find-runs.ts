import type { SQLInputValue } from 'node:sqlite';
import type { ErrorReport, ExitCode } from '../errors/integrator-error.ts';
import { RunStoreDamagedError } from '../errors/run-errors.ts';
import type { RejectedRecord } from '../sync/sync.ts';
import { stateOf } from './run-liveness.ts';
import type { RunEntity, RunFilter, RunRecord, RunState } from './run-record.ts';
import type { RunStore } from './run-store.ts';

type Row = Readonly<Record<string, unknown>>;

/** The runs that fit, newest first: the one put on record last, since a clock may have been set back. */
export function findRuns(store: RunStore, filter: RunFilter, now: Date, host: string): RunRecord[] {
  return [...eachRun(store, filter, now, host)];
}

/** The same one by one, for who has not room for all of them. */
export function* eachRun(store: RunStore, filter: RunFilter, now: Date, host: string): Generator<RunRecord> {
  for (const row of rowsThatFit(store, filter, now, host)) yield runOf(row, store, now, host);
}

/** How many runs fit, whatever `last` says. */
export function countRuns(store: RunStore, filter: RunFilter, now: Date, host: string): number {
  let all = 0;
  const fitting = rowsThatFit(store, { ...filter, last: Infinity }, now, host);
  while (!fitting.next().done) all++;
  return all;
}

/** Read in pieces: a statement that is left open would keep the run at work from its record. */
const piece = 200;

function* rowsThatFit(store: RunStore, filter: RunFilter, now: Date, host: string): Generator<Row> {
  const { sql, values } = conditionsOf(filter);
  let found = 0;
  let place = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const rows = store.rows(
      `SELECT rowid AS place, * FROM run WHERE ${sql} AND rowid < ? ORDER BY rowid DESC LIMIT ${piece}`,
      ...values,
      place,
    );
    for (const row of rows) {
      if (found >= (filter.last ?? Infinity)) return;
      const state = stateIn(row, now, host);
      if (filter.state && state !== filter.state) continue;
      // A run at work has not failed yet.
      if (filter.failed && state === 'running') continue;
      found++;
      yield row;
    }
    if (rows.length < piece) return;
    place = Number(rows.at(-1)?.['place']);
  }
}

function conditionsOf(filter: RunFilter): { readonly sql: string; readonly values: readonly SQLInputValue[] } {
  const conditions = ['1'];
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
  return { sql: conditions.join(' AND '), values };
}

function stateIn(row: Row, now: Date, host: string): RunState {
  const signs = {
    ended: row['endedAt'] !== null,
    seenAt: new Date(String(row['seenAt'])),
    processId: Number(row['processId']),
    host: String(row['host']),
  };
  return stateOf(signs, now, host);
}

function runOf(row: Row, store: RunStore, now: Date, host: string): RunRecord {
  const seenAt = new Date(String(row['seenAt']));
  const startedAt = String(row['startedAt']);
  const run = { processId: Number(row['processId']), host: String(row['host']) };
  const state = stateIn(row, now, host);
  const until = state === 'running' ? now : seenAt;
  return {
    id: String(row['id']),
    state,
    startedAt,
    ...(typeof row['endedAt'] === 'string' && { endedAt: row['endedAt'] }),
    seconds: Math.max(0, (until.getTime() - new Date(startedAt).getTime()) / 1000),
    auto: row['auto'] === 1,
    whatIf: row['whatIf'] === 1,
    ...undoing(row, store),
    ...run,
    settingsFingerprint: String(row['settingsFingerprint']),
    ...(row['exitCode'] !== null && { exitCode: Number(row['exitCode']) as ExitCode }),
    ...(typeof row['error'] === 'string' && { error: read<ErrorReport>(row['error'], store) }),
    stopRequested: row['stopRequested'] === 1,
    entities: store
      .rows('SELECT * FROM entity WHERE run = ? ORDER BY position', String(row['id']))
      .map((one) => entityOf(one, store)),
  };
}

/** What a run undid, and what undid it; nothing of either where the store is an earlier release's. */
function undoing(row: Row, store: RunStore): Pick<RunRecord, 'undoes' | 'undoneBy'> {
  if (!('undoes' in row)) return {};
  const [by] = store.rows('SELECT id FROM run WHERE undoes = ? ORDER BY rowid DESC LIMIT 1', String(row['id']));
  return {
    ...(typeof row['undoes'] === 'string' && { undoes: row['undoes'] }),
    ...(by && { undoneBy: String(by['id']) }),
  };
}

function entityOf(row: Row, store: RunStore): RunEntity {
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
    ...(typeof row['error'] === 'string' && { error: read<ErrorReport>(row['error'], store) }),
    rejections: read<RejectedRecord[]>(String(row['rejections']), store),
  };
}

/** What a row keeps as JSON. Throws RunStoreDamagedError where somebody has written something else. */
function read<T>(text: string, store: RunStore): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new RunStoreDamagedError(store.path, 'a row of it holds what is no JSON');
  }
}
