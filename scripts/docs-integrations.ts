// Writes the pages of docs/integrations that are made from descriptors, and the tables of all integrations: npm run docs:integrations
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { descriptors, integrations } from '../node/src/integrations/registry.ts';
import { madeDocs } from './integration-docs/made-docs.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
for (const { path, content } of await madeDocs(root, integrations, descriptors))
  writeFileSync(join(root, path), content);
