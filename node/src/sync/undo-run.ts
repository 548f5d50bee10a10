import { randomUUID } from 'node:crypto';
import type { ChangeLine } from '../changes/change-file.ts';
import { damagedLines, type ChangeBatch, type OpenChanges } from '../changes/read-changes.ts';
import { aboutChange, fieldOf, type ShownField } from '../changes/shown-change.ts';
import { keptValue } from '../changes/kept-change.ts';
import { AlreadyRunningError, CancelledError } from '../errors/sync-errors.ts';
import type { HaloSession } from '../halo-api/halo-api.ts';
import type { UndoneRow } from '../halo-api/changes/undo-rows.ts';
import { journalOf } from './journal-of.ts';
import type { SyncParts, SyncResult } from './sync.ts';

/** What became of a row that a run had made or changed. */
export interface ShownUndo {
  /** The run that is undone, and the one that undoes it, whose changes are kept like any run's. */
  readonly runId: string;
  readonly undoRunId: string;
  readonly integration: string;
  readonly entity: string;
  readonly resource: string;
  readonly table: string;
  readonly id: string;
  readonly name: string;
  readonly vendorId: string;
  readonly outcome: UndoneRow['outcome'];
  readonly fields: readonly ShownField[];
  readonly reason: string;
}

/** What an undoing came to. */
export interface UndoReport {
  readonly undoRunId: string;
  readonly whatIf: boolean;
  readonly putBack: number;
  readonly setInactive: number;
  readonly leftAlone: number;
}

/** What an undoing needs. */
export interface UndoRequest {
  /** The id of the run that undoes; one is made where there is none. */
  readonly undoRunId?: string;
  readonly changes: OpenChanges;
  readonly whatIf: boolean;
  readonly signal: AbortSignal;
  /** Given what became of each row, as soon as it is committed. */
  items(some: readonly ShownUndo[]): Promise<void>;
  /** Told at the end what each entity came to: rows put back are updated, those set inactive deactivated, those left alone unchanged. */
  entityDone?(result: SyncResult): void;
}

/**
 * Undoes a run, transaction by transaction, the last one first. What it changes is kept as the changes of a run of its own. Throws
 * AlreadyRunningError where one of its entities is at work.
 */
export async function undoRun(request: UndoRequest, parts: SyncParts): Promise<UndoReport> {
  const { changes, whatIf, signal, items, undoRunId = randomUUID() } = request;
  const begun = parts.environment.clock.now().getTime();
  await using journal = whatIf ? undefined : journalOf(undoRunId, parts, changes.run);
  const sessions = new Map<string, HaloSession>();
  const counts = { 'put back': 0, 'set inactive': 0, 'left alone': 0 };
  const entities = new Map<string, UndoneEntity>();
  let whole = false;
  const sessionOf = async ({ integration, connection, entity }: ChangeBatch): Promise<HaloSession> => {
    const name = `HaloDBIntegrator ${integration} ${connection} ${entity}`;
    const known = sessions.get(name);
    if (known) return known;
    const session = await parts.api.write(
      `undo ${integration} ${entity}`,
      signal,
      journal?.of({ integration, connection, entity }),
    );
    sessions.set(name, session);
    const lock = await session.database.lock(name);
    if (!lock.acquired) throw new AlreadyRunningError(`${integration} ${entity}`, lock.by.holder, lock.by.since);
    return session;
  };
  const { places, whole: allKept } = await changes.places();
  if (!allKept)
    parts.log.warn(
      'Not all changes of this run were kept (Logging.MaxChangesMegabytes): those that were not stay as they are.',
    );
  const damage = damagedLines(changes);
  if (damage !== undefined) parts.log.warn(damage);
  try {
    for (const place of places.toReversed()) {
      if (signal.aborted) throw new CancelledError();
      const batch = await changes.at(place);
      if (!batch || batch.changes.length === 0) continue;
      const session = await sessionOf(batch);
      const lines = netChanges(batch.changes);
      const undone = await session.undo(lines, { whatIf });
      const entity = entityIn(entities, batch);
      for (const { outcome } of undone) {
        counts[outcome]++;
        entity[outcome]++;
      }
      await items(lines.map((line, at) => shownUndo(line, undone[at] as UndoneRow, batch, undoRunId)));
    }
    whole = true;
  } finally {
    const seconds = (parts.environment.clock.now().getTime() - begun) / 1000;
    for (const one of entities.values()) request.entityDone?.(resultOf(one, whole, seconds));
    for (const session of sessions.values()) await session[Symbol.asyncDispose]();
  }
  return {
    undoRunId,
    whatIf,
    putBack: counts['put back'],
    setInactive: counts['set inactive'],
    leftAlone: counts['left alone'],
  };
}

interface UndoneEntity extends Pick<ChangeBatch, 'integration' | 'entity'>, Record<UndoneRow['outcome'], number> {}

function entityIn(entities: Map<string, UndoneEntity>, { integration, entity }: ChangeBatch): UndoneEntity {
  const name = `${integration} ${entity}`;
  const known = entities.get(name) ?? { integration, entity, 'put back': 0, 'set inactive': 0, 'left alone': 0 };
  entities.set(name, known);
  return known;
}

function resultOf({ integration, entity, ...rows }: UndoneEntity, whole: boolean, seconds: number): SyncResult {
  const left = rows['left alone'];
  return {
    ...{ integration, connection: '', entity, status: whole ? 'succeeded' : 'cancelled', seconds },
    ...{ read: rows['put back'] + rows['set inactive'] + left, created: 0, rejected: 0, rejections: [] },
    ...{ updated: rows['put back'], deactivated: rows['set inactive'], unchanged: left },
    ...(left > 0 && { note: `${left} ${left === 1 ? 'row was' : 'rows were'} left alone.` }),
  };
}

/** Each row once: as it was before the first of its changes, and after the last. */
export function netChanges(lines: readonly ChangeLine[]): readonly ChangeLine[] {
  const rows = new Map<string, ChangeLine>();
  for (const line of lines) {
    const key = `${line.table}\n${JSON.stringify(line.key)}`;
    const first = rows.get(key);
    rows.set(
      key,
      first
        ? {
            ...line,
            ...first,
            after: { ...first.after, ...line.after },
            ...(first.before && { before: { ...line.before, ...first.before } }),
          }
        : line,
    );
  }
  return [...rows.values()];
}

function shownUndo(line: ChangeLine, undone: UndoneRow, batch: ChangeBatch, undoRunId: string): ShownUndo {
  const { resource, table, id, name, vendorId } = aboutChange(line);
  return {
    runId: batch.run,
    undoRunId,
    integration: batch.integration,
    entity: batch.entity,
    ...{ resource, table, id, name, vendorId },
    outcome: undone.outcome,
    fields: Object.keys(undone.to).map((column) => ({
      field: fieldOf(table, column),
      before: keptValue(undone.from[column] ?? null),
      after: keptValue(undone.to[column] ?? null),
    })),
    reason: undone.reason,
  };
}
