import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** How the engine is started: a small young generation keeps a large sync a third smaller, and no slower (bench/README.md). */
export const engineFlags = ['--max-semi-space-size=8'];

/** The Node 24 binary that npm installed for this platform, else the running Node where it is new enough. */
export function node24() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  const installed = fileURLToPath(new URL(`../node_modules/node-${platform}-${process.arch}/${name}`, import.meta.url));
  if (existsSync(installed)) return installed;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error(`Node 24 is not installed for ${platform}-${process.arch}: run npm ci, or use Node 24 or later.`);
}
