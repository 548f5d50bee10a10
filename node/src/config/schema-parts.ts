import { Ajv, type ErrorObject } from 'ajv';
import type { IntegrationFacts } from '../integrations/integration.ts';
import { frameSchema, integrationSchema, type Schema } from './settings-schema.ts';

/** A part of the settings' schema, and what is wrong with a value by it; empty when nothing is. */
export interface SchemaPart {
  readonly schema: Schema;
  faultsOf(value: unknown): readonly ErrorObject[];
}

/** How Ajv checks the settings; the shipped bundle is built with the same. */
export const validatorOptions = { allErrors: true, strict: false, verbose: true } as const;

/**
 * All of the schema but what the integrations' sections hold. The shipped bundle has the code that Ajv makes from it in this module's
 * place, because making it takes as long as everything else a command does at its start, and that of each integration in a file of its
 * own (scripts/bundle).
 */
export function frameOf(registry: readonly IntegrationFacts[]): SchemaPart {
  return partOf(frameSchema(registry));
}

/** What an integration's section holds. */
export function sectionPart(integration: IntegrationFacts): SchemaPart {
  return partOf(integrationSchema(integration));
}

function partOf(schema: Schema): SchemaPart {
  return {
    schema,
    faultsOf(value) {
      const validate = new Ajv(validatorOptions).compile(schema);
      return validate(value) ? [] : (validate.errors ?? []);
    },
  };
}
