import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Runs npm: the one that runs this script, with its own Node; where none does, the one on PATH.
 * @param timeout milliseconds until it is ended, which fails; without, it takes its time
 */
export function npm(args, cwd, timeout) {
  const { npm_execpath: cli = '', npm_node_execpath: node = '' } = process.env;
  const stdio = ['ignore', 2, 2];
  if (cli.endsWith('npm-cli.js') && existsSync(node)) execFileSync(node, [cli, ...args], { cwd, stdio, timeout });
  // On Windows that is a batch file, which only a shell starts.
  else execFileSync('npm', args, { cwd, stdio, timeout, shell: process.platform === 'win32' });
}
