import type { IntegratorError } from '../../errors/integrator-error.ts';
import { MailFolderError, MailRefusedError } from '../../errors/mail-errors.ts';
import { StateFolderError } from '../../errors/run-errors.ts';
import { VendorRefusedError } from '../../errors/vendor-errors.ts';
import type { HaloOutcome, HaloRecord, HaloSession } from '../../halo-api/halo-api.ts';
import { identityOf } from '../../halo-api/mail/handled-mail.ts';
import type { IncomingMail, MailDesk, MailOutcome } from '../../halo-api/mail/incoming-mail.ts';
import { ownRecords } from '../../reading/record-shape.ts';
import type { VendorPage } from '../../reading/vendor-page.ts';
import type { EntityContext, OpenEntity } from '../entity.ts';
import { assumptionsOf } from './assumptions-of.ts';
import { viewSettings } from './mail-settings.ts';
import type { MailContent, MailRef, MailSource } from './mail-source.ts';
import { ownAddresses } from './mailbox-rows.ts';
import { readMessage } from './read-message.ts';
import { awaitsScan } from './safe-attachments.ts';

const megabyte = 1024 * 1024;
/** Messages settled together, and bytes held and written in one transaction; a larger message goes alone. */
const pageMessages = 50;
const chunkBytes = 16 * megabyte;

interface MailRecord extends HaloRecord {
  readonly ref: MailRef;
}

/** One run over a mailbox. Messages are settled (moved, deleted, left) only after what they became is committed. */
export async function readMailbox(context: EntityContext, source: MailSource): Promise<OpenEntity<MailRef>> {
  const settings = viewSettings(context.settings);
  const own = await ownAddresses(context.api, context.connection.id);
  const largest = (settings.number('MaxMessageMB') ?? 60) * megabyte;
  /** Messages that are not to be settled: set aside, or to be seen again. */
  const staying = new Set<MailRef>();
  /** Why messages that were dealt with could not be moved, deleted or marked; the rest is read all the same. */
  let unsettled: IntegratorError | undefined;
  const marks = await context.marks?.();
  let desk: MailDesk | undefined;
  let again = false;
  let listed = false;
  let open = 0;

  async function* pages(): AsyncGenerator<VendorPage> {
    for await (const refs of source.list()) {
      for (let from = 0; from < refs.length; from += pageMessages) {
        const { total } = source;
        open++;
        yield { records: refs.slice(from, from + pageMessages), list: { expected: total } };
      }
    }
    listed = true;
  }

  /** The message; undefined where it is gone, or is to be seen again later. */
  async function read({ ref, source: content, trouble }: MailContent): Promise<IncomingMail | undefined> {
    if (trouble) return unreadable(ref, trouble.message);
    if (!content) return undefined;
    if (content.byteLength > largest) return unreadable(ref, tooLarge(content.byteLength, largest));
    try {
      await marks?.set(identityOf(ref));
      const mail = await readMessage(content, ref, own);
      return awaitsScan(mail, context.connection.row, context.clock.now()) ? undefined : mail;
    } catch (error) {
      // What is wrong with one message is its own affair.
      if (error instanceof StateFolderError) throw error;
      return unreadable(ref, error instanceof Error ? error.message : String(error));
    } finally {
      await marks?.set(undefined);
    }
  }

  async function writeAll(
    session: HaloSession,
    refs: readonly MailRef[],
    whatIf: boolean,
  ): Promise<ReadonlyMap<MailRef, MailOutcome>> {
    desk ??= await session.mailDesk(context.connection.id, assumptionsOf(settings));
    const outcomes = new Map<MailRef, MailOutcome>();
    const states = await desk.handled(refs);
    let chunk: { readonly ref: MailRef; readonly mail: IncomingMail }[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      const written = chunk;
      chunk = [];
      bytes = 0;
      const answers = await (desk as MailDesk).write(
        written.map(({ mail }) => mail),
        { whatIf },
      );
      written.forEach(({ ref }, at) => {
        const answer = answers[at];
        if (answer) outcomes.set(ref, answer);
        if (answer?.outcome !== 'rejected') return;
        staying.add(ref);
        again = true;
      });
      if (!whatIf) for (const { ref } of written) await marks?.forget(identityOf(ref));
    };
    const fresh: MailRef[] = [];
    for (const [at, ref] of refs.entries()) {
      if (states[at] === 'set-aside' || states[at] === 'waiting') staying.add(ref);
      if (states[at] === 'waiting') again = true;
      else if (states[at] === undefined) {
        if (marks?.wasLeft(identityOf(ref)))
          chunk.push({ ref, mail: { ...unreadable(ref, endedThere), perilous: true } });
        else if (ref.trouble) chunk.push({ ref, mail: unreadable(ref, ref.trouble.message) });
        else if (ref.size > largest) chunk.push({ ref, mail: unreadable(ref, tooLarge(ref.size, largest)) });
        else fresh.push(ref);
      }
    }
    for await (const content of source.contents(fresh)) {
      const mail = await read(content);
      if (mail) {
        chunk.push({ ref: content.ref, mail });
        bytes += content.source?.byteLength ?? 0;
      } else {
        staying.add(content.ref);
        again = true;
      }
      if (bytes >= chunkBytes) await flush();
    }
    if (chunk.length > 0) await flush();
    return outcomes;
  }

  /** Those that have left the folder. What a mailbox refuses of them, for want of room, is told at the end. */
  async function settled(refs: readonly MailRef[]): Promise<readonly MailRef[]> {
    try {
      return await source.settle(refs);
    } catch (error) {
      if (![MailRefusedError, MailFolderError, VendorRefusedError].some((kind) => error instanceof kind)) throw error;
      unsettled ??= error as IntegratorError;
      return [];
    }
  }

  return {
    source: { shape: ownRecords<MailRef>(), pages },
    mapping: {
      toHalo: async (refs) =>
        refs.map((ref): MailRecord => ({
          fields: { name: ref.trouble ? `message ${ref.id} of the folder` : `${ref.from}: ${ref.listedSubject}` },
          third_party_id: ref.key,
          ref,
        })),
    },
    target: {
      pageIsBatch: true,
      async write(session, records, { whatIf }) {
        const refs = (records as readonly MailRecord[]).map(({ ref }) => ref);
        const outcomes = await writeAll(session, refs, whatIf);
        return refs.map((ref) => haloOutcome(outcomes.get(ref)));
      },
      async settle(refs) {
        await desk?.removed(await settled(refs.filter((ref) => !staying.has(ref))));
        for (const ref of refs) staying.delete(ref);
        open--;
      },
      async close() {
        try {
          // Only a whole listing whose messages are all dealt with moves the start of the next one.
          const whole = listed && open === 0;
          if (whole && !again && !unsettled && source.position !== undefined) await desk?.keepPosition(source.position);
        } finally {
          await source.close();
          await marks?.close();
        }
        if (unsettled) throw unsettled;
      },
    },
    missing: 'left',
  };
}

const endedThere = 'the engine ended, or was ended, while it read this message';

function tooLarge(size: number, limit: number): string {
  return `it has ${Math.ceil(size / megabyte)} MB, and ${limit / megabyte} are allowed (MaxMessageMB)`;
}

function unreadable(ref: MailRef, reason: string): IncomingMail {
  return {
    key: ref.key,
    sent: ref.sent,
    listedSubject: ref.listedSubject,
    messageId: '',
    entryId: ref.id,
    references: [],
    from: { address: ref.from.toLowerCase(), name: '' },
    replyTo: '',
    to: [],
    cc: [],
    subject: ref.listedSubject,
    text: '',
    html: '',
    received: ref.received,
    importance: 'normal',
    automatic: 'no',
    byOtherMailbox: false,
    unreadable: reason,
    attachments: [],
  };
}

function haloOutcome(outcome: MailOutcome | undefined): HaloOutcome {
  if (!outcome || outcome.outcome === 'unchanged') return { outcome: 'unchanged', id: 0 };
  return outcome.outcome === 'rejected' ? outcome : { outcome: outcome.outcome, id: outcome.ticket };
}
