import type { IntegrationFacts } from '../integrations/integration.ts';
import { memberOf } from './member-of.ts';

/** The integrations that the settings have a section of: of no other is anything to be looked at, nor the facts read. */
export function withSection(content: unknown, registry: readonly IntegrationFacts[]): readonly IntegrationFacts[] {
  return registry.filter(({ name }) => sectionOf(content, name) !== undefined);
}

/** An integration's section; undefined where there is none. */
export function sectionOf(content: unknown, name: string): unknown {
  return memberOf(memberOf(content, 'Integrations'), name);
}

/** The integrations that the path of a setting (`Integrations.Pax8`, in any case) can be about: all of them where it names none. */
export function meantBy(setting: string, registry: readonly IntegrationFacts[]): readonly IntegrationFacts[] {
  const [first, named] = setting.toLowerCase().split('.');
  if (first !== 'integrations') return [];
  return named === undefined ? registry : registry.filter(({ name }) => name.toLowerCase() === named);
}
