import type { ErrorObject } from 'ajv';
import type { IntegrationFacts } from '../integrations/integration.ts';
import { frameOf, sectionPart } from './schema-parts.ts';
import { sectionOf, withSection } from './sections.ts';
import type { Schema } from './settings-schema.ts';

/** What is wrong with the content by the schema; empty when nothing is. */
export type SettingsValidator = (content: unknown) => readonly ErrorObject[];

type Properties = Readonly<Record<string, Schema>>;

/** The schema itself; what it says of an integration is read when it is looked at. */
export function schemaOf(registry: readonly IntegrationFacts[]): Schema {
  const { schema } = frameOf(registry);
  const properties = schema['properties'] as Properties;
  const sections = Object.defineProperties(
    {},
    Object.fromEntries(
      registry.map((one) => [one.name, { get: () => sectionPart(one).schema, enumerable: true }] as const),
    ),
  );
  return {
    ...schema,
    properties: { ...properties, Integrations: { ...properties['Integrations'], properties: sections } },
  };
}

/** Checks settings by their schema, of which only the integrations' parts are read that the settings have. */
export function settingsValidator(registry: readonly IntegrationFacts[]): SettingsValidator {
  const frame = frameOf(registry);
  const members = Object.keys(frame.schema['properties'] as Properties);
  const behind = new Set(members.slice(members.indexOf('Integrations') + 1));
  return (content) => {
    const faults = frame.faultsOf(content);
    const inside = withSection(content, registry).flatMap((one) =>
      sectionPart(one)
        .faultsOf(sectionOf(content, one.name))
        .map((fault) => ({ ...fault, instancePath: `/Integrations/${one.name}${fault.instancePath}` })),
    );
    // In the schema's order, which is that of the file as it is shown.
    const next = faults.findIndex(({ instancePath }) => behind.has(instancePath.split('/')[1] ?? ''));
    return next < 0 ? [...faults, ...inside] : [...faults.slice(0, next), ...inside, ...faults.slice(next)];
  };
}
