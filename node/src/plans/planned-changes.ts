import type { ChangeLine, KeptRow } from '../changes/change-file.ts';
import { hasSecretName } from '../changes/change-journal.ts';
import { keptValue, lineOf } from '../changes/kept-change.ts';
import type { ChangeSink, KeptMaking, Making, RowChange } from '../halo-api/changes/changes.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import type { RejectedRecord } from '../integrations/rejected-record.ts';
import type { PlanHead, PlanLine, PlannedPart } from './plan-file.ts';
import type { PlanWriter } from './plan-writer.ts';
import { shownPlan, shownRejection, type ShownPlan } from './shown-plan.ts';

/** Objects given at once. */
const itemsAtOnce = 200;

/** Where what a run would do is told. */
export interface PlannedChangesParts {
  /** Takes planned changes; resolves when they are taken, so that nothing waits in memory. */
  items(some: readonly ShownPlan[]): Promise<void>;
  /** Makes the file of the plan, where there is to be one. */
  file?(): Promise<PlanWriter>;
  readonly head: Omit<PlanHead, 'plan' | 'entities'>;
  readonly secrets: KnownSecrets;
}

/** What one entity would do. */
export interface PlannedEntityChanges extends ChangeSink {
  readonly wantsMaking: true;
  rejected(rejection: RejectedRecord): void;
  /** Gives what waits. */
  flush(): Promise<void>;
}

/** What a run would do, given as it is found, change by change. */
export class PlannedChanges implements AsyncDisposable {
  readonly #parts: PlannedChangesParts;
  #file: PlanWriter | undefined;
  #batches = 0;
  #changes = 0;

  constructor(parts: PlannedChangesParts) {
    this.#parts = parts;
  }

  /** Called once it is known which entities there are. */
  async begin(entities: readonly PlannedPart[]): Promise<void> {
    this.#file = await this.#parts.file?.();
    await this.#file?.write([{ plan: 1, ...this.#parts.head, entities }]);
  }

  /** Takes the changes of one entity. */
  of(part: PlannedPart, connectionId: number, resource: string): PlannedEntityChanges {
    const waiting: ShownPlan[] = [];
    const flush = async (): Promise<void> => {
      while (waiting.length > 0) await this.#parts.items(waiting.splice(0, itemsAtOnce));
    };
    let prepared: Iterable<RowChange> = [];
    return {
      wantsMaking: true,
      prepare: async (changes) => void (prepared = changes),
      committed: async () => {
        await flush();
        await this.#take(prepared, part, connectionId);
        prepared = [];
      },
      rejected: (rejection) => void waiting.push(shownRejection(rejection, part, resource)),
      flush,
    };
  }

  /** Called when the run has come to its end. */
  async end(): Promise<void> {
    await this.#file?.end(this.#changes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.[Symbol.asyncDispose]();
  }

  async #take(changes: Iterable<RowChange>, part: PlannedPart, connectionId: number): Promise<void> {
    await this.#file?.write([{ batch: ++this.#batches, ...part, connectionId }]);
    let some: RowChange[] = [];
    for (const change of changes) {
      some.push(change);
      if (some.length < itemsAtOnce) continue;
      await this.#give(some, part);
      some = [];
    }
    await this.#give(some, part);
  }

  async #give(changes: readonly RowChange[], part: PlannedPart): Promise<void> {
    if (changes.length === 0) return;
    this.#changes += changes.length;
    await this.#file?.write(this.#linesOf(changes));
    const shown = changes.filter(({ making }) => !making?.trace).map((change) => shownPlan(changeLine(change), part));
    await this.#parts.items(shown);
  }

  /** Changes with all that it takes to make them. A secret is not written down, and neither are a file's bytes. */
  #linesOf(changes: readonly RowChange[]): readonly PlanLine[] {
    const { secrets } = this.#parts;
    const lines = changes.map(wholeLine);
    // To look through the whole costs a part of what each of its texts would.
    const some = secrets.areIn(JSON.stringify(lines));
    return lines.map((line, at) => {
      const secret = hasSecretName(line) || (some && secrets.areIn(JSON.stringify(line)));
      const whole = Object.values(changes[at]?.after ?? {}).every((value) => !(value instanceof Uint8Array));
      return secret || !whole ? { ...secrets.maskNamed(line), withheld: true } : line;
    });
  }
}

function wholeLine(change: RowChange): PlanLine {
  const { making } = change;
  return { ...changeLine(change, Infinity), ...(making && { making: keptMaking(making) }) };
}

function changeLine(change: RowChange, most?: number): ChangeLine {
  const { vendorId, name, before, cause, ...line } = lineOf(change, most);
  return {
    ...line,
    ...(before && { before }),
    ...(vendorId !== undefined && { vendorId }),
    ...(name !== undefined && { name }),
    ...(cause !== undefined && { cause }),
  };
}

function keptMaking({ link, ...making }: Making): KeptMaking {
  const kept = (row: Readonly<RowChange['after']>): KeptRow =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, keptValue(value, Infinity)]));
  return { ...making, ...(link && { link: { scope: kept(link.scope), values: kept(link.values) } }) };
}
