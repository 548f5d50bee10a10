// Begins an integration: npm run new-integration Acme ["Acme RMM"]
// Writes its folder, its reduced description and contract, a test, and its line in the list of folders.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { slugOf } from './integration-docs/integration-page.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const [name = '', display = name] = process.argv.slice(2);
if (!/^[A-Z][A-Za-z0-9]{1,39}$/.test(name) || !/^[\w .&()-]+$/.test(display)) {
  console.error(
    'usage: npm run new-integration Acme ["Acme RMM"]\nThe name begins with a capital and has letters and digits.',
  );
  process.exit(2);
}
const slug = slugOf({ displayName: display });
const camel = name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+$|^[A-Z]/, (start) => start.toLowerCase());

const files = {
  'index.ts': `node/src/integrations/${slug}/index.ts`,
  'reduced-spec.json': `tests/sandbox/${slug}/reduced-spec.json`,
  'contract.ts': `tests/sandbox/${slug}/contract.ts`,
  'test.ts': `tests/engine/${slug}/${slug}.test.ts`,
};
const there = Object.values(files).find((path) => existsSync(join(root, path)));
if (there !== undefined) {
  console.error(`${there} is there already.`);
  process.exit(1);
}
for (const [template, path] of Object.entries(files)) {
  const text = readFileSync(join(root, 'scripts/new-integration', `${template}.template`), 'utf8')
    .replaceAll('{Display}', display)
    .replaceAll('{Name}', name)
    .replaceAll('{camel}', camel)
    .replaceAll('{slug}', slug);
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(path);
}

const registry = 'node/src/integrations/folders.ts';
const before = readFileSync(join(root, registry), 'utf8');
const line = `  ${name}: async () => (await import('./${slug}/index.ts')).${camel},\n`;
writeFileSync(join(root, registry), before.replace(/(?=^};$)/m, line));
console.log(`${registry} (a line)

Next: write down in ${files['reduced-spec.json']} what the vendor documents, then change ${files['index.ts']} until
  npm run test:engine -- tests/engine/${slug} tests/engine/kit/contract.test.ts -t ${name}
passes. docs/write-an-integration.md takes you through it. At the end:
  npm run docs:integrations && npm run completion && npm run grant-script && npm run format`);
