import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renameImport } from '../windows/import-name.mjs';

/**
 * Of edge-js, what calls a library on the .NET Framework from this Node: a few files of it, where the engine looks for packages.
 * @param edge the folder of the npm package
 * @param target the package's folder
 * @param processor as Node names it
 */
export function putEdge({ edge, target, processor, nodeMajor }) {
  const to = join(target, 'node', 'node_modules', 'edge-js');
  const native = join('lib', 'native', 'win32', processor);
  const major = readdirSync(join(edge, native)).filter((name) => name === nodeMajor);
  if (major.length === 0) throw new Error(`edge-js has nothing for Node ${nodeMajor}: take another version of it.`);
  for (const file of [
    'package.json',
    'LICENSE',
    'lib/edge.js',
    'tools/checkMono.js',
    join(native, nodeMajor, 'edge_nativeclr.node'),
  ]) {
    if (!existsSync(join(edge, file))) continue;
    mkdirSync(dirname(join(to, file)), { recursive: true });
    copyFileSync(join(edge, file), join(to, file));
  }
  // It takes functions from node.exe, and its like for .NET Core from whatever program loads it: the single program needs one of its own.
  const library = readFileSync(join(to, native, nodeMajor, 'edge_nativeclr.node'));
  writeFileSync(
    join(to, native, nodeMajor, 'edge_nativeclr.HaloDBIntegrator.node'),
    renameImport(library, 'node.exe', 'HaloDBIntegrator.exe'),
  );
  // The only library of Visual C++ that it needs beside Windows' own.
  copyFileSync(join(edge, native, 'vcruntime140.dll'), join(to, native, nodeMajor, 'vcruntime140.dll'));
}
