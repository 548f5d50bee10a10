import { FrequencyUnknownError } from '../errors/schedule-errors.ts';

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
/** A day as the Task Scheduler names it. */
export type Weekday = (typeof days)[number];

/** How often an instance runs. Times are local, `HH:MM`; without one the start is spread by the folder's path. */
export type Frequency =
  | { readonly kind: 'minutes'; readonly minutes: number }
  | { readonly kind: 'daily'; readonly at?: string }
  | { readonly kind: 'weekly'; readonly day: Weekday; readonly at?: string };

const minute = 'm|min|mins|minute|minutes';
const hour = 'h|hr|hrs|hour|hours';
const pattern = new RegExp(
  `(?:^|[-_. ])(?<!\\b(?:bi|non|semi)[-_ ])(?:(?<!(?:^|[-_ ])\\d+[.,])(\\d+) ?(${minute}|${hour})|(hourly)|(daily)(?:[-_ ](\\d{4}))?|(weekly)(?:[-_ ]([a-z]{3,9}))?(?:[-_ ](\\d{4}))?)$`,
  'i',
);

/**
 * The frequency that ends a text: `5min`, `15m`, `hourly`, `2h`, `daily`, `daily-0300`, `weekly`, `weekly-sun-0300`,
 * also behind a name (`pax8-hourly`). Throws FrequencyUnknownError; `at` gives or replaces the time of day.
 */
export function parseFrequency(text: string, at?: string): Frequency {
  const found = pattern.exec(text.trim());
  if (!found) throw new FrequencyUnknownError(text);
  const [, count, unit, hourly, daily, dailyAt, , dayName, weeklyAt] = found;
  if (hourly || count !== undefined) {
    if (at !== undefined) throw new FrequencyUnknownError(text, 'runs several times a day, so it takes no time of day');
    const minutes = hourly ? 60 : Number(count) * (unit?.toLowerCase().startsWith('h') ? 60 : 1);
    if (minutes < 1 || minutes > 1440) throw new FrequencyUnknownError(text, 'is not between 1 minute and 24 hours');
    return { kind: 'minutes', minutes };
  }
  const time = timeOf(text, at ?? (daily ? dailyAt : weeklyAt));
  if (daily) return { kind: 'daily', ...(time && { at: time }) };
  return { kind: 'weekly', day: dayOf(text, dayName), ...(time && { at: time }) };
}

/** The frequency a text ends in; undefined where it ends in none. One that is out of range still throws. */
export function frequencyIn(text: string, at?: string): Frequency | undefined {
  return pattern.test(text.trim()) ? parseFrequency(text, at) : undefined;
}

function timeOf(text: string, time: string | undefined): string | undefined {
  if (time === undefined) return undefined;
  const parts = /^(\d{1,2}):?(\d{2})$/.exec(time);
  if (!parts || Number(parts[1]) > 23 || Number(parts[2]) > 59)
    throw new FrequencyUnknownError(text, `has no time of day in "${time}"`);
  return `${parts[1]?.padStart(2, '0')}:${parts[2]}`;
}

function dayOf(text: string, name: string | undefined): Weekday {
  if (name === undefined) return 'Sunday';
  const found = days.find((day) => day.toLowerCase().startsWith(name.toLowerCase()));
  if (!found) throw new FrequencyUnknownError(text, `names no day of the week in "${name}"`);
  return found;
}

/** Minutes from one start to the next. */
export function minutesBetween(frequency: Frequency): number {
  if (frequency.kind === 'minutes') return frequency.minutes;
  return frequency.kind === 'daily' ? 1440 : 7 * 1440;
}

/** A frequency in words. */
export function inWords(frequency: Frequency): string {
  if (frequency.kind === 'daily') return `daily${frequency.at ? ` at ${frequency.at}` : ''}`;
  if (frequency.kind === 'weekly') return `every ${frequency.day}${frequency.at ? ` at ${frequency.at}` : ''}`;
  const { minutes } = frequency;
  if (minutes % 60 !== 0) return minutes === 1 ? 'every minute' : `every ${minutes} minutes`;
  return minutes === 60 ? 'hourly' : `every ${minutes / 60} hours`;
}
