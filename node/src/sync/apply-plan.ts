import { randomUUID } from 'node:crypto';
import { keyText, resourceOf } from '../changes/shown-change.ts';
import { reportOf } from '../errors/integrator-error.ts';
import { AlreadyRunningError, CancelledError } from '../errors/sync-errors.ts';
import { PlannedNumbers } from '../halo-api/apply/planned-numbers.ts';
import type { AppliedRow } from '../halo-api/apply/planned-row.ts';
import type { ChangeSink } from '../halo-api/changes/changes.ts';
import type { HaloSession } from '../halo-api/halo-api.ts';
import type { PlanLine } from '../plans/plan-file.ts';
import type { OpenPlan, PlanBatch } from '../plans/read-plan.ts';
import { BoundedLines } from './bounded-lines.ts';
import { journalOf } from './journal-of.ts';
import { rejectionsText } from './reason-to-look.ts';
import { exitCodeOf } from './run.ts';
import { none, statusOf } from './sync-one.ts';
import type { SyncCounts, SyncEvent, SyncParts, SyncReport, SyncRequest, SyncResult } from './sync.ts';
import { Tally } from './tally.ts';
import { TimeLimit } from './time-limit.ts';

/** What applying a plan needs. */
export interface ApplyRequest extends Pick<SyncRequest, 'whatIf' | 'planned'> {
  readonly plan: OpenPlan;
  readonly runId?: string;
  readonly signal: AbortSignal;
  events(event: SyncEvent): void;
  entityDone(result: SyncResult): void;
}

/**
 * Writes what a plan says, batch by batch as it was planned, without a word with the vendor. A row that Halo has otherwise by now is
 * refused, and the rest goes on. Its changes are kept as those of any run.
 */
export async function applyPlan(request: ApplyRequest, parts: SyncParts): Promise<SyncReport> {
  const startedAt = parts.environment.clock.now();
  const runId = request.runId ?? randomUUID();
  const { plan, whatIf } = request;
  parts.log.info('Plan begun', { run: runId, plan: plan.head.run, entities: plan.head.entities });
  await request.planned?.begin(plan.head.entities);
  await using journal = whatIf ? undefined : journalOf(runId, parts);
  const looking = whatIf ? parts.whatIf() : undefined;
  await using copies = new AsyncDisposableStack();
  if (looking) copies.defer(() => looking.database.close());
  using limit = new TimeLimit(parts.environment.clock, startedAt, parts.settings.settings.Sync.TimeLimitMinutes);
  const numbers = new PlannedNumbers();
  const results: SyncResult[] = [];
  let at: PartAtWork | undefined;
  const end = async (): Promise<void> => {
    if (!at) return;
    const result = parts.secrets.mask(await at.end());
    results.push(result);
    request.entityDone(result);
  };
  for await (const batch of plan.batches()) {
    if (!at?.isOf(batch)) {
      await end();
      at = new PartAtWork(batch, request, { ...parts, ...looking }, (one) => {
        const { integration, connectionId, entity, connection } = one;
        const wouldBe = request.planned?.of({ integration, connection, entity }, connectionId, '');
        return wouldBe ?? journal?.of({ integration, connection: `${connectionId}`, entity });
      });
    }
    if (limit.passed) at.leave(batch);
    else await at.apply(batch, numbers);
  }
  await end();
  await request.planned?.end();
  const exitCode = exitCodeOf(results);
  parts.log.info('Plan ended', { run: runId, exitCode });
  return { runId, startedAt, exitCode, whatIf, results };
}

/** An entity of a connection, whose part of the plan is being applied. */
class PartAtWork {
  readonly #names: Pick<SyncResult, 'integration' | 'connection' | 'entity'>;
  readonly #lock: string;
  readonly #request: ApplyRequest;
  readonly #parts: SyncParts;
  readonly #changes: ChangeSink | undefined;
  readonly #begun: number;
  readonly #refusals: BoundedLines;
  readonly #tally: Tally;
  #session: HaloSession | undefined;
  #error: unknown;
  /** Changes that the limit of the run left unwritten. */
  #left = 0;

  constructor(
    batch: PlanBatch,
    request: ApplyRequest,
    parts: SyncParts,
    sinkOf: (batch: PlanBatch) => ChangeSink | undefined,
  ) {
    const { integration, connection, entity, connectionId } = batch;
    this.#names = { integration, connection, entity };
    this.#lock = `HaloDBIntegrator ${integration} ${connectionId} ${entity}`;
    this.#request = request;
    this.#parts = parts;
    this.#changes = sinkOf(batch);
    this.#begun = parts.environment.clock.now().getTime();
    this.#refusals = new BoundedLines(parts.settings.settings.Logging.MaxRejectionLines);
    this.#tally = new Tally((refused) => {
      if (this.#refusals.takes()) parts.log.warn('Planned change refused', { ...this.#names, ...refused });
    });
    this.#say('starting');
  }

  isOf({ integration, connection, entity }: PlanBatch): boolean {
    const names = this.#names;
    return names.integration === integration && names.connection === connection && names.entity === entity;
  }

  /** Writes a batch; where that fails, nothing more of this part is written. */
  async apply({ changes }: PlanBatch, numbers: PlannedNumbers): Promise<void> {
    if (this.#error !== undefined) return;
    const { signal } = this.#request;
    try {
      if (signal.aborted) throw new CancelledError();
      this.#session ??= await this.#open();
      const applied = await this.#session.apply(changes, numbers);
      changes.forEach((change, at) => this.#count(change, applied[at] as AppliedRow));
      this.#say('writing');
    } catch (error) {
      this.#error = signal.aborted ? new CancelledError() : error;
    }
  }

  /** Lets a batch be: the run has come to its time limit. */
  leave({ changes }: PlanBatch): void {
    if (this.#error === undefined) this.#left += changes.filter(({ making }) => !making?.trace).length;
  }

  /** What the part came to. */
  async end(): Promise<SyncResult> {
    await this.#session?.[Symbol.asyncDispose]();
    const { counts, rejections } = this.#tally;
    this.#say('done');
    const seconds = (this.#parts.environment.clock.now().getTime() - this.#begun) / 1000;
    const { log } = this.#parts;
    if (this.#refusals.left > 0) log.warn(`and ${this.#refusals.left} more planned changes refused`);
    const all = { ...this.#names, ...counts, rejections, seconds };
    if (this.#error === undefined) {
      if (counts.rejected > 0 && !this.#request.whatIf) log.warn(rejectionsText({ ...counts, rejections }));
      if (this.#left > 0) {
        const note = leftText(this.#left, this.#request.whatIf);
        if (!this.#request.whatIf) log.warn(note);
        return { ...all, status: 'stopped', note };
      }
      return { ...all, status: counts.rejected > 0 ? 'succeeded-with-rejections' : 'succeeded' };
    }
    const error = reportOf(this.#error);
    log.error(error.message, { ...this.#names, error });
    return { ...all, status: statusOf(error), error };
  }

  async #open(): Promise<HaloSession> {
    const { integration, entity } = this.#names;
    const session = await this.#parts.api.write(`plan ${integration} ${entity}`, this.#request.signal, this.#changes);
    const lock = await session.database.lock(this.#lock);
    if (lock.acquired) return session;
    await session[Symbol.asyncDispose]();
    throw new AlreadyRunningError(`${integration} ${entity}`, lock.by.holder, lock.by.since);
  }

  #count(change: PlanLine, { outcome, reason }: AppliedRow): void {
    if (change.making?.trace) return;
    const { counts } = this.#tally;
    counts.read++;
    if (outcome === 'refused') this.#tally.reject({ record: labelOf(change), reason });
    else if (outcome === 'already') counts.unchanged++;
    else counts[actionOf(change)]++;
  }

  #say(phase: SyncEvent['phase']): void {
    const { counts } = this.#tally;
    this.#request.events({ type: 'progress', ...this.#names, phase, ...none, ...counts });
  }
}

function leftText(left: number, whatIf: boolean): string {
  const changes = left === 1 ? '1 planned change was' : `${left} planned changes were`;
  const again = whatIf
    ? ''
    : ' Write the same plan once more: what is written by now is left as it is, and the rest follows.';
  return `${changes} left at the time limit (Sync.TimeLimitMinutes).${again}`;
}

function actionOf({ table, action, after }: PlanLine): keyof SyncCounts {
  const inactive = resourceOf(table)?.inactive;
  return action === 'updated' && inactive && after[inactive.column] === inactive.value ? 'deactivated' : action;
}

/** What a row is told by: its record's name and id, else where it is. */
function labelOf({ table, key, name, vendorId, action }: PlanLine): string {
  const which = [name, vendorId && `(${vendorId})`].filter(Boolean).join(' ');
  const row = action === 'created' ? table : `${table} ${keyText(key)}`;
  return which === '' ? row : `${which}, ${row}`;
}
