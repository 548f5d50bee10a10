import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const aside = fileURLToPath(new URL('../dist/replaced', import.meta.url));

/**
 * Makes room for another file. Windows deletes no program or library that is in use, but it renames one within its volume; what
 * cannot be deleted at once is at a later call.
 */
export function moveAside(path) {
  mkdirSync(aside, { recursive: true });
  if (existsSync(path)) renameSync(path, join(aside, `${Date.now()}-${process.pid}-${basename(path)}`));
  for (const name of readdirSync(aside)) {
    try {
      rmSync(join(aside, name), { force: true });
    } catch {
      // It is still in use.
    }
  }
}
