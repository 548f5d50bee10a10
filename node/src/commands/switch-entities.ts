import { setEntity } from '../config/save-settings.ts';
import { UsageError } from '../errors/command-errors.ts';
import { reportOf } from '../errors/integrator-error.ts';
import type { IntegrationFacts } from '../integrations/integration.ts';
import { findEntity, findIntegration } from '../sync/plan.ts';
import { command, type Command } from './command.ts';
import type { Engine } from './engine.ts';
import { tellSaved } from './tell-saved.ts';

function switching(name: 'enable' | 'disable'): Command {
  const shape = { integration: 'text', entities: 'texts', whatIf: 'switch' } as const;
  return command(name, shape, async (engine, { integration: asked, entities: named, whatIf }) => {
    if (!asked) throw new UsageError(`${name} needs the name of an integration.`);
    const integration = findIntegration(engine.registry, asked);
    const entities = (named ?? integration.entities.map((one) => one.name)).map(
      (entity) => findEntity(integration, entity).name,
    );
    const { path } = await engine.savedSettings();
    if (!whatIf) {
      const { environment, registry } = engine;
      tellSaved(
        engine,
        path,
        await setEntity(path, integration.name, entities, name === 'enable', environment, registry),
      );
      if (name === 'enable') await tellWhatKeepsOff(engine, integration, entities);
    }
    return { data: { integration: integration.name, entities, enabled: name === 'enable' }, exitCode: 0 };
  });
}

/** Switches entities on in this instance's appsettings.json; all of the integration's where none is named. With `whatIf`, the names are looked at only. */
export const enable = switching('enable');
/** Switches entities off in this instance's appsettings.json. */
export const disable = switching('disable');

/** The other switch is Halo's: what is on here and will not run all the same is told, with the reason. */
async function tellWhatKeepsOff(
  engine: Engine,
  integration: IntegrationFacts,
  entities: readonly string[],
): Promise<void> {
  const off = new Map<string, string[]>();
  try {
    const { integrationStates } = await import('../sync/plan.ts');
    const states = await integrationStates(await engine.readingParts([integration.name]));
    for (const entity of entities) {
      const own = states.filter((one) => one.entity === entity);
      const reason = own.some((one) => one.willRun) ? undefined : own[0]?.reason;
      if (reason) off.set(reason, [...(off.get(reason) ?? []), entity]);
    }
  } catch (error) {
    engine.watcher.warned(`Whether they are on in Halo, too, could not be looked at: ${reportOf(error).message}`);
  }
  for (const [reason, names] of off)
    engine.watcher.warned(
      `${integration.name} ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} on here and will not run: ${reason}`,
    );
}
