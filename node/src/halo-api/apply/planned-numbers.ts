import type { Value } from '../../database/database.ts';
import { isProvisional } from '../../database/what-if/provisional-keys.ts';
import { KeySet } from '../values/key-set.ts';
import type { KeptRow, KeptValue } from '../changes/changes.ts';

/** Where a row that belongs to an asset says which: by the asset's site, and its number there. */
const pairs: Readonly<Record<string, readonly [site: string, number: string]>> = {
  INFO: ['Isite', 'Inum'],
  USERDEVICE: ['UDdevsite', 'UDdevnum'],
};

/**
 * The numbers that planned rows got when they were made, for all of a plan. What a transaction adds counts for later ones once it is
 * committed.
 */
export class PlannedNumbers {
  readonly #keys = new Map<number, number>();
  /** Site and number of an asset as planned → as they came to be; undefined while it is not there. */
  readonly #assets = new Map<string, readonly [site: number, number: number] | undefined>();
  readonly #made = new KeySet();
  #newKeys = new Map<number, number>();
  #newAssets = new Map<string, readonly [site: number, number: number]>();

  /** Called when a transaction begins, anew where it is repeated. */
  begin(): void {
    this.#newKeys = new Map();
    this.#newAssets = new Map();
  }

  /** Called when it is committed. */
  committed(): void {
    for (const [planned, real] of this.#newKeys) this.#keys.set(planned, real);
    for (const [planned, real] of this.#newAssets) this.#assets.set(planned, real);
    this.begin();
  }

  /** A planned row has this number. */
  add(planned: KeptValue | undefined, real: number): void {
    if (!isProvisional(planned)) return;
    this.#newKeys.set(planned, real);
    this.#made.add(real);
  }

  /** Whether a row of that number was made by the plan. */
  hasMade(real: number): boolean {
    return this.#made.has(real);
  }

  /** An asset of that site and number is planned, and is not there yet. */
  expectAsset(site: KeptValue | undefined, number: KeptValue | undefined): void {
    const key = `${String(site)} ${String(number)}`;
    if (!this.#assets.has(key)) this.#assets.set(key, undefined);
  }

  /** It is at this site, by this number. */
  addAsset(site: KeptValue | undefined, number: KeptValue | undefined, real: readonly [number, number]): void {
    this.#newAssets.set(`${String(site)} ${String(number)}`, real);
  }

  /** Whether the asset that a row belongs to is made by the plan. */
  plansAsset(table: string, row: KeptRow): boolean {
    const [site = '', number = ''] = pairs[table] ?? [];
    return this.#assets.has(`${String(row[site])} ${String(row[number])}`);
  }

  /** A row with the numbers as they came to be; undefined where what it speaks of is not there. */
  real(table: string, row: KeptRow): KeptRow | undefined {
    const real: Record<string, KeptValue> = {};
    for (const name in row) {
      const value = row[name] ?? null;
      const number = isProvisional(value) ? (this.#newKeys.get(value) ?? this.#keys.get(value)) : value;
      if (number === undefined) return undefined;
      real[name] = number;
    }
    const [site = '', number = ''] = pairs[table] ?? [];
    if (!(site in row) || !(number in row)) return real;
    const planned = `${String(row[site])} ${String(row[number])}`;
    if (!this.#assets.has(planned)) return real;
    const asset = this.#newAssets.get(planned) ?? this.#assets.get(planned);
    return asset && { ...real, [site]: asset[0], [number]: asset[1] };
  }
}

/** A number of a row, where it is one. */
export function numberIn(value: Value | KeptValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}
