import type { StateFolder } from './state-folder.ts';

/** A whole read of an entity. */
export interface WholeRead {
  /** Records that came. */
  readonly records: number;
  /** What was read, where that may be a part of what there is: the tenants, for one. '' where it is all. */
  readonly of: string;
}

/** The entity's last whole read. */
export interface ReadSize {
  /** Undefined where there was none. */
  readonly before: WholeRead | undefined;
  keep(read: WholeRead): Promise<void>;
}

/** Reads it from a small file of the state folder. Throws StateFolderError. */
export async function readSize(folder: StateFolder, name: string): Promise<ReadSize> {
  const kept = (await folder.read(`${name}.size`)) as { readonly records?: unknown; readonly of?: unknown } | undefined;
  const before =
    typeof kept?.records === 'number'
      ? { records: kept.records, of: typeof kept.of === 'string' ? kept.of : '' }
      : undefined;
  return {
    before,
    keep: async (read) => {
      if (read.records !== before?.records || read.of !== before.of) await folder.write(`${name}.size`, read);
    },
  };
}
