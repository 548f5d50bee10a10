import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { settingsOf } from '../../../node/src/integrations/kit/descriptor/integration-of.ts';
import { descriptors, integrations } from '../../../node/src/integrations/registry.ts';
import { slugOf } from '../../../scripts/integration-docs/integration-page.ts';
import { madeDocs } from '../../../scripts/integration-docs/made-docs.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n');

describe('the documentation of integrations', () => {
  it('is the one made from their descriptors (npm run docs:integrations)', async () => {
    for (const { path, content } of await madeDocs(root, integrations, descriptors))
      expect({ path, content: read(path) }).toEqual({ path, content });
  });

  it('has a page for each', () => {
    for (const integration of integrations)
      expect(read(`docs/integrations/${slugOf(integration)}.md`)).toContain(`# ${integration.displayName}`);
  });

  it('names only settings that there are, and says of each assumption what speaks for it', () => {
    for (const descriptor of descriptors) {
      const { assumed, triedAgainst } = descriptor;
      expect(triedAgainst).not.toBe('');
      for (const { what, evidence, setting } of assumed) {
        expect([what, evidence].every((text) => text.length > 10)).toBe(true);
        if (setting !== undefined) expect(Object.keys(settingsOf(descriptor))).toContain(setting);
      }
    }
  });
});
