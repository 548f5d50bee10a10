import { execFileSync } from 'node:child_process';
import { createWriteStream, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

const regularFile = 0o100000;

/**
 * Writes a folder as a zip; the same content gives the same bytes, wherever and whenever it is made.
 * @param inZip the folder that the names in the zip begin in
 * @param executables paths in `folder` of what may be run as a program; a file system may not tell
 * @param date what every file is dated; a zip knows no time zone, and this is written as UTC
 */
export async function zipFolder({ folder, inZip, zip, executables, date }) {
  const runs = new Set(executables);
  const file = new ZipFile();
  // A zip has no time zone: its reader takes for local what was put in as local, whose place must not matter.
  const [day, time] = [date.toISOString().slice(0, 10), date.toISOString().slice(11, 19)];
  const mtime = new Date(`${day}T${time}`);
  for (const path of filesIn(folder)) {
    const mode = regularFile | (runs.has(slashed(relative(folder, path))) ? 0o755 : 0o644);
    file.addFile(path, slashed(relative(inZip, path)), { mtime, mode, forceDosTimestamp: true });
  }
  file.end();
  // Whoever looks for the zip finds a whole one or none.
  const unfinished = `${zip}.new`;
  try {
    const failed = new Promise((_resolve, reject) => file.on('error', reject));
    await Promise.race([pipeline(file.outputStream, createWriteStream(unfinished)), failed]);
    renameSync(unfinished, zip);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** When the source was last changed: the time that SOURCE_DATE_EPOCH says (reproducible-builds.org), else that of the last commit. */
export function dateOfSource(root) {
  const told = process.env.SOURCE_DATE_EPOCH;
  try {
    const seconds = told ?? execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
    const date = new Date(Number(seconds) * 1000);
    if (!Number.isNaN(date.getTime())) return date;
  } catch {
    // A source without its history: the first day that a zip can tell.
  }
  return new Date('1980-01-01T00:00:00Z');
}

const slashed = (path) => path.replaceAll('\\', '/');

/** Every file in a folder, in an order that does not depend on the machine. */
function filesIn(folder) {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
