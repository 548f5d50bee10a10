import type { MappedRecord } from '../../mapped-record.ts';
import type { Kind } from './kind.ts';

/** All the software found on one asset. */
export interface SoftwareRecord {
  /** The vendor's id of the asset. */
  readonly id: string;
  readonly programs: readonly { readonly name: string; readonly version?: string | undefined }[];
}

/**
 * Software of assets that an entity before this one brought; that of other devices is left out. What is found takes the place of what the
 * integration found before, and an asset that a whole list says nothing of has no software any more. What other integrations and people
 * entered is never touched.
 */
export function software(): Kind<SoftwareRecord> {
  return {
    resource: 'Asset',
    labels: ['Software', 'Applications'],
    async open({ api, scope, told, warn }) {
      const off = told.importSoftware === false || told.skipSoftware === true;
      if (off) warn('The connection does not import software in Halo: nothing of it is written.');
      return {
        mapping: {
          async toHalo(records) {
            const ids = off ? [] : records.map(({ id }) => id);
            const linked = await api.linkedIds('Asset', scope, ids);
            return records.map(({ id, programs }): MappedRecord => {
              const asset = linked.get(id);
              if (asset === undefined) return { left_out: true };
              return { fields: { id: asset, software: programs }, update_only: true };
            });
          },
        },
        target: {},
        missing: off ? 'left' : { settles: () => true, find: (session, seen) => session.missingSoftware(scope, seen) },
      };
    },
  };
}
