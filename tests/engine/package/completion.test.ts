import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { parametersOf } from '../../../node/src/halo-api/reads/list.ts';
import { resources } from '../../../node/src/halo-api/resources/index.ts';
import type { IntegrationSettingField } from '../../../node/src/integrations/integration.ts';
import { integrations } from '../../../node/src/integrations/registry.ts';

function kindOf({ type, secret, perName }: IntegrationSettingField): string {
  if (perName) return 'a secret for each name';
  const words = { string: 'a text', number: 'a number', boolean: '$true or $false', 'string[]': 'a list of texts' };
  return secret ? 'a secret' : words[type];
}

it('The module completes (npm run completion) every integration, entity, setting, resource and query parameter there is, and knows which settings are secrets', () => {
  const file = fileURLToPath(new URL('../../../module/completion.json', import.meta.url));
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    integrations: Object.fromEntries(
      integrations.map(({ name, entities }) => [name, entities.map((entity) => entity.name)]),
    ),
    queries: Object.fromEntries(
      [...resources.values()].map((resource) => [resource.name, parametersOf(resource).sort()]),
    ),
    settings: Object.fromEntries(
      integrations.map(({ name, settings }) => [
        name,
        Object.fromEntries(Object.entries(settings).map(([key, field]) => [key, kindOf(field)])),
      ]),
    ),
    resources: [...[...resources.values()].map(({ name }) => name), 'InstanceInfo'].sort(),
  });
});
