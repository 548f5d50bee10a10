import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const flags = JSON.parse(readFileSync(new URL('../node/src/engine-flags.json', import.meta.url), 'utf8'));

/** Node's own options for the engine, on a platform as Node names it. */
export const engineFlagsOn = (platform) => [...flags.everywhere, ...(flags[platform] ?? [])];

/** Those on this machine. */
export const engineFlags = engineFlagsOn(process.platform);

/** The Node 24 binary that npm installed for this platform, else the running Node where it is new enough. */
export function node24() {
  const windows = process.platform === 'win32';
  const name = `${windows ? 'win' : process.platform}-${process.arch}`;
  // Windows on ARM runs programs for x64, too, and npm has no Node 24 of its own for it.
  const folder = `../node_modules/node-${name === 'win-arm64' ? 'win-x64' : name}/bin/`;
  const installed = fileURLToPath(new URL(folder + (windows ? 'node.exe' : 'node'), import.meta.url));
  if (existsSync(installed)) return installed;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error(
    name === 'win-arm64'
      ? 'npm has no Node 24 for Windows on ARM: install Node 24 or later (for ARM64 or x64) and start this with it.'
      : `Node 24 is not installed for ${name}: run npm ci, or use Node 24 or later.`,
  );
}
