// Bundles the engine into node/dist: an entry that turns the compile cache on, and chunks that are loaded when needed.
import { build } from 'esbuild';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { builtinsWhenUsed } from './bundle/builtins-when-used.mjs';
import { helpWhenAsked } from './bundle/help-when-asked.mjs';
import { inLayers } from './bundle/layers.mjs';
import { settingsMadeAhead } from './bundle/settings-made-ahead.mjs';
import { tablesWhenAsked } from './bundle/tables-when-asked.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
// Compiled code of chunks that are no more would stay for good.
for (const made of ['dist', 'compile-cache']) rmSync(`${root}node/${made}`, { recursive: true, force: true });

/** The driver asks at its start for Azure's sign-in and key vault; the engine signs in by itself, where it is asked to. */
const driverWithoutAzure = {
  name: 'driver-without-azure',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@azure\/(identity|keyvault-keys)$/ }, ({ importer, path }) =>
      /[\\/]node_modules[\\/]tedious[\\/]/.test(importer) ? { path, namespace: 'left-out' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: '' }));
  },
};

/** What the page of runs carries inside: its own script, with the chart, and its style. */
const reportPage = {
  absWorkingDir: root,
  entryPoints: { 'report-page': 'node/report-page/page.ts', 'report-style': 'node/report-page/page.css' },
  outdir: 'node/dist',
  bundle: true,
  format: 'iife',
  platform: 'browser',
  target: ['es2022', 'chrome120', 'firefox120', 'safari17'],
  minify: true,
  charset: 'ascii',
  // Words that would end the element they stand in.
  supported: { 'inline-script': false, 'inline-style': false },
  legalComments: 'none',
  logLevel: 'warning',
};
await build(reportPage);

const engine = {
  plugins: [
    await settingsMadeAhead(root, `${root}node/dist`),
    tablesWhenAsked,
    builtinsWhenUsed,
    helpWhenAsked,
    driverWithoutAzure,
  ],
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
  alias: {
    // Its other form asks for its own files in a way that no bundler sees.
    'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
    // What the log's library tells of itself to who develops it, in colours it takes long to make ready.
    '@dabh/diagnostics': '@dabh/diagnostics/node/production.js',
  },
  // Native and optional: the one is installed beside the engine where Windows sign-in is wanted, the other comes with it on Windows.
  external: ['msnodesqlv8', 'edge-js'],
  // Libraries written for CommonJS ask for Node's modules by require.
  banner: {
    js: "const require=process.getBuiltinModule('module').createRequire(import.meta.url),__filename=import.meta.filename,__dirname=import.meta.dirname;",
  },
  logLevel: 'warning',
};
await build({ ...engine, plugins: [await inLayers(root, engine), ...engine.plugins] });
