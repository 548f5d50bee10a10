import { Ajv, type ErrorObject } from 'ajv';
import type { Integration } from '../integrations/integration.ts';
import { settingsSchema, type Schema } from './settings-schema.ts';

/** What is wrong with the content by the schema; empty when nothing is. */
export type SettingsValidator = (content: unknown) => readonly ErrorObject[];

/** How Ajv checks the settings; the shipped bundle is built with the same. */
export const settingsValidatorOptions = { allErrors: true, strict: false, verbose: true } as const;

/** The schema itself; in the shipped bundle it is made ahead, too. */
export function schemaOf(registry: readonly Integration[]): Schema {
  return settingsSchema(registry);
}

/**
 * Checks settings by their schema. The shipped bundle has the code that Ajv makes from it in this module's place, because
 * making it takes as long as everything else a command does at its start (scripts/build.mjs).
 */
export function settingsValidator(registry: readonly Integration[]): SettingsValidator {
  const validate = new Ajv(settingsValidatorOptions).compile(settingsSchema(registry));
  return (content) => (validate(content) ? [] : (validate.errors ?? []));
}
