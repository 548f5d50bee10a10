import { reportOf } from '../errors/integrator-error.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import type { StateFolder } from '../sync/state-folder.ts';
import { changesSince, toldOf } from './changes.ts';
import type { Receiver } from './notice.ts';
import { noticeOf, type Place } from './notice-text.ts';
import type { Outcome } from './outcome.ts';

/** What giving notice works with. */
export interface NoticeParts {
  readonly place: Place;
  readonly state: StateFolder;
  readonly secrets: KnownSecrets;
  readonly now: Date;
  /** Told of a notice that could not be given; the run goes on. */
  warn(message: string): void;
}

/**
 * Tells each receiver what has changed since it was told last. What it was told is kept for each by itself, and only once it was:
 * a notice that did not arrive is given again by the next run.
 */
export async function giveNotice(receivers: readonly Receiver[], outcome: Outcome, parts: NoticeParts): Promise<void> {
  await Promise.all(
    receivers.map(async (receiver) => {
      try {
        await tell(receiver, outcome, parts);
      } catch (error) {
        const { message, advice } = reportOf(error);
        parts.warn(`${message} ${advice}`);
      }
    }),
  );
}

async function tell(receiver: Receiver, outcome: Outcome, parts: NoticeParts): Promise<void> {
  const { place, state, secrets, now } = parts;
  const file = `notice-${receiver.name.toLowerCase()}.json`;
  const { changes, next } = changesSince(toldOf(await state.read(file)), outcome, now);
  if (changes.length === 0) return;
  await receiver.send(secrets.mask(noticeOf(secrets.mask(changes), place)));
  await state.write(file, next);
}
