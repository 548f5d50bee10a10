import { randomUUID } from 'node:crypto';
import { AlreadyRunningError, CancelledError } from '../errors/sync-errors.ts';
import { ExitCode, reportOf } from '../errors/integrator-error.ts';
import type { SettingsRowWriter } from '../integrations/connection.ts';
import { planSync, type PlannedEntity } from './plan.ts';
import { runEntity } from './run-entity.ts';
import { BoundedLines } from './bounded-lines.ts';
import { CursorStore } from './cursor-store.ts';
import { KnownBatches } from './known-batches.ts';
import { StateFolder } from './state-folder.ts';
import { TimeLimit } from './time-limit.ts';
import { version } from '../version.ts';
import type { SyncCounts, SyncEvent, SyncParts, SyncReport, SyncRequest, SyncResult } from './sync.ts';

const none: SyncCounts = { read: 0, created: 0, updated: 0, unchanged: 0, rejected: 0, deactivated: 0 };

/**
 * Runs everything the request comes to, entity after entity; one that fails does not keep the others from running.
 * Throws only what keeps the whole run from starting (unknown names, switched off by name, database out of reach).
 */
export async function syncAll(
  request: SyncRequest,
  parts: SyncParts,
  events: (event: SyncEvent) => void,
  signal: AbortSignal,
  entityDone: (result: SyncResult) => void = () => {},
): Promise<SyncReport> {
  const { clock } = parts.environment;
  const startedAt = clock.now();
  const runId = request.runId ?? randomUUID();
  const { entities, faults } = await planSync(request, parts);
  const planned = leftOver(entities, request);
  using limit = new TimeLimit(clock, startedAt, parts.settings.settings.Sync.TimeLimitMinutes);
  const results: SyncResult[] = [];
  parts.log.info('Sync started', {
    run: runId,
    entities: planned.map((one) => `${one.integration.name} ${one.entity.name}`),
  });
  for (const { error, ...names } of parts.secrets.mask(faults)) {
    parts.log.error(error.message, { run: runId, ...names, error });
    const result: SyncResult = {
      ...names,
      connection: '',
      status: 'failed',
      ...none,
      rejections: [],
      error,
      seconds: 0,
    };
    results.push(result);
    entityDone(result);
  }
  for (const [index, one] of planned.entries()) {
    const log = parts.log.child({ run: runId, integration: one.integration.name, entity: one.entity.name });
    const ended = await syncOne(one, request, { ...parts, log }, limit, events, signal);
    // From here it goes everywhere: the screen, the record of runs, Halo's own columns.
    const result = parts.secrets.mask(request.whatIf ? withForesight(ended, results) : ended);
    results.push(result);
    entityDone(result);
    log.info('Entity done', { ...result, rejections: result.rejections.length });
    const next = planned[index + 1];
    if (!next || next.connection !== one.connection) await recordSync(one, results, request, parts);
  }
  const exitCode = exitCodeOf(results);
  parts.log.info('Sync ended', { run: runId, exitCode });
  return { runId, startedAt, exitCode, whatIf: request.whatIf, results };
}

/** What-if writes nothing, so what belongs to a record that the same run would have made finds none. */
function withForesight(result: SyncResult, before: readonly SyncResult[]): SyncResult {
  const first = before.find(
    (one) => one.integration === result.integration && one.connection === result.connection && one.created > 0,
  );
  if (!first || result.rejected === 0) return result;
  const note = `${first.created} ${first.entity} would be created first: what was rejected for lack of one of them would then be written.`;
  return { ...result, note: [result.note, note].filter(Boolean).join(' ') };
}

/** What the last run left undone; everything where nothing of that is switched on any more. */
function leftOver(planned: readonly PlannedEntity[], { continuing }: SyncRequest): readonly PlannedEntity[] {
  const left = planned.filter(({ integration, connection, entity }) =>
    continuing?.some(
      (one) => one.integration === integration.name && one.connection === connection.name && one.entity === entity.name,
    ),
  );
  return left.length > 0 ? left : planned;
}

async function syncOne(
  { integration, connection, entity }: PlannedEntity,
  request: SyncRequest,
  parts: SyncParts,
  limit: TimeLimit,
  events: (event: SyncEvent) => void,
  signal: AbortSignal,
): Promise<SyncResult> {
  const { clock } = parts.environment;
  const begun = clock.now().getTime();
  let counts: SyncCounts = { ...none };
  const names = { integration: integration.name, connection: connection.name, entity: entity.name };
  const say = (phase: SyncEvent['phase'], total?: number): void =>
    events({ type: 'progress', ...names, phase, ...counts, ...(total !== undefined && { total }) });
  const finish = (rest: Pick<SyncResult, 'status' | 'rejections' | 'error' | 'note'>): SyncResult => {
    say('done');
    return { ...names, ...counts, ...rest, seconds: (clock.now().getTime() - begun) / 1000 };
  };
  say('starting');
  const folder = new StateFolder(parts.settings.folder, parts.environment, (message) => parts.log.warn(message));
  const cursors = new CursorStore(folder, clock, parts.settings.fingerprint);
  const cursorName = `${integration.name}-${connection.id}-${entity.name}`;
  try {
    if (signal.aborted) throw new CancelledError();
    if (limit.passed) return finish({ status: 'stopped', rejections: [] });
    await using session = await parts.api.write(`${integration.name} ${entity.name}`, signal);
    const lock = await session.database.lock(`HaloDBIntegrator ${integration.name} ${connection.id} ${entity.name}`);
    if (!lock.acquired)
      throw new AlreadyRunningError(`${integration.name} ${entity.name}`, lock.by.holder, lock.by.since);
    const unfinished = await cursors.load(cursorName);
    const kept = request.whatIf ? undefined : unfinished;
    const { Sync, Logging } = parts.settings.settings;
    const known = await KnownBatches.load({
      folder,
      clock,
      name: cursorName,
      version,
      settings: parts.settings.fingerprint,
      hours: Sync.CompareAllHours,
      warn: (message) => parts.log.warn(message),
    });
    const told = new BoundedLines(Logging.MaxRejectionLines);
    const rejections = new BoundedLines(Logging.MaxRejectionLines);
    let warnings = 0;
    const context = {
      connection,
      settings: parts.settings.integrationSettings(integration.name),
      http: parts.createHttp(),
      clock,
      signal: AbortSignal.any([signal, limit.signal]),
      api: parts.api,
      scope: { module_id: connection.moduleId, details_id: connection.id },
      warn: (message: string) => {
        warnings++;
        if (told.isNew(message)) parts.log.warn(message);
      },
      sizeOfPage: (content: string) => known.sizeOf(content),
      marks: () => folder.marks(`${cursorName}.marks`),
      ...(kept?.cursor !== undefined && { cursor: kept.cursor }),
    };
    const open = await entity.open(context);
    await known.begin(open.mapping.basis);
    let whole = false;
    const outcome = await runEntity({
      resource: entity.resource,
      context,
      entity: open,
      session,
      known,
      warnings: () => warnings,
      batchSize: Sync.BatchSize,
      maxDeactivatePercent: Sync.MaxDeactivatePercent,
      whatIf: request.whatIf,
      shouldStop: () => limit.passed,
      cancelled: signal,
      timeIsUp: limit.signal,
      progress: (phase, current, total) => {
        counts = current;
        say(phase, total);
      },
      rejected: (rejection) => {
        if (rejections.takes()) parts.log.warn('Record rejected', { ...rejection });
      },
      ...(kept && { kept }),
      // A vendor may put into its links what signed us in.
      keep: (read) => cursors.save(cursorName, parts.secrets.areIn(read?.cursor ?? '') ? undefined : read),
    })
      .then((ended) => {
        whole = ended.complete && kept === undefined;
        return ended;
      })
      .finally(() => {
        const { left } = rejections;
        if (left > 0) parts.log.warn(`and ${left} more records rejected`, { left });
        if (told.left > 0) parts.log.warn(`and ${told.left} more warnings`);
      })
      .finally(() => ('write' in open.target ? open.target.close?.() : undefined))
      .finally(() => (request.whatIf ? undefined : known.save(whole)));
    counts = outcome.counts;
    const status = !outcome.complete ? 'stopped' : counts.rejected > 0 ? 'succeeded-with-rejections' : 'succeeded';
    const note = [
      outcome.note,
      request.whatIf &&
        unfinished &&
        'The last read did not come to its end: a run goes on there, and this looked at all.',
    ]
      .filter(Boolean)
      .join(' ');
    return finish({ status, rejections: outcome.rejections, ...(note && { note }) });
  } catch (error) {
    if (error === limit.signal.reason && !signal.aborted) return finish({ status: 'stopped', rejections: [] });
    const report = reportOf(signal.aborted ? new CancelledError() : error);
    parts.log.error(report.message, { error: report, stack: error instanceof Error ? error.stack : undefined });
    return finish({ status: statusOf(report.code), rejections: [], error: report });
  }
}

function statusOf(code: string): SyncResult['status'] {
  if (code === 'Cancelled') return 'cancelled';
  return code === 'AlreadyRunning' ? 'already-running' : 'failed';
}

/** Last sync and last error go to Halo's own columns, so that the run shows in Halo's web app. */
async function recordSync(
  { integration, connection }: PlannedEntity,
  results: readonly SyncResult[],
  request: SyncRequest,
  parts: SyncParts,
): Promise<void> {
  const own = results.filter((one) => one.integration === integration.name && one.connection === connection.name);
  if (request.whatIf || own.every((one) => one.status === 'already-running')) return;
  const error = own
    .flatMap((one) =>
      one.error
        ? [`${one.entity}: ${one.error.message}`]
        : one.rejected
          ? [`${one.entity}: ${one.rejected} records rejected`]
          : [],
    )
    .join(' ');
  try {
    await using session = await parts.api.write(`${integration.name} last sync`);
    const write: SettingsRowWriter = (table, key, values) => session.updateSettingsRow(table, key, values);
    await integration.recordSync(connection, { at: parts.environment.clock.now(), error }, write);
  } catch (failure) {
    parts.log.error('Last sync could not be written to Halo', { error: reportOf(failure) });
  }
}

function exitCodeOf(results: readonly SyncResult[]): ExitCode {
  const has = (status: SyncResult['status']): boolean => results.some((one) => one.status === status);
  if (has('cancelled')) return ExitCode.Cancelled;
  const failed = results.filter((one) => one.status === 'failed');
  if (failed.length > 0 && failed.length === results.length) return failed[0]?.error?.exitCode ?? ExitCode.Unexpected;
  if (failed.length > 0 || has('succeeded-with-rejections')) return ExitCode.DoneWithFailures;
  if (has('already-running')) return ExitCode.AlreadyRunning;
  return has('stopped') ? ExitCode.TimeLimit : ExitCode.Done;
}
