import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from '../npm.mjs';

/**
 * Where an npm package for a platform is: the one npm installed in the project, else the same version fetched for that platform.
 * @param folder an empty folder for what is fetched
 */
export function packageFolder({ root, platform, name, folder }) {
  const installed = join(root, 'node_modules', name);
  if (existsSync(installed)) return installed;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const wanted = `${name}@${locked[`node_modules/${name}`].version}`;
  const [os, cpu] = platform.replace('win-', 'win32-').split('-');
  const args = [
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--force',
    // What edge-js would do at its installation wants an SDK, and is done by its part of the package.
    '--ignore-scripts',
    `--os=${os}`,
    `--cpu=${cpu}`,
  ];
  if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), '{}');
  npm([...args, wanted], folder);
  return join(folder, 'node_modules', name);
}
