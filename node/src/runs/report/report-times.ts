/** Moments as a page of runs shows them: in one named time zone, the day apart from the time of day. */
export interface ReportTimes {
  /** Name of the zone, such as "Europe/Berlin". */
  readonly zone: string;
  /** The day as a key that sorts, such as "2026-11-27". */
  dayKey(iso: string): string;
  /** The day in words, such as "Friday, 27 November 2026". */
  day(iso: string): string;
  /** The time of day, such as "14:03:27". */
  time(iso: string): string;
  /** Day and time, such as "27 Nov 2026, 14:03". */
  moment(iso: string): string;
}

/** @param zone IANA name; the machine's own where it is left out */
export function reportTimes(zone = Intl.DateTimeFormat().resolvedOptions().timeZone): ReportTimes {
  const form = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options });
  const key = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  const day = form({ dateStyle: 'full' });
  const time = form({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const moment = form({ dateStyle: 'medium', timeStyle: 'short' });
  const shown = (format: Intl.DateTimeFormat) => (iso: string) => {
    const date = new Date(iso);
    return Number.isNaN(date.getTime()) ? iso : format.format(date);
  };
  return { zone, dayKey: shown(key), day: shown(day), time: shown(time), moment: shown(moment) };
}

/** A duration in words: "0.4 s", "12 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return [`${Math.floor(whole / 60)} min`, whole % 60 ? ` ${whole % 60} s` : ''].join('');
  const minutes = Math.round(whole / 60);
  return [`${Math.floor(minutes / 60)} h`, minutes % 60 ? ` ${minutes % 60} min` : ''].join('');
}

const numbers = new Intl.NumberFormat('en-GB');

/** A number with its thousands apart, such as "12,040". */
export function grouped(number: number): string {
  return numbers.format(number);
}
