import { hash } from 'node:crypto';

const firstSlots = 4096;
/** 32-bit words of a hash that are kept: by chance two of a million texts are alike in all of them once in 10¹⁷ times. */
const words = 3;
const none = -1;

/**
 * Finds whole numbers by texts without keeping the texts: a text takes some 30 bytes however long it is, outside the heap, where what Halo
 * has of an estate of many thousand assets would otherwise be looked through by the garbage collector again and again.
 */
export class TextIndex {
  /** The hash of the text in each slot, and its newest entry. */
  #keys = new Uint32Array(firstSlots * words);
  #heads = new Int32Array(firstSlots).fill(none);
  #taken = 0;
  /** The number of each entry, and the entry of the same text before it. */
  readonly #values = new NumberColumn();
  readonly #before = new NumberColumn();

  /** Adds a number; a text may have several. */
  add(text: string, value: number): void {
    if (this.#taken * 2 >= this.#heads.length) this.#grow();
    const key = keyOf(text);
    const slot = this.#slotOf(key);
    const head = this.#heads[slot] ?? none;
    if (head === none) {
      this.#keys.set(key, slot * words);
      this.#taken++;
    }
    this.#heads[slot] = this.#values.push(value);
    this.#before.push(head);
  }

  /** The numbers of a text, in the order they were added. */
  get(text: string): readonly number[] {
    const found: number[] = [];
    for (let entry = this.#heads[this.#slotOf(keyOf(text))] ?? none; entry !== none; entry = this.#before.at(entry))
      found.push(this.#values.at(entry));
    return found.reverse();
  }

  /** The slot that has a hash, or the one it goes to. */
  #slotOf(key: Uint32Array): number {
    const last = this.#heads.length - 1;
    let slot = (key[0] ?? 0) & last;
    while (this.#heads[slot] !== none && !this.#isAt(slot, key)) slot = (slot + 1) & last;
    return slot;
  }

  #isAt(slot: number, key: Uint32Array): boolean {
    for (let word = 0; word < words; word++) if (this.#keys[slot * words + word] !== key[word]) return false;
    return true;
  }

  #grow(): void {
    const [keys, heads] = [this.#keys, this.#heads];
    this.#keys = new Uint32Array(keys.length * 2);
    this.#heads = new Int32Array(heads.length * 2).fill(none);
    heads.forEach((head, at) => {
      if (head === none) return;
      const key = keys.subarray(at * words, (at + 1) * words);
      const slot = this.#slotOf(key);
      this.#keys.set(key, slot * words);
      this.#heads[slot] = head;
    });
  }
}

function keyOf(text: string): Uint32Array {
  const { buffer, byteOffset } = hash('sha256', text, 'buffer');
  return new Uint32Array(buffer.slice(byteOffset, byteOffset + words * 4));
}

/** Whole numbers of 32 bits by their place, outside the heap. */
export class NumberColumn {
  #values = new Int32Array(1024);
  #size = 0;

  /** Adds one; answers its place. */
  push(value: number): number {
    if (this.#size === this.#values.length) {
      const values = new Int32Array(this.#size * 2);
      values.set(this.#values);
      this.#values = values;
    }
    this.#values[this.#size] = value;
    return this.#size++;
  }

  at(place: number): number {
    return this.#values[place] ?? 0;
  }

  set(place: number, value: number): void {
    this.#values[place] = value;
  }
}
