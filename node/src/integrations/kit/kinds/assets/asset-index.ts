import { comparedText } from '../../../../halo-api/values/compared-text.ts';
import type { AssetLink, KnownAsset } from '../../../../halo-api/halo-api.ts';
import { usableSerial } from './placeholder-serial.ts';
import { NumberColumn, TextIndex } from './text-index.ts';

/** What is so of an asset, a bit each. */
const mark = { hasOwn: 1, hasSerial: 2, tagIsFree: 4 };

/**
 * All assets of Halo's as far as devices are told by them, by their places in the order they came. Of their texts only hashes are kept, so
 * that an asset takes some 150 bytes outside the heap.
 */
export class AssetIndex {
  readonly #texts = new TextIndex();
  readonly #ids = new NumberColumn();
  readonly #sites = new NumberColumn();
  readonly #statuses = new NumberColumn();
  readonly #marks = new NumberColumn();
  readonly #links = new NumberColumn();
  /** The place of each by its id, until the links are there. */
  readonly #places = new Map<number, number>();

  private constructor() {}

  /** Takes in all assets, and then their links. */
  static async of(assets: AsyncIterable<KnownAsset>, links: AsyncIterable<AssetLink>): Promise<AssetIndex> {
    const index = new AssetIndex();
    for await (const asset of assets) index.#add(asset);
    for await (const link of links) index.#addLink(link);
    index.#places.clear();
    return index;
  }

  #add({ id, site_id, status_id, inventory_number, own_id, value }: KnownAsset): void {
    const place = this.#ids.push(id);
    const [tag, serial] = [inventory_number.trim(), usableSerial(value)];
    this.#places.set(id, place);
    this.#sites.push(site_id);
    this.#statuses.push(status_id);
    this.#links.push(0);
    this.#marks.push(
      (own_id === undefined ? 0 : mark.hasOwn) |
        (serial === undefined ? 0 : mark.hasSerial) |
        (tag === '' ? mark.tagIsFree : 0),
    );
    this.#texts.add(tagKey(place, tag), place);
    if (own_id !== undefined) this.#texts.add(ownKey(own_id), place);
    if (serial !== undefined) this.#texts.add(serialKey(serial), place);
    const name = comparedText(inventory_number);
    if (name !== '') this.#texts.add(nameKey(site_id, name), place);
  }

  #addLink({ asset_id, third_party_id, third_party_desc }: AssetLink): void {
    const place = this.#places.get(asset_id);
    if (place === undefined) return;
    this.claim(place, third_party_id);
    const written = third_party_desc?.trim() ?? '';
    if (written !== '' && this.hasTag(place, written)) this.#marks.set(place, this.#marks.at(place) | mark.tagIsFree);
  }

  /** Takes one for a device of the vendor's from now on: it is to be linked with it, or is already. */
  claim(place: number, id: string): void {
    this.#texts.add(linkKey(id), place);
    this.#links.set(place, this.#links.at(place) + 1);
  }

  /** DEVICE.Did. */
  id(place: number): number {
    return this.#ids.at(place);
  }

  status(place: number): number {
    return this.#statuses.at(place);
  }

  /** Those with the vendor's own id. */
  ofOwn(own: string): readonly number[] {
    return this.#texts.get(ownKey(own));
  }

  /** Those linked to the vendor's id; one that is twice has two links with it. */
  ofLink(id: string): readonly number[] {
    return this.#texts.get(linkKey(id));
  }

  /** @param serial one that tells an asset */
  ofSerial(serial: string): readonly number[] {
    return this.#texts.get(serialKey(serial));
  }

  ofName(site: number, name: string): readonly number[] {
    return this.#texts.get(nameKey(site, comparedText(name.trim())));
  }

  hasOwn(place: number): boolean {
    return (this.#marks.at(place) & mark.hasOwn) !== 0;
  }

  hasSerial(place: number): boolean {
    return (this.#marks.at(place) & mark.hasSerial) !== 0;
  }

  /** How many links it has. */
  links(place: number): number {
    return this.#links.at(place);
  }

  /** Whether it has no tag, or the one that was written for the vendor last. */
  tagIsFree(place: number): boolean {
    return (this.#marks.at(place) & mark.tagIsFree) !== 0;
  }

  /** Whether its tag is this one, to the letter. */
  hasTag(place: number, tag: string): boolean {
    return this.#texts.get(tagKey(place, tag)).length > 0;
  }
}

const ownKey = (own: string): string => `own ${comparedText(own)}`;
const linkKey = (id: string): string => `link ${comparedText(id)}`;
const serialKey = (serial: string): string => `serial ${serial}`;
const nameKey = (site: number, name: string): string => `name ${site} ${name}`;
const tagKey = (place: number, tag: string): string => `tag ${place} ${tag}`;
