import { SettingsInvalidError } from '../errors/config-errors.ts';
import type { IntegrationFacts } from '../integrations/integration.ts';
import { inOwnSpelling } from './own-spelling.ts';
import type { SettingsFile } from './settings-content.ts';
import { schemaOf } from './settings-validator.ts';

/** What a settings file holds, its keys in the product's own spelling. Throws SettingsInvalidError where one stands there in two. */
export function spelledContent(
  { path, content }: Pick<SettingsFile, 'path' | 'content'>,
  registry: readonly IntegrationFacts[],
): unknown {
  const { content: spelled, twice } = inOwnSpelling(content, schemaOf(registry));
  if (twice.length === 0) return spelled;
  const faults = twice.map((name) => ({
    path: name,
    problem: 'stands there twice, in two spellings',
    fix: 'put both into one',
  }));
  throw new SettingsInvalidError(path, faults);
}
