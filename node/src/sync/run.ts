import { randomUUID } from 'node:crypto';
import { journalOf } from './journal-of.ts';
import { ExitCode, reportOf } from '../errors/integrator-error.ts';
import type { Pace } from '../http/http-client.ts';
import type { SettingsRowWriter } from '../integrations/connection.ts';
import { planSync, type PlannedEntity } from './plan.ts';
import { none, syncOne } from './sync-one.ts';
import { TimeLimit } from './time-limit.ts';
import type { SyncEvent, SyncParts, SyncReport, SyncRequest, SyncResult } from './sync.ts';

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
  await request.planned?.begin(
    planned.map(({ integration, connection, entity }) => ({
      integration: integration.name,
      connection: connection.name,
      entity: entity.name,
    })),
  );
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
  await using journal = request.whatIf ? undefined : journalOf(runId, parts);
  const looking = request.whatIf ? parts.whatIf() : undefined;
  await using copies = new AsyncDisposableStack();
  if (looking) copies.defer(() => looking.database.close());
  const paces = new Map<string, Pace>();
  for (const [index, one] of planned.entries()) {
    const log = parts.log.child({ run: runId, integration: one.integration.name, entity: one.entity.name });
    const ended = await syncOne({
      planned: one,
      request,
      run: runId,
      parts: { ...parts, ...looking, log },
      paces,
      limit,
      journal,
      events,
      signal,
    });
    // From here it goes everywhere: the screen, the record of runs, Halo's own columns.
    const result = parts.secrets.mask(ended);
    results.push(result);
    entityDone(result);
    log.info('Entity done', { ...result, rejections: result.rejections.length });
    const next = planned[index + 1];
    if (!next || next.connection !== one.connection) await recordSync(one, results, request, parts);
  }
  await request.planned?.end();
  const exitCode = exitCodeOf(results);
  parts.log.info('Sync ended', { run: runId, exitCode });
  return { runId, startedAt, exitCode, whatIf: request.whatIf, results };
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

/** The exit code of a run by what came of each entity. */
export function exitCodeOf(results: readonly SyncResult[]): ExitCode {
  const has = (status: SyncResult['status']): boolean => results.some((one) => one.status === status);
  if (has('cancelled')) return ExitCode.Cancelled;
  const failed = results.filter((one) => one.status === 'failed');
  if (failed.length > 0 && failed.length === results.length) return failed[0]?.error?.exitCode ?? ExitCode.Unexpected;
  if (failed.length > 0 || has('succeeded-with-rejections')) return ExitCode.DoneWithFailures;
  if (has('already-running')) return ExitCode.AlreadyRunning;
  return has('stopped') ? ExitCode.TimeLimit : ExitCode.Done;
}
