import { cutText } from '../shown-text.ts';
import type { Change } from './changes.ts';
import { bounds, type Notice } from './notice.ts';

/** Where the runs are that a notice tells of. */
export interface Place {
  readonly host: string;
  /** The instance's folder. */
  readonly folder: string;
}

const verbs: Readonly<Record<Change['kind'], string>> = {
  began: 'failed',
  lasts: 'still fails',
  well: 'is well again',
  nhserver: 'can be disabled',
};

/** The changes as a notice. */
export function noticeOf(changes: readonly Change[], { host, folder }: Place): Notice {
  const lines = changes.slice(0, bounds.lines).map((change) => cutText(oneLine(lineOf(change)), bounds.line));
  const more = changes.length - lines.length;
  return {
    subject: cutText(oneLine(`Halo sync on ${host}: ${summary(changes)}`), 150),
    lines: [
      ...lines,
      ...(more > 0 ? [`And ${more} more: see Get-HaloSyncRun.`] : []),
      `Instance: ${folder} on ${host}. How it stands: Get-HaloSyncRun -Last 1 -ConfigPath "${folder}".`,
    ],
  };
}

/** A notice that says nothing but that notices arrive. */
export function trialNotice({ host, folder }: Place): Notice {
  return {
    subject: `Halo sync on ${host}: a try`,
    lines: ['This is a try: notices of this instance arrive here.', `Instance: ${folder} on ${host}.`],
  };
}

function summary(changes: readonly Change[]): string {
  const [first] = changes;
  if (changes.length === 1 && first) return `${nameOf(first)} ${verbs[first.kind]}`;
  const counts = { began: 'failed', lasts: 'still failing', well: 'well again', nhserver: 'about NHserver' };
  return Object.entries(counts)
    .map(([kind, words]) => [changes.filter((one) => one.kind === kind).length, words] as const)
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`)
    .join(', ');
}

function nameOf(change: Change): string {
  return change.kind === 'nhserver' ? 'NHserver' : change.name;
}

function lineOf(change: Change): string {
  switch (change.kind) {
    case 'began':
      return `${change.name} failed: ${change.detail}`;
    case 'lasts':
      return `${change.name} still fails, since ${change.since}: ${change.detail}`;
    case 'well':
      return `${change.name} is well again; it had failed since ${change.since}.`;
    case 'nhserver':
      return change.detail;
  }
}

/** A line break in an error's message must not become a header or a paragraph of its own. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
