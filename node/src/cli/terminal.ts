import type { WriteStream } from 'node:tty';
import { Worker } from 'node:worker_threads';

/** Where a person watches. */
export interface Terminal {
  /** Whether a line that is there can be rewritten. */
  readonly rewrites: boolean;
  /** How many characters a line takes. */
  readonly columns: number;
  write(text: string): void;
  /** Resolves when all is shown. */
  close(): Promise<void>;
}

/** Where there is no terminal: a file is read in wide windows. */
export const unboundColumns = 120;

const writer = `
const { parentPort, workerData } = require('node:worker_threads');
const { WriteStream } = require('node:tty');
const stream = new WriteStream(workerData);
stream.on('error', () => {});
parentPort.on('message', (text) => (text === undefined ? parentPort.close() : stream.write(text)));
`;

/**
 * A terminal that keeps nobody waiting. Who selects text in a window of Windows, or presses Ctrl-S elsewhere, halts whoever writes to
 * it; a sync would then stand still with its locks held. So another thread writes, and that one alone is halted.
 */
export function terminalOf(stream: WriteStream): Terminal {
  if (!stream.isTTY)
    return {
      rewrites: false,
      columns: unboundColumns,
      write: (text) => void stream.write(text),
      close: async () => {},
    };
  let worker: Worker | undefined;
  let ended: Promise<unknown> | undefined;
  return {
    rewrites: true,
    columns: stream.columns || 80,
    write(text) {
      worker ??= new Worker(writer, { eval: true, workerData: (stream as WriteStream & { readonly fd: number }).fd });
      ended ??= new Promise((resolve) => worker?.on('exit', resolve).on('error', resolve));
      worker.postMessage(text);
    },
    async close() {
      worker?.postMessage(undefined);
      await ended;
    },
  };
}
