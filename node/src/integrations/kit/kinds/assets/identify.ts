import { comparedText } from '../../../../halo-api/compared-text.ts';
import type { KnownAsset } from '../../../../halo-api/halo-api.ts';
import { usableSerial } from './placeholder-serial.ts';

/** What a record is told by. */
export interface Identity {
  readonly id: string;
  /** The vendor's id as the asset's own field holds it. */
  readonly own?: string | undefined;
  readonly serial?: string | undefined;
  readonly name?: string | undefined;
  readonly site_id?: number | undefined;
}

/** The asset a record is; undefined where it is a new one; or why that cannot be told. */
export type Identified = { readonly asset: KnownAsset | undefined } | { readonly reason: string };

/** Tells which asset of Halo's a record is. */
export interface Identifier {
  /** Whether its id or link alone says which asset it is. */
  knows(record: Pick<Identity, 'id' | 'own'>): boolean;
  identify(record: Identity): Identified;
}

/**
 * A record is the asset that has the vendor's own id, else the one it is linked to, else the one of its serial number, else the one of its
 * name at its site. By serial number and name only assets are found that belong to no other device of the vendor's; one of another
 * serial number is another one, however alike their names are. Of several, none is guessed.
 */
export function createIdentifier(assets: readonly KnownAsset[], vendor: string): Identifier {
  const [byOwn, byLink, bySerial, byName] = [new Index(), new Index(), new Index(), new Index()];
  for (const asset of assets) {
    if (asset.own_id !== undefined) byOwn.add(comparedText(asset.own_id), asset);
    for (const { third_party_id } of asset.links) byLink.add(comparedText(third_party_id), asset);
    const serial = usableSerial(asset.value);
    if (serial !== undefined) bySerial.add(serial, asset);
    const name = comparedText(asset.inventory_number);
    if (name !== '') byName.add(nameKey(asset.site_id, name), asset);
  }

  return {
    knows: ({ id, own }) =>
      byLink.get(comparedText(id)).length > 0 || (own !== undefined && byOwn.get(comparedText(own)).length > 0),
    identify({ id, own, serial: given, name, site_id }) {
      const serial = usableSerial(given);
      const free = (asset: KnownAsset): boolean =>
        (own === undefined || asset.own_id === undefined || comparedText(asset.own_id) === comparedText(own)) &&
        asset.links.every(({ third_party_id }) => comparedText(third_party_id) === comparedText(id));
      const alike = (asset: KnownAsset): boolean => {
        const other = usableSerial(asset.value);
        return free(asset) && (serial === undefined || other === undefined || other === serial);
      };
      const ways: readonly (readonly [words: string, found: () => readonly KnownAsset[]])[] = [
        [`its ${vendor} id`, () => (own === undefined ? [] : byOwn.get(comparedText(own)))],
        ['its link', () => byLink.get(comparedText(id))],
        [
          `the serial number ${given?.trim() ?? ''}`,
          () => (serial === undefined ? [] : bySerial.get(serial)).filter(free),
        ],
        [
          `the name "${name?.trim() ?? ''}" at its site`,
          () =>
            (name === undefined || site_id === undefined
              ? []
              : byName.get(nameKey(site_id, comparedText(name.trim())))
            ).filter(alike),
        ],
      ];
      for (const [words, find] of ways) {
        const found = new Map(find().map((asset) => [asset.id, asset]));
        const [only] = found.values();
        if (found.size === 1) return { asset: only };
        if (found.size > 1)
          return {
            reason: `${found.size} assets in Halo have ${words} (${[...found.keys()].slice(0, 5).join(', ')}): make it one.`,
          };
      }
      return { asset: undefined };
    },
  };
}

function nameKey(site: number, name: string): string {
  return `${site} ${name}`;
}

class Index {
  readonly #found = new Map<string, KnownAsset | KnownAsset[]>();

  add(key: string, asset: KnownAsset): void {
    const known = this.#found.get(key);
    if (known === undefined) this.#found.set(key, asset);
    else if (Array.isArray(known)) known.push(asset);
    else this.#found.set(key, [known, asset]);
  }

  get(key: string): readonly KnownAsset[] {
    const known = this.#found.get(key);
    return known === undefined ? [] : Array.isArray(known) ? known : [known];
  }
}
