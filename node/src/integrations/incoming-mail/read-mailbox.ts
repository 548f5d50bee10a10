import type { HaloOutcome, HaloRecord } from '../../halo-api/halo-api.ts';
import type { MailDesk, MailOutcome } from '../../halo-api/mail/incoming-mail.ts';
import { ownRecords } from '../../reading/record-shape.ts';
import type { VendorPage } from '../../reading/vendor-page.ts';
import type { EntityContext, OpenEntity } from '../entity.ts';
import { assumptionsOf } from './assumptions-of.ts';
import { createMailReader } from './mail-reader.ts';
import { viewSettings } from './mail-settings.ts';
import type { MailRef, MailSource } from './mail-source.ts';
import { createSettlement } from './mailbox-settlement.ts';
import { writeMessages } from './write-messages.ts';

/** Messages settled together. */
const pageMessages = 50;

interface MailRecord extends HaloRecord {
  readonly ref: MailRef;
}

/** One run over a mailbox. Messages are settled (moved, deleted, left) only after what they became is committed. */
export async function readMailbox(context: EntityContext, source: MailSource): Promise<OpenEntity<MailRef>> {
  const assumed = assumptionsOf(viewSettings(context.settings));
  const reader = await createMailReader(context);
  const settlement = createSettlement(source);
  const listing = pagesOf(source);
  let desk: MailDesk | undefined;
  let done = 0;

  return {
    source: { shape: ownRecords<MailRef>(), pages: listing.pages },
    mapping: { toHalo: async (refs) => refs.map(recordOf) },
    target: {
      pageIsBatch: true,
      looksItself: true,
      async write(session, records, { whatIf }) {
        const refs = (records as readonly MailRecord[]).map(({ ref }) => ref);
        desk ??= await session.mailDesk(context.connection.id, assumed);
        const outcomes = await writeMessages(refs, { desk, source, reader, settlement, whatIf });
        return refs.map((ref) => haloOutcome(outcomes.get(ref)));
      },
      async settle(refs) {
        await settlement.settle(refs, desk);
        done++;
      },
      async close() {
        const { trouble, again } = settlement;
        try {
          // Only a whole listing whose messages are all dealt with moves the start of the next one.
          const whole = listing.ended && listing.given === done;
          if (whole && !again && !trouble && source.position !== undefined) await desk?.keepPosition(source.position);
        } finally {
          await source.close();
          await reader.close();
        }
        if (trouble) throw trouble;
      },
    },
    missing: 'left',
  };
}

/** A listing in pages of messages that are settled together, and how far it came. */
function pagesOf(source: MailSource): {
  readonly ended: boolean;
  readonly given: number;
  readonly pages: () => AsyncGenerator<VendorPage>;
} {
  let ended = false;
  let given = 0;
  return {
    get ended() {
      return ended;
    },
    get given() {
      return given;
    },
    async *pages() {
      for await (const refs of source.list()) {
        for (let from = 0; from < refs.length; from += pageMessages) {
          const { total } = source;
          given++;
          yield { records: refs.slice(from, from + pageMessages), list: { expected: total } };
        }
      }
      ended = true;
    },
  };
}

function recordOf(ref: MailRef): MailRecord {
  return {
    fields: { name: ref.trouble ? `message ${ref.id} of the folder` : `${ref.from}: ${ref.listedSubject}` },
    third_party_id: ref.key,
    ref,
  };
}

function haloOutcome(outcome: MailOutcome | undefined): HaloOutcome {
  if (!outcome || outcome.outcome === 'unchanged') return { outcome: 'unchanged', id: 0 };
  return outcome.outcome === 'rejected' ? outcome : { outcome: outcome.outcome, id: outcome.ticket };
}
