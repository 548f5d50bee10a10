import { folders } from './folders.ts';
import type { Integration } from './integration.ts';
import type { Descriptor } from './kit/descriptor/descriptor.ts';
import { isDescriptor, loadIntegrations } from './load-integrations.ts';

/** Every integration that is described, read whole: what starts quickly asks `integration-facts.ts`, and `loadIntegrations` by name. */
export const descriptors: readonly Descriptor[] = (
  await Promise.all(Object.values(folders).map((read) => read()))
).filter(isDescriptor);

/** Every integration there is, read whole. */
export const integrations: readonly Integration[] = await loadIntegrations();
