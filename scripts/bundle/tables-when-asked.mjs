import { readFileSync } from 'node:fs';

/** The facts of Halo's tables as texts, each parsed when the table is asked for: of all of them a run needs a few. */
export const tablesWhenAsked = {
  name: 'tables-when-asked',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]database[\\/]schema[\\/]\w+\.json$/ }, ({ path }) => {
      const text = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));
      return {
        contents: `let parsed;
const facts = () => (parsed ??= JSON.parse(${JSON.stringify(text)}));
export default { get primaryKey() { return facts().primaryKey; }, get columns() { return facts().columns; } };`,
        loader: 'js',
      };
    });
  },
};
