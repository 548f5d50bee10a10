import type { SyncResult } from './sync.ts';

type Ended = Pick<SyncResult, 'note' | 'rejected' | 'rejections'> & { readonly error?: { readonly message: string } };

/** What a person should know of how an entity ended, beside its counts; '' where there is nothing. */
export function reasonToLook({ error, note, ...ended }: Ended): string {
  return [error?.message, note, rejectionsText(ended)].filter(Boolean).join(' ');
}

/** How many records were rejected, and the first of them; '' where none was. */
export function rejectionsText({ rejected, rejections }: Pick<Ended, 'rejected' | 'rejections'>): string {
  if (rejected === 0) return '';
  const [first] = rejections;
  const count = rejected === 1 ? '1 record was rejected' : `${rejected} records were rejected`;
  if (!first) return `${count}; the log names ${rejected === 1 ? 'it' : 'them'}.`;
  const one = `"${first.record}": ${first.reason.replace(/\.$/, '')}.`;
  return rejected === 1 ? `${count}: ${one}` : `${count}, the first is ${one} The log names the others.`;
}
