import { createHash } from 'node:crypto';
import path from 'node:path';
import { TaskTextError } from '../errors/schedule-errors.ts';
import { joinArguments, powerShellText, quoted } from './command-line-text.ts';
import { inWords, type Frequency, type Weekday } from './frequency.ts';
import type { TaskAccount } from './task-account.ts';
import { taskLimit } from './time-limits.ts';

/** The folder of the Task Scheduler that all tasks of this product are in. */
export const TASK_FOLDER = '\\Halo DB Integrator';

/** When a task starts; `start` is local time without a zone. */
export type TaskTrigger =
  | { readonly kind: 'minutes'; readonly start: string; readonly minutes: number }
  | { readonly kind: 'daily'; readonly start: string }
  | { readonly kind: 'weekly'; readonly start: string; readonly day: Weekday };

/** A scheduled task, as far as this product decides it. */
export interface TaskDefinition {
  readonly name: string;
  readonly description: string;
  readonly command: string;
  readonly arguments: string;
  readonly workingDirectory: string;
  readonly trigger: TaskTrigger;
  /** Minutes until Windows ends it. */
  readonly timeLimit: number;
  readonly account: TaskAccount;
}

/** What a task is made of. */
export interface TaskSource {
  readonly settingsPath: string;
  readonly name: string;
  readonly frequency: Frequency;
  readonly account: TaskAccount;
  /** The engine's own limit in minutes. */
  readonly engineLimit: number;
  /** The engine as it is started: Node, its options and the engine's file, or one program. */
  readonly program: readonly string[];
  /** Run through Invoke-HaloSync, which can open vaults. */
  readonly powerShell?: { readonly program: string; readonly module: string };
}

/** The task that runs an instance. Throws TaskTextError for what the Task Scheduler cannot hold. */
export function defineTask(source: TaskSource): TaskDefinition {
  const { settingsPath, name, frequency, account, program, powerShell } = source;
  const folder = pathsOf(settingsPath).dirname(settingsPath);
  const definition: TaskDefinition = {
    name,
    description: `Syncs vendors into Halo ${inWords(frequency)}, with the settings in ${settingsPath}.`,
    command: powerShell ? powerShell.program : (program[0] ?? ''),
    arguments: powerShell
      ? `-NoProfile -NonInteractive -ExecutionPolicy RemoteSigned -Command ${quoted(scriptOf(powerShell.module, settingsPath))}`
      : `${joinArguments([...program.slice(1), 'AUTO'])} ${quoted(settingsPath)}`,
    workingDirectory: folder,
    trigger: triggerOf(frequency, folder),
    timeLimit: taskLimit(source.engineLimit),
    account,
  };
  if (name === '' || /[\\/:*?"<>|]/.test(name) || name.length > 200)
    throw new TaskTextError('The task name', name, 'cannot be the name of a task');
  for (const text of [name, definition.command, definition.arguments, folder, account.userId])
    // eslint-disable-next-line no-control-regex -- these are the characters that XML cannot hold
    if (!text.isWellFormed() || /[\u0000-\u001f\ufffe\uffff]/.test(text))
      throw new TaskTextError('The text', text, 'has a character that a task cannot hold');
  for (const text of [definition.command, definition.arguments, folder]) {
    // There is no way to write these so that they stay: https://learn.microsoft.com/windows/win32/taskschd/iexecaction
    const read = /%[^%=:\\/]+%|\$\(Arg\d+\)/i.exec(text)?.[0];
    if (read) throw new TaskTextError('The text', text, `has ${read} in it, which Windows reads as a variable`);
    // Nor these, since who reads the XML may take them for what they stand for.
    const entity = /&#?\w+;/.exec(text)?.[0];
    if (entity) throw new TaskTextError('The text', text, `has ${entity} in it, which stands for a character in XML`);
  }
  for (const text of [definition.command, folder])
    if (text.length > 260)
      throw new TaskTextError('The path', text, 'is longer than the 260 characters a task can hold');
  return definition;
}

/** The PowerShell module that this engine belongs to. */
export function moduleOf({ engineFolder }: { readonly engineFolder: string }): string {
  return pathsOf(engineFolder).join(engineFolder, 'HaloDBIntegrator.psd1');
}

/** Windows paths are taken apart as such on every system. */
export function pathsOf(text: string): path.PlatformPath {
  return /^[a-z]:[\\/]|^\\\\/i.test(text) ? path.win32 : path;
}

function scriptOf(module: string, settingsPath: string): string {
  return [
    // What fails before the sync sets it must not look like success.
    '$global:LASTEXITCODE = 1',
    `Import-Module -Name ${powerShellText(module)} -ErrorAction Stop`,
    `Invoke-HaloSync -Auto -ConfigPath ${powerShellText(settingsPath)} | Out-Null`,
    'exit $LASTEXITCODE',
  ].join('; ');
}

/** A start that is the same at every registration and differs from folder to folder, so that tasks do not start at once. */
function triggerOf(frequency: Frequency, folder: string): TaskTrigger {
  const spread = createHash('sha256').update(folder.toLowerCase()).digest().readUInt32BE();
  if (frequency.kind === 'minutes') {
    const seconds = spread % (Math.min(frequency.minutes, 60) * 60);
    return { kind: 'minutes', minutes: frequency.minutes, start: startAt(1, 0, seconds) };
  }
  const [hours, minutes] = frequency.at?.split(':').map(Number) ?? [1 + (spread % 4), Math.floor(spread / 4) % 60];
  // 4 January 2026 is a Sunday.
  const start = startAt(4, hours ?? 0, (minutes ?? 0) * 60);
  return frequency.kind === 'daily' ? { kind: 'daily', start } : { kind: 'weekly', day: frequency.day, start };
}

function startAt(day: number, hours: number, seconds: number): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `2026-01-${two(day)}T${two(hours)}:${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}
