// Copies the facts of named tables out of a full schema description:
//   node scripts/update-halo-schema.mjs <schema.json> [TABLE …]
// Without table names the tables already present are refreshed.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../node/src/database/schema/', import.meta.url));
const [source, ...named] = process.argv.slice(2);
if (!source) {
  console.error('usage: node scripts/update-halo-schema.mjs <schema.json> [TABLE …]');
  process.exit(2);
}
const all = JSON.parse(readFileSync(source, 'utf8'));
const spelling = new Map(Object.keys(all).map((name) => [name.toLowerCase(), name]));
mkdirSync(folder, { recursive: true });
const present = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length));
for (const wanted of named.length > 0 ? named : present) {
  const name = spelling.get(wanted.toLowerCase());
  if (!name) {
    console.error(`${source} has no table ${wanted}`);
    process.exit(1);
  }
  const { primaryKey, columns } = all[name];
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify({ primaryKey, columns }, null, 2)}\n`);
  console.log(`${name}: ${Object.keys(columns).length} columns`);
}
