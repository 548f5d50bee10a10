import { createHash, type Hash } from 'node:crypto';
import { IntegratorError } from '../../../errors/integrator-error.ts';
import { CancelledError } from '../../../errors/sync-errors.ts';
import { listedBy } from './listed-by.ts';
import type { MappingBasis } from '../../entity.ts';
import { fieldAt, textOf } from '../field-path.ts';
import type { DeclaredSource } from '../sources/declared-source.ts';
import type { DescribedContext } from './described-context.ts';

/** A list that says more of an entity's records: a report by the device's id. */
export interface Join<T = unknown> {
  readonly source: DeclaredSource<T>;
  /** Where a record of it has the id of the entity's record it is about. Of several about one, the last counts. */
  readonly by: string;
  /** Where the entity's record has that id, if it is not its own. */
  readonly of?: string;
  /** Whether a record needs it; the list is read once one does. Default: every record does. */
  readonly neededBy?: (record: never) => boolean;
}

/** The lists joined, by name. */
export type Joins<J> = { readonly [K in keyof J]: Join<J[K]> };

/** What they say of one record; undefined where one says nothing. */
export type Joined<J> = { readonly [K in keyof J]?: J[K] | undefined };

/** Lists read whole before the first record that needs them is mapped. */
export interface JoinedLists<J> {
  /** Reads those that the records need, each once a run. */
  read(records: readonly unknown[]): Promise<void>;
  of(id: string, record: unknown): Joined<J>;
  readonly basis: MappingBasis;
}

/**
 * Opens joined lists. One that cannot be read, or not whole, is told, and the entity comes without what it would have said: what is not
 * said is left as it is in Halo.
 */
export function openJoins<J extends object>(joins: Joins<J> | undefined, context: DescribedContext): JoinedLists<J> {
  const names = Object.keys(joins ?? {}) as (keyof J & string)[];
  const lists = new Map<string, Map<string, unknown>>();
  const digests = new Map<string, string>();
  const reading = new Map<string, Promise<void>>();

  async function readList(name: keyof J & string): Promise<void> {
    const join = joins?.[name];
    if (!join) return;
    const content = createHash('sha256');
    lists.set(name, await readOne(join, context, content));
    digests.set(name, content.digest('base64'));
  }

  async function readOnce(needed: readonly (keyof J & string)[]): Promise<void> {
    for (const name of needed) {
      const asked = reading.get(name) ?? readList(name);
      reading.set(name, asked);
      await asked;
    }
  }

  const nothing = {};
  return {
    read: (records) =>
      readOnce(names.filter((name) => records.some((record) => joins?.[name].neededBy?.(record as never) ?? true))),
    of(id, record) {
      // Nothing was needed yet, as with most records: a look at each name costs more than all else that is done for one.
      if (lists.size === 0) return nothing as Joined<J>;
      const said = names.map((name) => {
        const path = joins?.[name].of;
        const key = path === undefined ? id : textOf(fieldAt(record, path));
        return [name, key === undefined ? undefined : lists.get(name)?.get(key)];
      });
      return Object.fromEntries(said) as Joined<J>;
    },
    basis: {
      value: async () => Object.fromEntries(digests),
      lookUpAgain: (earlier) => readOnce(names.filter((name) => Object.hasOwn(Object(earlier), name))),
    },
  };
}

async function readOne(join: Join, context: DescribedContext, content: Hash): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  const { source, by } = join;
  try {
    for await (const records of listedBy(source, context)) {
      content.update(JSON.stringify(records));
      for (const record of records) {
        const id = textOf(fieldAt(record, by));
        if (id !== undefined) found.set(id, record);
      }
    }
  } catch (error) {
    if (!(error instanceof IntegratorError) || error instanceof CancelledError || context.signal.aborted) throw error;
    context.warn(
      `${context.vendor}: ${source.url} cannot be read, and what it says is left as it is in Halo: ${error.message}`,
    );
  }
  return found;
}
