import { build } from 'esbuild';
import { dirname, join } from 'node:path';

/** Where the engine's own code is; what comes from packages is split as the bundler does it. */
const own = 'node/src/';
/** What begins every start. */
const starting = ['cli/command-line.ts', 'bridge/serve-here.ts', 'commands/config.ts'];
/** What begins every run: with it the database is opened and integrations are read. What asks a vendor is loaded when one is asked. */
const running = /^(commands\/(sync|open-parts)|integrations\/[\w-]+\/index)\.ts$/;
/** What is loaded only where a run is at work, or a look as a run would take it. */
const ofRuns =
  /^(commands\/(sync|open-parts|test|test-assumed|diagnose|integrations|switch-entities|api|undo|rejections|needed-rights)\.ts$|sync\/|integrations\/|halo-api\/|diagnostic\/|database\/)/;
/** A single integration's own files. */
const ofIntegration = /^integrations\/(?!kit\/)[\w-]+\//;

/** Each file of the engine's own with what it imports at once, and the files that are imported when they are needed. */
async function readGraph(options) {
  const { metafile } = await build({ ...options, write: false, metafile: true, minify: false });
  const now = new Map();
  const later = new Set();
  for (const [path, { imports }] of Object.entries(metafile.inputs)) {
    if (!path.startsWith(own)) continue;
    const inside = imports.filter((one) => !one.external && one.path.startsWith(own) && one.path.endsWith('.ts'));
    const named = (kind) =>
      inside.filter((one) => (one.kind === 'dynamic-import') === kind).map((one) => one.path.slice(own.length));
    now.set(path.slice(own.length), named(false));
    for (const file of named(true)) later.add(file);
  }
  return { now, entries: [...later] };
}

/** Files, and all that they import at once. */
function reach(now, files) {
  const found = new Set();
  const visit = (file) => {
    if (found.has(file)) return;
    found.add(file);
    for (const next of now.get(file) ?? []) visit(next);
  };
  files.forEach(visit);
  return found;
}

/** The two layers of code that are loaded as a whole: what every start loads, and what every run loads beside it. */
function layersOf({ now, entries }) {
  const imported = new Set([...now.values()].flat());
  const shared = (file) => (imported.has(file) || !entries.includes(file)) && !/^(cli|bridge)\//.test(file);
  const first = reach(now, starting);
  const others = reach(
    now,
    entries.filter((entry) => !ofRuns.test(entry)),
  );
  const runs = [
    ...reach(
      now,
      entries.filter((entry) => running.test(entry)),
    ),
  ].filter((file) => shared(file) && !first.has(file) && !ofIntegration.test(file));
  return {
    start: [...first].filter(shared).concat(runs.filter((file) => others.has(file))),
    run: runs.filter((file) => !others.has(file)),
  };
}

/**
 * Makes a start load few files. The bundler makes a file of each part of the code that the same entries reach, an entry being what is
 * imported when it is needed: with eighty of those that is a hundred small files, each of which has to be found, read and looked up. So
 * each entry is made to reach the whole of a layer where it reaches any of it.
 */
export async function inLayers(root, options) {
  const layers = layersOf(await readGraph(options));
  const lines = (files) => files.map((file) => `import ${JSON.stringify(join(root, own, file))};\n`).join('');
  const before = { start: lines(layers.start), run: lines([...layers.start, ...layers.run]) };
  const folder = join(root, own);
  return {
    name: 'in-layers',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\..*\.ts$/ }, ({ path, kind, importer, resolveDir }) => {
        const full = join(resolveDir, path);
        const begins = kind === 'dynamic-import' && importer.startsWith(folder);
        return begins ? { path: full, namespace: 'begins' } : undefined;
      });
      onLoad({ filter: /./, namespace: 'begins' }, ({ path }) => ({
        contents: `${ofRuns.test(path.slice(folder.length).replaceAll('\\', '/')) ? before.run : before.start}export * from ${JSON.stringify(path)};`,
        resolveDir: dirname(path),
      }));
    },
  };
}
