import type { AssetIndex } from './asset-index.ts';
import { usableSerial } from './placeholder-serial.ts';

/** What a record is told by. */
export interface Identity {
  readonly id: string;
  /** The vendor's id as the asset's own field holds it. */
  readonly own?: string | undefined;
  readonly serial?: string | undefined;
  readonly name?: string | undefined;
  readonly site_id?: number | undefined;
  /** The vendor itself says that it is out of use. */
  readonly retired?: boolean | undefined;
}

/** An asset that a record is. */
export interface FoundAsset {
  readonly id: number;
  readonly status_id: number;
  /**
   * Whether its tag is the vendor's to say: where it has none, or still what was written last. Another tag is an administrator's, who matches
   * by serial numbers, and stays.
   */
  takesTag(name: string): boolean;
}

/** The asset a record is; undefined where it is a new one; or why that cannot be told. */
export type Identified = { readonly asset: FoundAsset | undefined } | { readonly reason: string };

/** Tells which asset of Halo's a record is. */
export interface Identifier {
  /** Whether its id or link alone says which asset it is. */
  knows(record: Pick<Identity, 'id' | 'own'>): boolean;
  identify(record: Identity): Identified;
}

/** Ways that say which asset a record is whatever else is there: the vendor's own id, and the link. */
const sureWays = 2;

/**
 * A record is the asset that has the vendor's own id, else the one it is linked to, else the one of its serial number, else the one of its
 * name at its site. By serial number and name only assets are found that belong to no other device of the vendor's; one of another
 * serial number is another one, however alike their names are. Of several, none is guessed. Whichever of the vendor's devices comes first is
 * the one, and one that is out of use is found by id or link alone: a computer that was set up anew has its serial number still.
 */
export function createIdentifier(assets: AssetIndex, vendor: string): Identifier {
  const foundAt = (place: number): FoundAsset => ({
    id: assets.id(place),
    status_id: assets.status(place),
    takesTag: (name) => assets.tagIsFree(place) || assets.hasTag(place, name),
  });

  return {
    knows: ({ id, own }) => assets.ofLink(id).length > 0 || (own !== undefined && assets.ofOwn(own).length > 0),
    identify({ id, own, serial: given, name, site_id, retired }) {
      const serial = usableSerial(given);
      const ofOwn = own === undefined ? [] : assets.ofOwn(own);
      const ofLink = assets.ofLink(id);
      const ofSerial = serial === undefined ? [] : assets.ofSerial(serial);
      const free = (place: number): boolean =>
        (own === undefined || !assets.hasOwn(place) || ofOwn.includes(place)) &&
        ofLink.filter((one) => one === place).length === assets.links(place);
      const alike = (place: number): boolean =>
        free(place) && (serial === undefined || !assets.hasSerial(place) || ofSerial.includes(place));
      const ways: readonly (readonly [words: string, found: () => readonly number[]])[] = [
        [`its ${vendor} id`, () => ofOwn],
        ['its link', () => ofLink],
        [`the serial number ${given?.trim() ?? ''}`, () => ofSerial.filter(free)],
        [
          `the name "${name?.trim() ?? ''}" at its site`,
          () => (name === undefined || site_id === undefined ? [] : assets.ofName(site_id, name)).filter(alike),
        ],
      ];
      for (const [way, [words, find]] of ways.slice(0, retired ? sureWays : undefined).entries()) {
        const found = [...new Set(find())];
        const [only] = found;
        if (only !== undefined && found.length === 1) {
          if (way >= sureWays) assets.claim(only, id);
          return { asset: foundAt(only) };
        }
        if (found.length > 1)
          return {
            reason: `${found.length} assets in Halo have ${words} (${found.slice(0, 5).map(assets.id, assets).join(', ')}): make it one.`,
          };
      }
      return { asset: undefined };
    },
  };
}
