import { builtinModules } from 'node:module';

const plain = (path) => path.replace(/^node:/, '');

/** Modules that are a function or class themselves, which no object with the same members can stand in for. */
const callable = new Set(['assert', 'events', 'module', 'stream', 'test']);

/**
 * Node's own modules are loaded when something of them is used, and not by every import: of crypto, child_process or worker_threads
 * many a start needs nothing, and together they take as long as Node itself. Of libraries only the command line's parser imports so.
 */
export const builtinsWhenUsed = {
  name: 'builtins-when-used',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?[a-z]/ }, ({ path, kind, importer }) => {
      if (kind !== 'import-statement' || (!builtinModules.includes(plain(path)) && !path.startsWith('node:')))
        return undefined;
      const parser = /[\\/]node_modules[\\/](yargs|y18n|cliui|escalade|yargs-parser)[\\/]/.test(importer);
      if (/[\\/]node_modules[\\/]/.test(importer) && !parser) return undefined;
      return callable.has(plain(path)) && !parser
        ? undefined
        : { path: plain(path), namespace: 'builtin', sideEffects: false };
    });
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `let loaded;
const read = (name) => (loaded ??= process.getBuiltinModule(${JSON.stringify(`node:${path}`)}))[name];
for (const name of ${JSON.stringify(Object.keys(process.getBuiltinModule(`node:${path}`)))})
  Object.defineProperty(exports, name, { enumerable: true, get: () => read(name) });`,
      loader: 'js',
    }));
  },
};
