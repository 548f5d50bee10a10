import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { resources } from '../../../node/src/halo-api/resources/index.ts';
import { integrations } from '../../../node/src/integrations/registry.ts';

it('The module completes every integration, entity and resource there is', () => {
  const file = fileURLToPath(new URL('../../../module/completion.json', import.meta.url));
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    integrations: Object.fromEntries(
      integrations.map(({ name, entities }) => [name, entities.map((entity) => entity.name)]),
    ),
    resources: [...[...resources.values()].map(({ name }) => name), 'InstanceInfo'].sort(),
  });
});
