import type { Outcome, Trouble } from './outcome.ts';

/** What a receiver was told, and so knows. */
export interface Told {
  readonly troubles: Readonly<Record<string, ToldTrouble>>;
  /** The date of the upgrade whose end of NHserver was told, `YYYY-MM-DD`. */
  readonly nhserver?: string;
}

interface ToldTrouble {
  readonly name: string;
  readonly kind: Trouble['kind'];
  /** ISO 8601: when it was first told. */
  readonly since: string;
  /** Whether it was told again after a day. */
  readonly reminded: boolean;
}

/** A change of state. */
export type Change =
  | { readonly kind: 'began'; readonly name: string; readonly detail: string }
  | { readonly kind: 'lasts'; readonly name: string; readonly detail: string; readonly since: string }
  | { readonly kind: 'well'; readonly name: string; readonly since: string }
  | { readonly kind: 'nhserver'; readonly detail: string };

/** A trouble that lasts is told once more after so long. */
const reminderAfter = 86_400_000;

/** What has changed since a receiver was told last, and what it will know once it was told that. */
export function changesSince(told: Told, outcome: Outcome, now: Date): { changes: Change[]; next: Told } {
  const changes: Change[] = [];
  const troubles: Record<string, ToldTrouble> = { ...told.troubles };
  for (const { key, name, kind, detail } of outcome.troubles) {
    const known = troubles[key];
    const worse = known?.kind === 'rejected' && kind === 'failed';
    if (!known || worse) {
      changes.push({ kind: 'began', name, detail });
      troubles[key] = { name, kind, since: now.toISOString(), reminded: false };
    } else if (!known.reminded && now.getTime() - Date.parse(known.since) >= reminderAfter) {
      changes.push({ kind: 'lasts', name, detail, since: known.since });
      troubles[key] = { ...known, reminded: true };
    }
  }
  for (const key of outcome.well) {
    const known = troubles[key];
    if (!known) continue;
    changes.push({ kind: 'well', name: known.name, since: known.since });
    delete troubles[key];
  }
  const over = outcome.nhserver;
  if (over && over.upgradeDate !== told.nhserver) changes.push({ kind: 'nhserver', detail: over.detail });
  const nhserver = over?.upgradeDate ?? told.nhserver;
  return { changes, next: { troubles, ...(nhserver !== undefined && { nhserver }) } };
}

/** What the state folder kept, where it has that shape; what does not is as if it had never been told. */
export function toldOf(kept: unknown): Told {
  const { troubles, nhserver } = (typeof kept === 'object' && kept !== null ? kept : {}) as Record<string, unknown>;
  const entries = Object.entries(typeof troubles === 'object' && troubles !== null ? troubles : {});
  return {
    troubles: Object.fromEntries(entries.filter((one): one is [string, ToldTrouble] => isTold(one[1]))),
    ...(typeof nhserver === 'string' && { nhserver }),
  };
}

function isTold(value: unknown): boolean {
  const { name, kind, since, reminded } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  return (
    typeof name === 'string' &&
    (kind === 'failed' || kind === 'rejected') &&
    typeof since === 'string' &&
    !Number.isNaN(Date.parse(since)) &&
    typeof reminded === 'boolean'
  );
}
