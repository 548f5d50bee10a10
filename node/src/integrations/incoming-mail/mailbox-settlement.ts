import type { IntegratorError } from '../../errors/integrator-error.ts';
import { MailFolderError, MailRefusedError } from '../../errors/mail-errors.ts';
import { VendorForbiddenError, VendorRefusedError, VendorUnreachableError } from '../../errors/vendor-errors.ts';
import type { MailDesk } from '../../halo-api/mail/incoming-mail.ts';
import type { MailRef, MailSource } from './mail-source.ts';

/** What a mailbox says where it does not let messages be moved, deleted or marked; reading it may go on. */
const refusals = [MailRefusedError, MailFolderError, VendorRefusedError, VendorForbiddenError, VendorUnreachableError];

/** What becomes of messages in the mailbox once what they became is committed. */
export interface MailboxSettlement {
  /** Why messages that were dealt with could not be moved, deleted or marked; the rest is read all the same. */
  readonly trouble: IntegratorError | undefined;
  /** Whether a message is to be seen again, so that the next listing starts where this one did. */
  readonly again: boolean;
  /** Notes that a message is not to be settled: set aside, or, with `again`, to be seen again. */
  stays(ref: MailRef, again: boolean): void;
  /** Leaves, moves or deletes messages, and tells the desk of those that have left the folder. */
  settle(refs: readonly MailRef[], desk: MailDesk | undefined): Promise<void>;
}

/** Settles the messages of a source. */
export function createSettlement(source: MailSource): MailboxSettlement {
  const staying = new Set<MailRef>();
  let trouble: IntegratorError | undefined;
  let again = false;

  /** Those that have left the folder. What a mailbox refuses of them, for want of room, is told at the end. */
  async function settled(refs: readonly MailRef[]): Promise<readonly MailRef[]> {
    // Each try of what the server fails at takes long, and it may well fail at all of them.
    if (trouble instanceof VendorUnreachableError) return [];
    try {
      const result = await source.settle(refs);
      trouble ??= result.trouble;
      return result.left;
    } catch (error) {
      if (!refusals.some((kind) => error instanceof kind)) throw error;
      trouble ??= error as IntegratorError;
      return [];
    }
  }

  return {
    get trouble() {
      return trouble;
    },
    get again() {
      return again;
    },
    stays(ref, comesAgain) {
      staying.add(ref);
      again ||= comesAgain;
    },
    async settle(refs, desk) {
      await desk?.removed(await settled(refs.filter((ref) => !staying.has(ref))));
      for (const ref of refs) staying.delete(ref);
    },
  };
}
