import { damagedLines, openChanges, type ChangeBatch } from '../changes/read-changes.ts';
import { shownChange } from '../changes/shown-change.ts';
import { UsageError } from '../errors/command-errors.ts';
import { RunNotFoundError } from '../errors/run-errors.ts';
import { command } from './command.ts';
import type { Engine } from './engine.ts';
import { runsOf } from './runs.ts';

const shape = { run: 'text', integration: 'text', entity: 'text', table: 'text' } as const;

/** Changes given at once. */
const changesAtOnce = 200;

/** What a run changed in Halo, in the order it did, one object a row. */
export const changes = command('changes', shape, async (engine, params, output, signal) => {
  const { run } = params;
  if (run === undefined) throw new UsageError('changes needs a run.', 'Name one: runs lists them.');
  // What was written before a secret was known is hidden all the same.
  await engine.knowSecrets();
  await using open = await openChanges(await engine.instanceFolder(), run, engine.environment);
  if (!open) {
    await mustBeThere(engine, run);
    return { data: { changes: 0 }, exitCode: 0 };
  }
  const same = (asked: string | undefined, one: string): boolean =>
    asked === undefined || asked.toLowerCase() === one.toLowerCase();
  const fits = (batch: ChangeBatch): boolean =>
    same(params.integration, batch.integration) && same(params.entity, batch.entity);
  let count = 0;
  for await (const { changes: lines, ...batch } of open.batches()) {
    signal.throwIfAborted();
    if (!fits({ ...batch, changes: [] })) continue;
    const shown = lines.filter((line) => same(params.table, line.table)).map((line) => shownChange(line, batch));
    count += shown.length;
    for (let from = 0; from < shown.length; from += changesAtOnce)
      await output.items(shown.slice(from, from + changesAtOnce));
  }
  const damage = damagedLines(open);
  if (damage !== undefined) engine.watcher.warned(damage);
  return { data: { changes: count }, exitCode: 0 };
});

/** A run that changed nothing has no changes; one that never was is not there. Throws RunNotFoundError. */
export async function mustBeThere(engine: Engine, run: string): Promise<void> {
  const found = await runsOf(engine, { id: run, failed: false });
  if (found.length !== 1) throw new RunNotFoundError(run, found.length);
}
