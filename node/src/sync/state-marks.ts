import { hash } from 'node:crypto';
import { writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Environment } from '../environment.ts';
import { StateFolderError } from '../errors/run-errors.ts';
import type { Marks } from '../integrations/entity.ts';
import { ownFile } from '../own-files.ts';

/** Characters of a mark: a hash, so that nothing of what it stands for is left in a file. */
const markLength = 64;
const empty = ' '.repeat(markLength);
/** More than that did not end one process after the other. */
const mostLeft = 50;

/**
 * Marks in a small file of fixed length that stays open and is written over, so that a mark costs one short write, and whatever ends
 * the process (a kill, no memory) leaves it. Throws StateFolderError.
 */
export async function openMarks(path: string, fs: Environment['fs']): Promise<Marks> {
  const failed = (error: unknown): never => {
    throw new StateFolderError(path, error);
  };
  const before = await fs.readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    return error.code === 'ENOENT' ? '' : failed(error);
  });
  const left = new Set(
    before
      .split('\n')
      .filter((line) => /^[0-9a-f]{64}$/.test(line))
      .slice(0, mostLeft),
  );
  const lines = left.size + 1;
  let file: FileHandle | undefined = await fs.open(path, 'w', ownFile).catch(failed);
  let current = empty;

  /** At once: one write of some bytes costs a hundredth of what waiting for it does, and there are two for each message. */
  function write(marks: readonly string[]): void {
    if (!file) return;
    try {
      writeSync(file.fd, marks.map((mark) => `${mark}\n`).join(''), 0);
    } catch (error) {
      failed(error);
    }
  }

  function writeAll(): void {
    const all = [current, ...left];
    while (all.length < lines) all.push(empty);
    write(all);
  }

  writeAll();
  return {
    wasLeft: (of) => left.size > 0 && left.has(hash('sha256', of, 'hex')),
    async set(of) {
      current = of === undefined ? empty : hash('sha256', of, 'hex');
      write([current]);
    },
    async forget(of) {
      if (left.size > 0 && left.delete(hash('sha256', of, 'hex'))) writeAll();
    },
    async close() {
      const open = file;
      file = undefined;
      await open?.close().catch(failed);
      if (left.size === 0) await fs.rm(path, { force: true }).catch(failed);
    },
  };
}
