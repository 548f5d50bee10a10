import { resolve } from 'node:path';
import { readSettingsFile, SETTINGS_FILE } from '../config/settings-file.ts';
import type { Environment } from '../environment.ts';
import { FrequencyUnknownError, InstanceNotFoundError, TaskNameTakenError } from '../errors/schedule-errors.ts';
import { UsageError } from '../errors/command-errors.ts';
import { instanceAt, instancesIn } from '../instances/find-instances.ts';
import { differences } from './compare-tasks.ts';
import { inWords, parseFrequency, type Frequency } from './frequency.ts';
import { frequencyOf, isViaPowerShell, withTime } from './registered-choices.ts';
import { readTask, type RegisteredFacts } from './registered-task.ts';
import { behindSessionDrive } from './session-drive.ts';
import { taskAccount, type TaskAccount } from './task-account.ts';
import { defineTask, pathsOf } from './task-definition.ts';
import type { ScheduledTask } from './task-scheduler.ts';
import { taskXml } from './task-xml.ts';
import { endsInTime, engineLimit } from './time-limits.ts';

/** What is to be scheduled. */
export interface TaskRequest {
  /** Instances, or folders that hold instances. */
  readonly paths: readonly string[];
  /** How often; the folder's name says so where it is left out. */
  readonly every?: string;
  /** Time of day, `HH:MM`, of a daily or weekly task. */
  readonly at?: string;
  readonly name?: string;
  readonly account?: string;
  /** Run through Invoke-HaloSync. Left out, a task stays as it is, and a new one does where a secret can be opened in no other way. */
  readonly viaPowerShell?: boolean;
  readonly powerShell: { readonly program: string; readonly module: string };
}

/** A task as it should be, and what is to be done for it. */
export interface PlannedTask {
  readonly name: string;
  readonly settingsPath: string;
  readonly folder: string;
  readonly frequency: string;
  readonly account: TaskAccount;
  readonly xml: string;
  readonly action: 'create' | 'update' | 'none';
  /** What a registered task has otherwise, in words. */
  readonly differences: readonly string[];
  /** The limit to save in the instance's settings, so that a run ends before the next start. */
  readonly newTimeLimitMinutes?: number;
  /** Folders that were passed over, and what could not be looked at. */
  readonly warnings: readonly string[];
}

interface Known {
  readonly name: string;
  readonly facts: RegisteredFacts;
}

interface Found {
  readonly settingsPath: string;
  readonly frequency: Frequency;
  readonly warnings: readonly string[];
}

/** The tasks a request comes to, compared with those that are registered. Writes nothing. */
export async function planTasks(
  request: TaskRequest,
  registered: readonly ScheduledTask[],
  environment: Environment,
): Promise<PlannedTask[]> {
  const known = await Promise.all(registered.map(async (one) => ({ name: one.name, facts: await readTask(one.xml) })));
  const found = (await Promise.all(request.paths.map((path) => find(path, request, known, environment)))).flat();
  if (request.name !== undefined && found.length > 1)
    throw new UsageError(`One name was given for ${found.length} tasks.`, 'Name one folder, or leave the name out.');
  const planned: PlannedTask[] = [];
  for (const one of found) planned.push(await planTask(one, request, known, planned, environment));
  return planned;
}

async function find(
  path: string,
  { every, at }: TaskRequest,
  known: readonly Known[],
  environment: Environment,
): Promise<Found[]> {
  const frequencyFor = (settingsPath: string): Frequency | undefined => {
    const facts = taskOf(settingsPath, known)?.facts;
    return every === undefined
      ? frequencyOf(pathsOf(settingsPath).dirname(settingsPath), facts, at)
      : withTime(parseFrequency(every, at), facts);
  };
  if (pathsOf(path) !== pathsOf(environment.engineFolder)) return [elsewhere(path, frequencyFor)];
  const own = await instanceAt(path, environment);
  if (own !== undefined) {
    const frequency = frequencyFor(own);
    if (frequency) return [{ settingsPath: own, frequency, warnings: [] }];
  }
  const inside = await instancesIn(resolve(environment.workingFolder, path), environment);
  const passedOver: string[] = [];
  const found = inside.flatMap((settingsPath) => {
    const folder = pathsOf(settingsPath).dirname(settingsPath);
    const frequency = frequencyFor(settingsPath);
    if (!frequency) passedOver.push(`${folder} was passed over: its name does not say how often to run.`);
    return frequency ? [{ settingsPath, frequency, warnings: passedOver }] : [];
  });
  if (found.length > 0) return found;
  if (own === undefined && inside.length === 0) throw new InstanceNotFoundError(path);
  throw new FrequencyUnknownError(pathsOf(path).basename(own ? pathsOf(own).dirname(own) : path));
}

/** A Windows path seen from another system: its XML can be made, and nothing of it can be looked at. */
function elsewhere(path: string, frequencyFor: (settingsPath: string) => Frequency | undefined): Found {
  const paths = pathsOf(path);
  const isFile = paths.basename(path).toLowerCase() === SETTINGS_FILE;
  const settingsPath = isFile ? path : paths.join(path, SETTINGS_FILE);
  const folder = paths.dirname(settingsPath);
  const frequency = frequencyFor(settingsPath);
  if (!frequency) throw new FrequencyUnknownError(paths.basename(folder));
  return { settingsPath, frequency, warnings: [`${folder} is on another system and was not looked at.`] };
}

async function planTask(
  { settingsPath, frequency, warnings }: Found,
  request: TaskRequest,
  known: readonly Known[],
  planned: readonly PlannedTask[],
  environment: Environment,
): Promise<PlannedTask> {
  const folder = pathsOf(settingsPath).dirname(settingsPath);
  const same = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();
  const ownTask = taskOf(settingsPath, known);
  const name = request.name ?? ownTask?.name ?? pathsOf(folder).basename(folder);
  const holder = known.find((one) => same(one.name, name));
  if (holder && holder !== ownTask && holder.facts.settingsPath !== undefined)
    throw new TaskNameTakenError(name, holder.facts.settingsPath);
  const twin = planned.find((one) => same(one.name, name));
  if (twin) throw new TaskNameTakenError(name, twin.settingsPath);

  const saved = warnings.length === 0 || pathsOf(settingsPath) === pathsOf(environment.engineFolder);
  const content = saved ? await contentOf(settingsPath, environment) : undefined;
  const limit = content ? limitIn(content) : engineLimit(frequency);
  const newLimit = endsInTime(limit, frequency) ? undefined : engineLimit(frequency);
  const registered = known.find((one) => same(one.name, name))?.facts;
  const behind = saved ? await behindSessionDrive(folder, environment) : undefined;
  const drive = behind === undefined ? [] : [`only this sign-in has its drive, a task does not: name it as ${behind}.`];
  const shell = await powerShellFor(request, registered, content, environment);
  const definition = defineTask({
    settingsPath,
    name,
    frequency,
    account: taskAccount(request.account ?? registeredAccount(registered) ?? 'SYSTEM'),
    engineLimit: newLimit ?? limit,
    program: environment.program,
    ...(shell.uses && { powerShell: shell.uses }),
  });
  const differing = registered ? await differences(definition, registered) : [];
  return {
    name,
    settingsPath,
    folder,
    frequency: inWords(frequency),
    account: definition.account,
    xml: await taskXml(definition),
    action: !registered ? 'create' : differing.length > 0 ? 'update' : 'none',
    differences: differing,
    ...(newLimit !== undefined && { newTimeLimitMinutes: newLimit }),
    warnings: [...warnings, ...[...drive, ...shell.warnings].map((warning) => `${folder}: ${warning}`)],
  };
}

/** A task that is registered keeps its account unless another is named. */
function registeredAccount(registered: RegisteredFacts | undefined): string | undefined {
  return registered && (registered.accountName || registered.userId || undefined);
}

/** Through which PowerShell a task runs, where through one, and what the administrator should know of that. */
async function powerShellFor(
  request: TaskRequest,
  registered: RegisteredFacts | undefined,
  content: object | undefined,
  { fs }: Environment,
): Promise<{ readonly uses?: TaskRequest['powerShell']; readonly warnings: readonly string[] }> {
  const kept = registered && isViaPowerShell(registered);
  const [secret] = secretsForPowerShell(content);
  if (request.viaPowerShell ?? kept) {
    const stays = kept && !request.viaPowerShell && (await fs.stat(registered.command).catch(() => undefined));
    return { uses: { ...request.powerShell, ...(stays && { program: registered.command }) }, warnings: [] };
  }
  if (secret === undefined) return { warnings: [] };
  return request.viaPowerShell === false
    ? { warnings: [`${secret} can be opened in PowerShell only, so this task will fail.`] }
    : {
        uses: request.powerShell,
        warnings: [`the task runs through PowerShell, since ${secret} can be opened there only.`],
      };
}

/** Settings whose secret the module alone can open: those in a vault. What Windows protects the engine opens itself. */
function secretsForPowerShell(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('Vault' in value) return [path];
  return Object.entries(value).flatMap(([name, inner]) => secretsForPowerShell(inner, path ? `${path}.${name}` : name));
}

async function contentOf(settingsPath: string, environment: Environment): Promise<object> {
  const { content } = await readSettingsFile(settingsPath, environment);
  return typeof content === 'object' && content !== null ? content : {};
}

/** The engine's own limit in the settings; 0 where none is set. */
function limitIn({ Sync }: { readonly Sync?: { readonly TimeLimitMinutes?: unknown } }): number {
  return typeof Sync?.TimeLimitMinutes === 'number' ? Sync.TimeLimitMinutes : 0;
}

/** The task that runs an instance already. */
function taskOf(settingsPath: string, known: readonly Known[]): Known | undefined {
  return known.find(({ facts }) => facts.settingsPath?.toLowerCase() === settingsPath.toLowerCase());
}
