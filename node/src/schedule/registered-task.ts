import { sourceMark } from './task-xml.ts';

/** A task as the Task Scheduler has it; what its XML leaves out is Windows' default. */
export interface RegisteredFacts {
  readonly ours: boolean;
  readonly enabled: boolean;
  readonly command: string;
  readonly arguments: string;
  readonly workingDirectory: string;
  /** The trigger in a form that can be compared. */
  readonly trigger: string;
  readonly timeLimit: number;
  readonly userId: string;
  /** The account's name, as it was given at registration. */
  readonly accountName: string;
  readonly runLevel: string;
  readonly policy: string;
  readonly startWhenAvailable: boolean;
  readonly batteriesIgnored: boolean;
  /** The appsettings.json it runs; undefined where its arguments name none. */
  readonly settingsPath?: string;
}

type Node = Readonly<Record<string, unknown>>;

/** Reads the XML of a task. Throws where it is not XML. */
export async function readTask(xml: string): Promise<RegisteredFacts> {
  const { convert } = await import('./xml.ts');
  const text = xml.replace(/^\uFEFF/, '');
  const task = inside(convert(text, { format: 'object' }), 'Task');
  const info = inside(task, 'RegistrationInfo');
  const settings = inside(task, 'Settings');
  const principal = inside(inside(task, 'Principals'), 'Principal');
  const exec = inside(inside(task, 'Actions'), 'Exec');
  const source = textIn(info, 'Source');
  const given = textIn(exec, 'Arguments');
  const settingsPath = pathIn(given);
  const on = (name: string, fallback: boolean): boolean => (textIn(settings, name) || String(fallback)) === 'true';
  return {
    ours: source.startsWith(sourceMark),
    enabled: on('Enabled', true),
    command: textIn(exec, 'Command'),
    arguments: given,
    workingDirectory: textIn(exec, 'WorkingDirectory'),
    trigger: triggerText(inside(task, 'Triggers')),
    timeLimit: minutesOf(textIn(settings, 'ExecutionTimeLimit') || 'PT72H'),
    userId: textIn(principal, 'UserId'),
    accountName: source.slice(sourceMark.length + 2),
    runLevel: textIn(principal, 'RunLevel') || 'LeastPrivilege',
    policy: textIn(settings, 'MultipleInstancesPolicy') || 'IgnoreNew',
    startWhenAvailable: on('StartWhenAvailable', false),
    batteriesIgnored: !on('DisallowStartIfOnBatteries', true) && !on('StopIfGoingOnBatteries', true),
    ...(settingsPath !== undefined && { settingsPath }),
  };
}

function inside(node: unknown, name: string): Node {
  const child = (node as Node | undefined)?.[name];
  return typeof child === 'object' && child !== null ? (child as Node) : {};
}

/** The text of a child; one with attributes is an object with its text under `#`. The reader leaves references as they are. */
function textIn(node: Node, name: string): string {
  const child = node[name];
  const text = typeof child === 'object' && child !== null ? (child as Node)['#'] : child;
  return typeof text === 'string' ? text.replace(/&(#x[0-9a-f]+|#\d+|lt|gt|amp|quot|apos);/gi, decoded) : '';
}

function decoded(reference: string, name: string): string {
  const named = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }[name.toLowerCase()];
  if (named !== undefined) return named;
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : reference;
}

/** One trigger of ours in words; anything else says what it is, so that it never looks the same. */
function triggerText(all: Node): string {
  const kinds = Object.keys(all).filter((name) => !name.startsWith('@'));
  const kind = kinds[0] ?? '';
  const trigger = inside(all, kind);
  if (kinds.length !== 1 || Array.isArray(all[kind])) return kinds.length === 0 ? 'none' : 'several';
  const start = textIn(trigger, 'StartBoundary').replace(/\.0+/, '');
  const enabled = textIn(trigger, 'Enabled') === 'false' ? ' (off)' : '';
  if (kind === 'TimeTrigger')
    return `every ${minutesOf(textIn(inside(trigger, 'Repetition'), 'Interval'))} minutes from ${start}${enabled}`;
  if ('ScheduleByDay' in trigger)
    return `every ${textIn(inside(trigger, 'ScheduleByDay'), 'DaysInterval') || '1'} days from ${start}${enabled}`;
  if ('ScheduleByWeek' in trigger) {
    const week = inside(trigger, 'ScheduleByWeek');
    const days = Object.keys(inside(week, 'DaysOfWeek')).join();
    return `every ${textIn(week, 'WeeksInterval') || '1'} weeks on ${days} from ${start}${enabled}`;
  }
  return kind;
}

/** Minutes of an XML duration such as PT5M, PT1H30M or P1D. */
function minutesOf(duration: string): number {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration);
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = parts ?? [];
  return Number(days) * 1440 + Number(hours) * 60 + Number(minutes) + Number(seconds) / 60;
}

/** The settings named in the arguments: the last text in double quotes, or in PowerShell's single ones. */
function pathIn(given: string): string | undefined {
  const auto = /\bAUTO "((?:[^"\\]|\\.)*)"$/i.exec(given)?.[1];
  if (auto !== undefined) return auto.replace(/(\\+)"/g, (_, slashes: string) => `${slashes.slice(1)}"`);
  const viaPowerShell = /-ConfigPath '((?:[^']|'')*)' \|/.exec(given)?.[1];
  return viaPowerShell?.replace(/(['\u2018\u2019\u201a\u201b])\1/g, '$1');
}
