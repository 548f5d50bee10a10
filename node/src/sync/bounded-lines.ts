/** Lines about single records: so many of them, and then how many more there would have been. */
export class BoundedLines {
  readonly #most: number;
  readonly #said = new Set<string>();
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** How many were left out. */
  get left(): number {
    return Math.max(0, this.#taken - this.#most);
  }

  /** Whether there is room for another one. */
  takes(): boolean {
    return ++this.#taken <= this.#most;
  }

  /** Whether there is room, and this one was not said before. */
  isNew(line: string): boolean {
    if (this.#said.has(line) || !this.takes()) return false;
    this.#said.add(line);
    return true;
  }
}
