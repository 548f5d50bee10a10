import { once } from 'node:events';

/** How long a client that has closed its end of the input may leave the output unread. */
const grace = 5000;

/** Messages to the client, one after another. When nobody takes them any more they are lost, and `gone` says so. */
export class Outlet {
  readonly #stream: NodeJS.WritableStream;
  readonly #gone = new AbortController();
  #sending = Promise.resolve();
  #waiting = false;
  #ending = false;
  #impatience: NodeJS.Timeout | undefined;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
    stream.on('error', () => this.#gone.abort());
  }

  /** Aborted when the client takes no more. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Sends a message behind those sent before; never rejects. */
  send(message: Readonly<Record<string, unknown>>): Promise<void> {
    return (this.#sending = this.#sending.then(async () => {
      if (this.gone.aborted || this.#stream.write(`${JSON.stringify(message)}\n`)) return;
      this.#waiting = true;
      if (this.#ending) this.#loseThePatience();
      await once(this.#stream, 'drain', { signal: this.gone }).catch(() => undefined);
      this.#waiting = false;
      clearTimeout(this.#impatience);
    }));
  }

  /** From now on nobody waits for long for a client that does not read. */
  ending(): void {
    this.#ending = true;
    if (this.#waiting) this.#loseThePatience();
  }

  /** Resolves when all is sent or lost; answers whether all was taken. */
  async ended(): Promise<boolean> {
    await this.#sending;
    return !this.gone.aborted;
  }

  #loseThePatience(): void {
    this.#impatience = setTimeout(() => this.#gone.abort(), grace);
  }
}
