import { api } from './api.ts';
import { changes } from './changes.ts';
import type { Command } from './command.ts';
import { configGet, configSet, secretReferencesCommand } from './config.ts';
import { settingSet } from './config-setting.ts';
import { diagnose } from './diagnose.ts';
import { integrationsCommand } from './integrations.ts';
import { instanceList, instanceNew } from './instance.ts';
import { logs } from './logs.ts';
import { rejections } from './rejections.ts';
import { report } from './report.ts';
import { runs } from './runs.ts';
import { stop } from './stop.ts';
import { disable, enable } from './switch-entities.ts';
import { sync } from './sync.ts';
import { taskCommands, systemScheduler } from './tasks.ts';
import { test } from './test.ts';
import { undo } from './undo.ts';

/** Every command, by name: what the bridge takes as methods and the command line as commands. */
export const commands: ReadonlyMap<string, Command> = new Map(
  [
    ...[sync, test, diagnose, integrationsCommand, enable, disable, api],
    ...[configGet, configSet, settingSet, secretReferencesCommand],
    ...[runs, rejections, changes, undo, report, logs, stop, instanceNew, instanceList],
    ...taskCommands(systemScheduler),
  ].map((one) => [one.name, one]),
);
