import { longDuration } from '../duration.ts';

type Facts = Readonly<Record<string, unknown>>;

/** A line of the log in words: where it happened, what, and the facts beside it that say more. Without its time and level. */
export function lineText(line: Facts & { readonly message: string }): string {
  return `${placeOf(line)}${line.message}${factsOf(line)}`;
}

/** What a line is about, as it stands before its message. */
export function placeOf(line: Facts): string {
  const words = [line['integration'], line['entity']].filter((word) => typeof word === 'string');
  return words.length > 0 ? `${words.join(' ')}: ` : '';
}

function factsOf({ record, reason, error, status, seconds, entities, exitCode, note, ...counts }: Facts): string {
  const { message, advice } = (error ?? {}) as { message?: unknown; advice?: unknown };
  const parts = [
    ...(typeof record === 'string' && typeof reason === 'string' ? [` "${record}": ${reason}`] : []),
    ...(typeof status === 'string' ? [`: ${[status, ...countsOf(counts)].join(', ')}`] : []),
    ...(typeof seconds === 'number' ? [` in ${longDuration(seconds)}`] : []),
    ...(Array.isArray(entities) ? [`: ${entities.join(', ') || 'nothing is switched on'}`] : []),
    ...(typeof exitCode === 'number' ? [` with exit code ${exitCode}`] : []),
    ...(typeof note === 'string' && note !== '' ? [`. ${note}`] : []),
    ...(typeof status === 'string' && typeof message === 'string' ? [`. ${message}`] : []),
    ...(typeof advice === 'string' ? [` Fix: ${advice}`] : []),
  ];
  return parts.join('');
}

const counted = ['read', 'created', 'updated', 'unchanged', 'deactivated', 'rejected'] as const;

function countsOf(counts: Facts): string[] {
  return counted.flatMap((name) => (typeof counts[name] === 'number' ? [`${counts[name]} ${name}`] : []));
}
