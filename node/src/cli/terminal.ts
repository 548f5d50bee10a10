import { once } from 'node:events';
import type { WriteStream } from 'node:tty';
import { Worker } from 'node:worker_threads';

/** Where a person watches. */
export interface Terminal {
  /** Whether a line that is there can be rewritten. */
  readonly rewrites: boolean;
  /** How many characters a line takes. */
  readonly columns: number;
  write(text: string): void;
  /** Resolves when all that was written is shown, so that others may write there. */
  flush(): Promise<void>;
  /** Resolves when all is shown. */
  close(): Promise<void>;
}

/** Where there is no terminal: a file is read in wide windows. */
export const unboundColumns = 120;
/** Of a terminal that does not tell. */
const usualColumns = 80;

/** Text for whoever reads a stream: a terminal gets no word taken apart, and a file every line whole, as who searches it needs. */
export async function fittedFor(stream: WriteStream, text: string, indent: number): Promise<string> {
  if (!stream.isTTY) return text;
  const { wrapped } = await import('./wrapped.ts');
  return wrapped(text, stream.columns || usualColumns, indent);
}

const writer = `
const { parentPort, workerData } = require('node:worker_threads');
const { WriteStream } = require('node:tty');
const stream = new WriteStream(workerData);
stream.on('error', () => {});
parentPort.on('message', (text) => {
  if (text === undefined) parentPort.close();
  else if (text === '') stream.write('', () => parentPort.postMessage(''));
  else stream.write(text);
});
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
      flush: async () => {},
      close: async () => {},
    };
  let worker: Worker | undefined;
  let ended: Promise<unknown> | undefined;
  return {
    rewrites: true,
    columns: stream.columns || usualColumns,
    write(text) {
      worker ??= new Worker(writer, { eval: true, workerData: (stream as WriteStream & { readonly fd: number }).fd });
      ended ??= new Promise((resolve) => worker?.on('exit', resolve).on('error', resolve));
      worker.postMessage(text);
    },
    async flush() {
      const told = worker && Promise.race([once(worker, 'message'), ended]);
      worker?.postMessage('');
      await told;
    },
    async close() {
      worker?.postMessage(undefined);
      await ended;
    },
  };
}
