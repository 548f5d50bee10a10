import { join } from 'node:path';
import { IntegratorError } from '../errors/integrator-error.ts';
import { StateFolderError } from '../errors/run-errors.ts';
import { isKeptList, isRejectionsFile, type KeptRejections } from '../sync/kept-rejections.ts';
import type { RejectionFacts } from '../sync/halo-errors.ts';
import { StateFolder } from '../sync/state-folder.ts';
import { command } from './command.ts';
import type { Engine } from './engine.ts';

/** A rejected record as it is shown: one of this instance's syncs, or one that Halo's own table tells of. */
export interface ShownRejection extends RejectionFacts {
  readonly source: 'sync' | 'halo';
  /** The run that rejected it last, and how many runs did; Halo says neither. */
  readonly runId?: string;
  readonly runs?: number;
}

/** Rejections given at once. */
const atOnce = 200;

/** The records that are rejected as things stand, and why: those of this instance's syncs, and what Halo's own table says. */
export const rejections = command(
  'rejections',
  { integration: 'text', entity: 'text' },
  async (engine, params, output, signal) => {
    const same = (asked: string | undefined, one: string): boolean =>
      asked === undefined || asked.toLowerCase() === one.toLowerCase();
    const fits = ({ integration, entity }: Pick<ShownRejection, 'integration' | 'entity'>): boolean =>
      same(params.integration, integration) && same(params.entity, entity);
    await engine.knowSecrets();
    let count = 0;
    const give = async (some: readonly ShownRejection[]): Promise<void> => {
      for (let from = 0; from < some.length; from += atOnce) {
        signal.throwIfAborted();
        await output.items(some.slice(from, from + atOnce));
      }
      count += some.length;
    };
    for (const list of await keptLists(engine)) {
      if (!fits(list)) continue;
      await give(list.rejections.map((one) => shown(list, one)));
      if (list.left > 0)
        engine.watcher.warned(
          `${list.integration} ${list.entity}: ${list.left} more records are rejected than are kept by name; the log of the run names them.`,
        );
    }
    await give((await fromHalo(engine)).filter(fits));
    return { data: { rejections: count }, exitCode: 0 };
  },
);

/** The lists of this instance's entities, by their names. */
async function keptLists(engine: Engine): Promise<readonly KeptRejections[]> {
  const { environment } = engine;
  const instance = await engine.instanceFolder();
  const folder = join(instance, 'state');
  const names = await environment.fs.readdir(folder).catch((error: NodeJS.ErrnoException) => {
    // An instance that never ran has none; one that may not be read may have any.
    if (error.code === 'ENOENT') return [];
    throw new StateFolderError(folder, error);
  });
  const lists: KeptRejections[] = [];
  for (const name of names.filter(isRejectionsFile).sort()) {
    const warn = (): void =>
      engine.watcher.warned(`The list ${join(folder, name)} is damaged, or was edited: the next run makes it anew.`);
    const kept = await new StateFolder(instance, environment, warn).read(name);
    if (isKeptList(kept)) lists.push(kept);
  }
  return lists;
}

function shown(
  { integration, connection, entity }: KeptRejections,
  { record, name, id, reason, since, last, run, runs }: KeptRejections['rejections'][number],
): ShownRejection {
  return {
    source: 'sync',
    ...{ integration, connection, entity },
    record: name ?? record,
    vendorId: id ?? '',
    ...{ reason, since, last, runId: run, runs },
  };
}

/** What Halo's own table says; where it cannot be read, a warning says so, and the rest is given all the same. */
async function fromHalo(engine: Engine): Promise<readonly ShownRejection[]> {
  try {
    const [parts, { haloErrors }] = await Promise.all([engine.readingParts(), import('../sync/halo-errors.ts')]);
    const errors = await haloErrors(parts);
    return errors.map((one) => ({ source: 'halo', ...one }));
  } catch (error) {
    if (!(error instanceof IntegratorError)) throw error;
    engine.watcher.warned(`What Halo's own table of errors (IntegrationError) says is not known: ${error.message}`);
    return [];
  }
}
