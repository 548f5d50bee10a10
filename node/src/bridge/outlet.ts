import { createWriteStream } from 'node:fs';
import { ExitCode } from '../errors/integrator-error.ts';

/** How long a client that has closed its end of the input may leave the output unread. */
const grace = 5000;

/** Messages to the client, one after another. When nobody takes them any more they are lost, and `gone` says so. */
export class Outlet {
  readonly #stream: NodeJS.WritableStream;
  readonly #gone = new AbortController();
  #sending = Promise.resolve();
  /** Ends the wait for the message at hand; undefined when none is. */
  #taken: (() => void) | undefined;
  #ending = false;
  #impatience: NodeJS.Timeout | undefined;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
    stream.on('error', () => this.#gone.abort());
    this.gone.addEventListener('abort', () => this.#taken?.(), { once: true });
  }

  /** Aborted when the client takes no more. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Sends a message when those before it were taken; never rejects. */
  send(message: Readonly<Record<string, unknown>>): Promise<void> {
    return (this.#sending = this.#sending.then(async () => {
      if (this.gone.aborted) return;
      if (this.#ending) this.#loseThePatience();
      await new Promise<void>((resolve) => {
        this.#taken = resolve;
        // It waits until the message has left this process: of what the stream keeps for later nobody would know that it is lost.
        this.#stream.write(`${JSON.stringify(message)}\n`, () => resolve());
      });
      this.#taken = undefined;
      clearTimeout(this.#impatience);
    }));
  }

  /** From now on nobody waits for long for a client that does not read. */
  ending(): void {
    this.#ending = true;
    if (this.#taken) this.#loseThePatience();
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

/**
 * The process's own output as one that keeps nobody waiting. On Windows Node writes to a pipe there in its only thread: while a client
 * did not read, the engine would stand still in the midst of its work. Files are written by other threads, and so is this pipe.
 */
export function ownOutput(): NodeJS.WritableStream {
  return process.platform === 'win32' ? createWriteStream('', { fd: 1, autoClose: false }) : process.stdout;
}

/** Ends the process though output of it was not taken, with exit code 1: on Windows a thread that writes would be waited for. */
export function leaveOutput(): void {
  if (process.platform === 'win32') process.kill(process.pid, 'SIGKILL');
  process.exit(ExitCode.Unexpected);
}
