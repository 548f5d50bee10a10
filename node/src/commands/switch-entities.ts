import { setEntity } from '../config/save-settings.ts';
import { UsageError } from '../errors/command-errors.ts';
import { findEntity, findIntegration } from '../sync/plan.ts';
import { command, type Command } from './command.ts';

function switching(name: 'enable' | 'disable'): Command {
  const shape = { integration: 'text', entities: 'texts', whatIf: 'switch' } as const;
  return command(name, shape, async (engine, { integration: asked, entities: named, whatIf }) => {
    if (!asked) throw new UsageError(`${name} needs the name of an integration.`);
    const integration = findIntegration(engine.registry, asked);
    const entities = (named ?? integration.entities.map((one) => one.name)).map(
      (entity) => findEntity(integration, entity).name,
    );
    const { path } = await engine.savedSettings();
    if (!whatIf)
      await setEntity(path, integration.name, entities, name === 'enable', engine.environment, engine.registry);
    return { data: { integration: integration.name, entities, enabled: name === 'enable' }, exitCode: 0 };
  });
}

/** Switches entities on in this instance's appsettings.json; all of the integration's where none is named. With `whatIf`, the names are looked at only. */
export const enable = switching('enable');
/** Switches entities off in this instance's appsettings.json. */
export const disable = switching('disable');
