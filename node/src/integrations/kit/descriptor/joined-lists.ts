import { createHash, type Hash } from 'node:crypto';
import { IntegratorError } from '../../../errors/integrator-error.ts';
import { CancelledError } from '../../../errors/sync-errors.ts';
import { wholeList } from '../../../reading/whole-list.ts';
import type { MappingBasis } from '../../entity.ts';
import { fieldAt, textOf } from '../field-path.ts';
import type { DeclaredSource } from '../sources/declared-source.ts';
import type { DescribedContext } from './described-context.ts';

/** A list that says more of an entity's records: a report by the device's id. */
export interface Join<T = unknown> {
  readonly source: DeclaredSource<T>;
  /** Where a record of it has the id of the entity's record it is about. Of several about one, the last counts. */
  readonly by: string;
}

/** The lists joined, by name. */
export type Joins<J> = { readonly [K in keyof J]: Join<J[K]> };

/** What they say of one record; undefined where one says nothing. */
export type Joined<J> = { readonly [K in keyof J]?: J[K] | undefined };

/** Lists read whole before the first record is mapped. */
export interface JoinedLists<J> {
  /** Reads them, once a run. */
  read(): Promise<void>;
  of(id: string): Joined<J>;
  readonly basis: MappingBasis;
}

/**
 * Opens joined lists. One that cannot be read, or not whole, is told, and the entity comes without what it would have said: what is not
 * said is left as it is in Halo.
 */
export function openJoins<J extends object>(joins: Joins<J> | undefined, context: DescribedContext): JoinedLists<J> {
  const names = Object.keys(joins ?? {}) as (keyof J & string)[];
  const lists = new Map<keyof J, Map<string, unknown>>();
  const content = createHash('sha256');
  let reading: Promise<void> | undefined;
  let digest: string | undefined;

  async function readAll(): Promise<void> {
    for (const name of names) {
      const join = joins?.[name];
      if (join) lists.set(name, await readOne(join, context, content));
    }
    digest = content.digest('base64');
  }

  const read = (): Promise<void> => (reading ??= readAll());

  return {
    read,
    of: (id) => Object.fromEntries(names.map((name) => [name, lists.get(name)?.get(id)])) as Joined<J>,
    basis: {
      value: async () => digest ?? null,
      lookUpAgain: async (earlier) => {
        if (earlier !== null) await read();
      },
    },
  };
}

async function readOne(join: Join, context: DescribedContext, content: Hash): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  const { source, by } = join;
  try {
    const { readPages } = await import('../sources/open-source.ts');
    const pages = readPages(source, context.vendorApi(), { warn: (message) => context.warn(message) });
    for await (const records of wholeList(pages, source.shape)) {
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
