import { frequencyIn, parseFrequency, type Frequency } from './frequency.ts';
import type { RegisteredFacts } from './registered-task.ts';
import { pathsOf } from './task-definition.ts';

/** Whether a registered task runs Invoke-HaloSync in PowerShell. */
export function isViaPowerShell(facts: RegisteredFacts): boolean {
  return facts.arguments.includes('Invoke-HaloSync');
}

/**
 * How often an instance runs: its folder's name says so; where it does not, or says no time of day, the registered task does.
 * A time of day that is given goes before both.
 */
export function frequencyOf(folder: string, facts?: RegisteredFacts, at?: string): Frequency | undefined {
  const named = frequencyIn(pathsOf(folder).basename(folder), at);
  return named ? withTime(named, facts) : registeredFrequency(facts, at);
}

/** With the registered task's time of day, where the frequency has one and names none. */
export function withTime(frequency: Frequency, facts: RegisteredFacts | undefined): Frequency {
  const at = facts && timeIn(facts);
  return frequency.kind === 'minutes' || frequency.at !== undefined || at === undefined
    ? frequency
    : { ...frequency, at };
}

function registeredFrequency(facts: RegisteredFacts | undefined, at: string | undefined): Frequency | undefined {
  const [, minutes, days, weekday] =
    /^every (?:(\d+) minutes|(1) days|1 weeks on ([A-Z][a-z]+)) from /.exec(facts?.trigger ?? '') ?? [];
  if (minutes !== undefined) return parseFrequency(`${minutes}min`, at);
  if (days === undefined && weekday === undefined) return undefined;
  return withTime(parseFrequency(weekday === undefined ? 'daily' : `weekly-${weekday}`, at), facts);
}

function timeIn({ trigger }: RegisteredFacts): string | undefined {
  return /^every \d+ (?:days|weeks) .*T(\d{2}:\d{2}):\d{2}/.exec(trigger)?.[1];
}
