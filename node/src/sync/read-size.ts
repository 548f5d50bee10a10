import type { StateFolder } from './state-folder.ts';

/** How many records of Halo's came by an entity's last whole read. */
export interface ReadSize {
  /** Undefined where there was none. */
  readonly before: number | undefined;
  keep(records: number): Promise<void>;
}

/** Reads it from a small file of the state folder. Throws StateFolderError. */
export async function readSize(folder: StateFolder, name: string): Promise<ReadSize> {
  const kept = (await folder.read(`${name}.size`)) as { readonly records?: unknown } | undefined;
  const before = typeof kept?.records === 'number' ? kept.records : undefined;
  return {
    before,
    keep: async (records) => {
      if (records !== before) await folder.write(`${name}.size`, { records });
    },
  };
}
