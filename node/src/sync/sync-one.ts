import type { ChangeJournal } from '../changes/change-journal.ts';
import type { ErrorReport } from '../errors/integrator-error.ts';
import { reportOf } from '../errors/integrator-error.ts';
import { AlreadyRunningError, CancelledError } from '../errors/sync-errors.ts';
import type { HaloSession } from '../halo-api/halo-api.ts';
import type { Pace } from '../http/http-client.ts';
import type { EntityContext } from '../integrations/entity.ts';
import type { KeptTexts } from '../integrations/kept-texts.ts';
import { version } from '../version.ts';
import { BoundedLines } from './bounded-lines.ts';
import { CursorStore, type ReadSoFar } from './cursor-store.ts';
import { keptTexts } from './kept-texts.ts';
import { KnownBatches } from './known-batches.ts';
import { entityIsOn, type PlannedEntity } from './plan.ts';
import type { PlannedEntityChanges } from '../plans/planned-changes.ts';
import { rejectionsText } from './reason-to-look.ts';
import type { RejectionList } from './rejection-list.ts';
import { rejectionsOf } from './rejections-of.ts';
import { readSize, type ReadSize } from './read-size.ts';
import { runEntity, type EntityRunOutcome } from './run-entity.ts';
import { StateFolder } from './state-folder.ts';
import type { SyncCounts, SyncEvent, SyncParts, SyncRequest, SyncResult } from './sync.ts';
import type { TimeLimit } from './time-limit.ts';

/** Counts of an entity that nothing was read of. */
export const none: SyncCounts = { read: 0, created: 0, updated: 0, unchanged: 0, rejected: 0, deactivated: 0 };

/** What one entity of a run is synced with. */
export interface OneSync {
  readonly planned: PlannedEntity;
  readonly request: SyncRequest;
  /** The run's id. */
  readonly run: string;
  readonly parts: SyncParts;
  /** The paces of vendors' APIs, for the whole run. */
  readonly paces: Map<string, Pace>;
  readonly limit: TimeLimit;
  /** Where the run's changes are kept. */
  readonly journal?: ChangeJournal | undefined;
  readonly signal: AbortSignal;
  events(event: SyncEvent): void;
}

/** Runs one entity of one connection; whatever goes wrong is in its result. */
export async function syncOne(one: OneSync): Promise<SyncResult> {
  const { planned, parts, limit, signal } = one;
  const { clock } = parts.environment;
  const begun = clock.now().getTime();
  const names = {
    integration: planned.integration.name,
    connection: planned.connection.name,
    entity: planned.entity.name,
  };
  let counts: SyncCounts = { ...none };
  const say = (phase: SyncEvent['phase'], total?: number): void =>
    one.events({ type: 'progress', ...names, phase, ...counts, ...(total !== undefined && { total }) });
  const finish = (rest: Pick<SyncResult, 'status' | 'rejections' | 'error' | 'note'>): SyncResult => {
    say('done');
    return { ...names, ...counts, ...rest, seconds: (clock.now().getTime() - begun) / 1000 };
  };
  const stopped = (): SyncResult => finish({ status: 'stopped', rejections: [] });
  say('starting');
  try {
    if (signal.aborted) throw new CancelledError();
    if (limit.passed) return stopped();
    const { outcome, note } = await lockedRun(one, (phase, current, total) => {
      counts = current;
      say(phase, total);
    });
    counts = outcome.counts;
    const mustAct = [...outcome.mustAct, rejectionsText({ ...counts, rejections: outcome.rejections })].filter(Boolean);
    // One line, in the log and to who watches: the counts alone do not say that somebody has to look.
    if (mustAct.length > 0 && !one.request.whatIf) parts.log.warn(mustAct.join(' '));
    const status = !outcome.complete ? 'stopped' : counts.rejected > 0 ? 'succeeded-with-rejections' : 'succeeded';
    return finish({ status, rejections: outcome.rejections, ...(note && { note }) });
  } catch (error) {
    if (error === limit.signal.reason && !signal.aborted) return stopped();
    const report = reportOf(signal.aborted ? new CancelledError() : error);
    parts.log.error(report.message, { error: report, stack: error instanceof Error ? error.stack : undefined });
    return finish({ status: statusOf(report), rejections: [], error: report });
  }
}

type Progress = (phase: 'reading' | 'writing' | 'deactivating', counts: SyncCounts, total: number | undefined) => void;

/** Runs the entity while no other process does. Throws AlreadyRunningError. */
async function lockedRun(
  one: OneSync,
  progress: Progress,
): Promise<{ readonly outcome: EntityRunOutcome; readonly note: string }> {
  const { planned, request, parts, signal } = one;
  const { integration, connection, entity } = planned;
  const names = { integration: integration.name, entity: entity.name };
  const wouldBe = request.planned?.of({ ...names, connection: connection.name }, connection.id, entity.resource);
  const changes = wouldBe ?? one.journal?.of({ ...names, connection: `${connection.id}` });
  await using session = await parts.api.write(`${integration.name} ${entity.name}`, signal, changes);
  const lock = await session.database.lock(`HaloDBIntegrator ${integration.name} ${connection.id} ${entity.name}`);
  if (!lock.acquired)
    throw new AlreadyRunningError(`${integration.name} ${entity.name}`, lock.by.holder, lock.by.since);
  const { clock } = parts.environment;
  const folder = new StateFolder(parts.settings.folder, parts.environment, (message) => parts.log.warn(message));
  const cursors = new CursorStore(folder, clock, parts.settings.fingerprint);
  const name = `${integration.name}-${connection.id}-${entity.name}`;
  const unfinished = await cursors.load(name);
  const known = await KnownBatches.load({
    folder,
    clock,
    name,
    version,
    settings: parts.settings.fingerprint,
    hours: parts.settings.settings.Sync.CompareAllHours,
    warn: (message) => parts.log.warn(message),
  });
  const kept = request.whatIf ? undefined : unfinished;
  const list = request.whatIf ? undefined : await rejectionsOf(one, folder, name, kept !== undefined);
  // A vendor may put into its links what signed us in.
  const keep = async (read: ReadSoFar | undefined): Promise<void> => {
    await list?.save();
    await cursors.save(name, parts.secrets.areIn(read?.cursor ?? '') ? undefined : read);
  };
  const outcome = await openAndRun(one, {
    size: await readSize(folder, name),
    session,
    wouldBe,
    known,
    list,
    kept,
    keep,
    progress,
    marks: () => folder.marks(`${name}.marks`),
    texts: keptTexts({
      folder,
      integration: integration.name,
      settings: parts.settings.fingerprint,
      secrets: parts.secrets,
    }),
  });
  const looked = 'The last read did not come to its end: a run goes on there, and this looked at all.';
  const note = [outcome.note, request.whatIf && unfinished && looked].filter(Boolean).join(' ');
  return { outcome, note };
}

interface RunParts {
  readonly size: ReadSize;
  readonly session: HaloSession;
  /** Where a what-if tells what would be done. */
  readonly wouldBe: PlannedEntityChanges | undefined;
  readonly known: KnownBatches;
  readonly list: RejectionList | undefined;
  readonly kept: ReadSoFar | undefined;
  readonly progress: Progress;
  keep(read: ReadSoFar | undefined): Promise<void>;
  /** What the entity keeps in mind between runs beside that. */
  marks(): ReturnType<StateFolder['marks']>;
  readonly texts: KeptTexts;
}

/** Opens the entity, runs it, and gives back what it holds. */
async function openAndRun(one: OneSync, run: RunParts): Promise<EntityRunOutcome> {
  const { planned, request, parts, limit, signal } = one;
  const { known, list, kept, session, progress, keep } = run;
  const { Sync, Logging } = parts.settings.settings;
  let warnings = 0;
  const told = new BoundedLines(Logging.MaxRejectionLines);
  const rejections = new BoundedLines(Logging.MaxRejectionLines);
  const context = contextOf(one, run, (message) => {
    warnings++;
    if (told.isNew(message)) parts.log.warn(message);
  });
  const open = await planned.entity.open(context);
  let [whole, ended] = [false, false];
  try {
    await known.begin(open.mapping.basis);
    const outcome = await runEntity({
      session,
      progress,
      keep,
      resource: planned.entity.resource,
      context,
      entity: open,
      known,
      warnings: () => warnings,
      batchSize: Sync.BatchSize,
      maxDeactivatePercent: request.force ? 100 : Sync.MaxDeactivatePercent,
      minReadPercent: request.force ? 0 : Sync.MinReadPercent,
      readBefore: run.size.before,
      keepRead: (read) => run.size.keep(read),
      whatIf: request.whatIf,
      shouldStop: () => limit.passed,
      cancelled: signal,
      timeIsUp: limit.signal,
      list,
      batchDone: async () => run.wouldBe?.flush(),
      rejected: (rejection) => {
        run.wouldBe?.rejected(rejection);
        list?.rejected(rejection);
        const { record, reason } = rejection;
        if (rejections.takes()) parts.log.warn('Record rejected', { record, reason });
      },
      ...(kept && { kept }),
    });
    ended = outcome.complete;
    whole = ended && kept === undefined;
    return outcome;
  } finally {
    const { left } = rejections;
    if (left > 0) parts.log.warn(`and ${left} more records rejected`, { left });
    if (told.left > 0) parts.log.warn(`and ${told.left} more warnings`);
    try {
      if ('write' in open.target) await open.target.close?.();
    } finally {
      if (!request.whatIf) await known.save(whole);
      await list?.save(ended);
    }
  }
}

function contextOf(
  { planned, parts, paces, limit, signal }: OneSync,
  { known, kept, marks, texts }: RunParts,
  warn: (message: string) => void,
) {
  const { integration, connection } = planned;
  return {
    connection,
    settings: parts.settings.integrationSettings(integration.name),
    http: parts.createHttp(),
    clock: parts.environment.clock,
    signal: AbortSignal.any([signal, limit.signal]),
    api: parts.api,
    scope: { module_id: connection.moduleId, details_id: connection.id },
    warn,
    brings: (entity: string) => entityIsOn(parts, integration, connection, entity),
    sizeOfPage: (content: string) => known.sizeOf(content),
    marks,
    kept: texts,
    paces,
    ...(kept?.cursor !== undefined && { cursor: kept.cursor }),
  } satisfies EntityContext;
}

/** The status of an entity that ended with an error. */
export function statusOf({ code }: ErrorReport): SyncResult['status'] {
  if (code === 'Cancelled') return 'cancelled';
  return code === 'AlreadyRunning' ? 'already-running' : 'failed';
}
