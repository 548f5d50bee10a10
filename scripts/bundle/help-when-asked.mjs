/**
 * What the command line's help is laid out with measures characters by tables of Unicode, which take a tenth of a start to make ready:
 * they are made ready where help is shown.
 */
export const helpWhenAsked = {
  name: 'help-when-asked',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(cliui|string-width)$/ }, ({ importer, path, resolveDir, kind }) =>
      kind === 'import-statement' && /[\\/]yargs[\\/]lib[\\/]platform-shims[\\/]/.test(importer)
        ? { path, namespace: 'when-asked', pluginData: resolveDir }
        : undefined,
    );
    onLoad({ filter: /./, namespace: 'when-asked' }, ({ path, pluginData }) => ({
      contents: `export default (...given) => require(${JSON.stringify(path)}).default(...given);`,
      resolveDir: pluginData,
    }));
  },
};
