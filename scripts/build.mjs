// Bundles the engine into node/dist: an entry that turns the compile cache on, and chunks that are loaded when needed.
import { build } from 'esbuild';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}node/dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { main: 'node/src/main.ts' },
  outdir: 'node/dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  legalComments: 'linked',
  // Libraries written for CommonJS ask for Node's modules by require.
  banner: {
    js: "import{createRequire as _cr}from'node:module';import{fileURLToPath as _fp}from'node:url';import{dirname as _dn}from'node:path';const require=_cr(import.meta.url),__filename=_fp(import.meta.url),__dirname=_dn(__filename);",
  },
  logLevel: 'warning',
});
