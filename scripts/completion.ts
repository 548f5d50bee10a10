// Writes module/completion.json, what the cmdlets complete with Tab, from the descriptors: npm run completion
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parametersOf } from '../node/src/halo-api/reads/list.ts';
import { resources } from '../node/src/halo-api/resources/index.ts';
import type { IntegrationSettingField } from '../node/src/integrations/integration.ts';
import { integrations } from '../node/src/integrations/registry.ts';
import { format } from 'prettier';

function kindOf({ type, secret, perName }: IntegrationSettingField): string {
  if (perName) return 'a secret for each name';
  const words = { string: 'a text', number: 'a number', boolean: '$true or $false', 'string[]': 'a list of texts' };
  return secret ? 'a secret' : words[type];
}

const inOrder = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));

const completion = {
  integrations: inOrder(integrations.map(({ name, entities }) => [name, entities.map((entity) => entity.name)])),
  resources: [...[...resources.values()].map(({ name }) => name), 'InstanceInfo'].toSorted(),
  queries: inOrder([...resources.values()].map((resource) => [resource.name, parametersOf(resource).toSorted()])),
  settings: inOrder(
    integrations.map(({ name, settings }) => [
      name,
      inOrder(Object.entries(settings).map(([key, field]) => [key, kindOf(field)])),
    ]),
  ),
};
const file = fileURLToPath(new URL('../module/completion.json', import.meta.url));
writeFileSync(file, await format(JSON.stringify(completion), { parser: 'json', printWidth: 120 }));
