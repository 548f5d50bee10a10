import type { HaloObject, HaloSession, MissingRecords, ReadPart, Remembered } from '../halo-api/halo-api.ts';

/**
 * What is done with records that Halo has and a whole read did not bring: they are left as they are, or the linked ones are set
 * inactive, never more than Sync.MaxDeactivatePercent of them.
 */
export type MissingRule = 'left' | 'deactivated' | PartlyMissing;

/** For an entity whose read is of a part of what the connection may have brought before, or whose missing are no linked records. */
export interface PartlyMissing {
  /** Whether what is missing is settled at all; asked after each batch, and once the read is whole. */
  settles(): boolean;
  /** What was read; asked once the read is whole. */
  readonly part?: ReadPart;
  /** What is written on them besides, by Halo's names (the status of retired assets). */
  readonly fields?: HaloObject;
  /** What such records are, where it is something else than a linked record that is to be set inactive. */
  find?(session: HaloSession, seen: Remembered): MissingRecords;
}
