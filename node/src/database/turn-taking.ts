/** Lets one piece of work run at a time, in the order they came. */
export class TurnTaking {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs the work when all earlier work has ended, however it ended. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    // The next in line waits for the end only; the failure goes to this caller.
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
