import type { IntegrationFacts } from './integration.ts';
import { integrations } from './registry.ts';

/**
 * What is known of every integration without reading its folder. The shipped bundle has other code in this module's place, made ahead
 * from the same descriptors (scripts/bundle): the names of all, and of each a file that is read when its settings or entities are asked for.
 */
export const integrationFacts: readonly IntegrationFacts[] = integrations;
