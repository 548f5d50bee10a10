/** Files of the log: a day, a part of it where there are several, packed or not. */
export const logFilePattern = /^halo-db-integrator-(\d{4}-\d{2}-\d{2})\.log(?:\.(\d+))?(\.gz)?$/;

/** The log file of a day, by the machine's own calendar. */
export function logFileName(day: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `halo-db-integrator-${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}.log`;
}
