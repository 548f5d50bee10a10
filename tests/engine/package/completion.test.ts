import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { integrations } from '../../../node/src/integrations/registry.ts';

it('The module completes every integration and entity there is', () => {
  const file = fileURLToPath(new URL('../../../module/integrations.json', import.meta.url));
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(
    Object.fromEntries(integrations.map(({ name, entities }) => [name, entities.map((entity) => entity.name)])),
  );
});
