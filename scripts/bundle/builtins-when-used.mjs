import { isBuiltin } from 'node:module';

const plain = (path) => path.replace(/^node:/, '');

/** Modules that are a function or class themselves, which no object with the same members can stand in for. */
const callable = new Set(['assert', 'events', 'module', 'stream', 'test']);
/** The parser of the command line takes functions of these by their names alone. */
const parser = /[\\/]node_modules[\\/](yargs|y18n|cliui|escalade|yargs-parser)[\\/]/;
/** Libraries, which may do anything with a module; and what begins, of which all is used and nothing is to be loaded for it. */
const others = /[\\/]node_modules[\\/]|[\\/]src[\\/]main\.ts$/;

/**
 * Node's own modules are loaded when something of them is used, and not by every import: of crypto, child_process or worker_threads
 * many a start needs nothing, and together they take as long as Node itself.
 */
export const builtinsWhenUsed = {
  name: 'builtins-when-used',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?[a-z]/ }, ({ path, kind, importer }) => {
      if (kind !== 'import-statement' || !isBuiltin(path)) return undefined;
      const whenUsed = parser.test(importer) || (!others.test(importer) && !callable.has(plain(path)));
      return whenUsed ? { path: plain(path), namespace: 'builtin', sideEffects: false } : undefined;
    });
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({ contents: standInFor(path), loader: 'js' }));
  },
};

/** A module with the same members, each read when it is used; of those that are callable, functions that call it. */
function standInFor(path) {
  const id = JSON.stringify(`node:${path}`);
  const members = Object.entries(process.getBuiltinModule(`node:${path}`));
  if (callable.has(path))
    return members
      .filter(([, member]) => typeof member === 'function')
      .map(
        ([name]) =>
          `exports[${JSON.stringify(name)}] = (...given) => process.getBuiltinModule(${id})[${JSON.stringify(name)}](...given);`,
      )
      .join('\n');
  return `let loaded;
const read = (name) => (loaded ??= process.getBuiltinModule(${id}))[name];
for (const name of ${JSON.stringify(members.map(([name]) => name))})
  Object.defineProperty(exports, name, { enumerable: true, get: () => read(name) });`;
}
