import { folders } from './folders.ts';
import type { Integration } from './integration.ts';
import { integrationOf } from './kit/descriptor/integration-of.ts';
import type { Descriptor } from './kit/descriptor/descriptor.ts';

/** What is in a folder: an integration as data, from which the rest follows, or one that brings its own. */
export function isDescriptor(one: Descriptor | Integration): one is Descriptor {
  return 'halo' in one;
}

/** Integrations as they run, in their usual order: those of these names, or every one there is. */
export async function loadIntegrations(names?: readonly string[]): Promise<readonly Integration[]> {
  const wanted = Object.entries(folders).filter(([name]) => names?.includes(name) ?? true);
  const found = await Promise.all(wanted.map(([, read]) => read()));
  return found.map((one) => (isDescriptor(one) ? integrationOf(one) : one));
}
