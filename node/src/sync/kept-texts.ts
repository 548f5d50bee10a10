import type { KeptTexts } from '../integrations/kept-texts.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import type { StateFolder } from './state-folder.ts';

/** What keeping texts takes. */
export interface KeptTextsParts {
  readonly folder: StateFolder;
  readonly integration: string;
  /** A hash of the settings in use. */
  readonly settings: string;
  readonly secrets: KnownSecrets;
}

/** An integration's texts, each a small file of the state folder. A text with a secret in it is not kept. */
export function keptTexts({ folder, integration, settings, secrets }: KeptTextsParts): KeptTexts {
  const fileOf = (name: string): string => `${integration}-${name}.text`;
  return {
    settings,
    async read(name) {
      const text = await folder.read(fileOf(name));
      return typeof text === 'string' ? text : undefined;
    },
    write: (name, text) => folder.write(fileOf(name), secrets.areIn(text) ? undefined : text),
  };
}
