import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Environment } from '../environment.ts';
import { PlanDamagedError, PlanOfAnotherError, PlanUnreadableError } from '../errors/plan-errors.ts';
import {
  planVersion,
  type AnyPlanLine,
  type PlanBatchLine,
  type PlanEndLine,
  type PlanHead,
  type PlanLine,
} from './plan-file.ts';

/** Changes that go in one transaction. */
export interface PlanBatch extends Omit<PlanBatchLine, 'batch'> {
  readonly changes: readonly PlanLine[];
}

/** A plan that was looked through, opened to be read. */
export interface OpenPlan extends AsyncDisposable {
  readonly head: PlanHead;
  /** How many changes it has. */
  readonly changes: number;
  /** Its changes, from the first on. */
  batches(): AsyncGenerator<PlanBatch>;
}

/**
 * Opens a plan, once its checksum says that it is whole and as it was written. Throws PlanUnreadableError, PlanDamagedError, and
 * PlanOfAnotherError where it was made for another instance or database than these.
 */
export async function openPlan(
  path: string,
  here: Pick<PlanHead, 'instance' | 'database'>,
  { fs }: Pick<Environment, 'fs'>,
): Promise<OpenPlan> {
  const file = await fs.open(path, 'r').catch((error: unknown) => {
    throw new PlanUnreadableError(path, error);
  });
  try {
    const { head, end } = await lookedThrough(file, path);
    for (const what of ['instance', 'database'] as const)
      if (head[what] !== here[what]) throw new PlanOfAnotherError(path, what, head[what], here[what]);
    return { head, changes: end.end, batches: () => batchesOf(file), [Symbol.asyncDispose]: () => file.close() };
  } catch (error) {
    await file.close();
    if (error instanceof PlanDamagedError || error instanceof PlanOfAnotherError) throw error;
    throw new PlanUnreadableError(path, error);
  }
}

/** The first and the last line, where all between is as it was written. */
async function lookedThrough(
  file: FileHandle,
  path: string,
): Promise<{ readonly head: PlanHead; readonly end: PlanEndLine }> {
  const sum = createHash('sha256');
  let head: Partial<PlanHead> | undefined;
  let last: string | undefined;
  for await (const text of file.readLines({ start: 0, autoClose: false })) {
    if (last !== undefined) sum.update(`${last}\n`);
    else head = parsed(text) as Partial<PlanHead> | undefined;
    if (last === undefined && typeof head?.plan !== 'number') throw new PlanDamagedError(path, 'it is no plan');
    last = text;
  }
  if (!isHead(head)) throw new PlanDamagedError(path, 'it is no plan');
  if (head.plan > planVersion)
    throw new PlanDamagedError(path, `it was written by a newer release (${head.engine}), and this one cannot read it`);
  const end = parsed(last ?? '') as Partial<PlanEndLine> | undefined;
  if (typeof end?.end !== 'number' || typeof end.sum !== 'string')
    throw new PlanDamagedError(path, 'it was not written to its end: the run that made it was stopped');
  if (end.sum !== sum.digest('hex'))
    throw new PlanDamagedError(path, 'it was changed since it was written, or is damaged');
  return { head, end: { end: end.end, sum: end.sum } };
}

function isHead(head: Partial<PlanHead> | undefined): head is PlanHead {
  return typeof head?.plan === 'number' && typeof head.instance === 'string' && typeof head.database === 'string';
}

async function* batchesOf(file: FileHandle): AsyncGenerator<PlanBatch> {
  let head: PlanBatchLine | undefined;
  let changes: PlanLine[] = [];
  const batch = (): PlanBatch[] => {
    if (!head || changes.length === 0) return [];
    const { integration, connection, entity, connectionId } = head;
    return [{ integration, connection, entity, connectionId, changes }];
  };
  for await (const text of file.readLines({ start: 0, autoClose: false })) {
    const line = parsed(text) as AnyPlanLine;
    if ('table' in line) changes.push(line);
    else if ('batch' in line) {
      yield* batch();
      [head, changes] = [line, []];
    }
  }
  yield* batch();
}

function parsed(text: string): unknown {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null ? line : undefined;
  } catch {
    return undefined;
  }
}
