const keysInBlock = 32_768;

/** A set of row numbers, one bit each: a million of them take a few hundred kilobytes, where a Set takes 40 MB. */
export class KeySet {
  readonly #blocks = new Map<number, Uint32Array>();

  /** The set that `toJSON` gave. */
  static from(blocks: readonly (readonly [number: number, bits: string])[]): KeySet {
    const set = new KeySet();
    for (const [number, bits] of blocks) {
      const block = new Uint32Array(keysInBlock / 32);
      new Uint8Array(block.buffer).set(Buffer.from(bits, 'base64'));
      set.#blocks.set(number, block);
    }
    return set;
  }

  /** Each block by its number, its bits in base64. */
  toJSON(): [number: number, bits: string][] {
    return [...this.#blocks].map(([number, block]) => [number, Buffer.from(block.buffer).toString('base64')]);
  }

  /** Adds a whole number of any sign. */
  add(key: number): void {
    const number = Math.floor(key / keysInBlock);
    let block = this.#blocks.get(number);
    if (!block) this.#blocks.set(number, (block = new Uint32Array(keysInBlock / 32)));
    const bit = key - number * keysInBlock;
    block[bit >>> 5] = (block[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }

  /** Whether the number was added. */
  has(key: number): boolean {
    const number = Math.floor(key / keysInBlock);
    const bit = key - number * keysInBlock;
    return (((this.#blocks.get(number)?.[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
  }
}
