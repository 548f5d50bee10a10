import type { IntegratorError } from '../../errors/integrator-error.ts';
import { MailContentError } from '../../errors/mail-errors.ts';
import {
  VendorAnswerSizeError,
  VendorForbiddenError,
  VendorRefusedError,
  VendorUnreachableError,
} from '../../errors/vendor-errors.ts';
import type { MailPosition } from '../../halo-api/mail/incoming-mail.ts';
import { listFolder } from './graph-listing.ts';
import { openGraphMailbox, present, type GraphMailbox, type GraphParts } from './graph-mailbox.ts';
import { questionsBeforeAnswers, refOfGraph } from './graph-message.ts';
import { inGroups, type MailContent, type MailRef, type MailSource } from './mail-source.ts';
import type { GraphAccess } from './mailbox-access.ts';

const yieldedAtOnce = 200;
const settledAtOnce = 4;
/** Messages fetched side by side, and the bytes they are reckoned to have: one with attachments goes alone. */
const fetchedAtOnce = 4;
const fetchedBytes = 1024 * 1024;
/** As much of a message as is looked at for whether it is one. */
const firstBytes = 4096;
/** As many messages refused, with none given, are no fault of theirs. */
const refusedForAReason = 3;

/** Signs in and finds the folder. Throws VendorAuthError, VendorForbiddenError, MailFolderError and what a request may throw. */
export async function openGraphSource(parts: GraphParts): Promise<MailSource & { readonly greeting: string }> {
  const { access } = parts;
  const mailbox = openGraphMailbox(parts);
  const folder = await mailbox.folderId(access.folder);
  const { totalItemCount = 0 } = (await mailbox.ask({ url: mailbox.folderUrl(folder) })) as { totalItemCount?: number };
  let position: MailPosition | undefined;
  let given = 0;
  let withheld = 0;
  let total: number | undefined;

  return {
    greeting: `Signed in to Microsoft Graph; the folder ${access.folder} of ${access.address} holds ${totalItemCount} messages.`,
    get total() {
      return total;
    },
    get position() {
      return position;
    },
    async *list() {
      const listed = await listFolder(mailbox, { folder, since: access.since, position: parts.position });
      position = listed.position;
      const now = parts.clock.now();
      const refs = listed.messages.map(({ message, trouble }) =>
        refOfGraph(message, { withAttachments: fetchedBytes, now, trouble }),
      );
      const wanted = refs.filter((ref) => ref.trouble || !access.since || ref.received >= access.since);
      const ordered = questionsBeforeAnswers(wanted);
      total = ordered.length;
      for (let from = 0; from < ordered.length; from += yieldedAtOnce) yield ordered.slice(from, from + yieldedAtOnce);
    },
    async *contents(refs) {
      for (const group of inGroups(refs, fetchedAtOnce, fetchedBytes)) {
        const contents = await Promise.all(group.map((ref) => contentOf(mailbox, folder, ref)));
        const refused = contents.flatMap(({ trouble }) => trouble ?? []);
        given += contents.length - refused.length;
        withheld += refused.length;
        if (given === 0 && withheld >= refusedForAReason) throw refused[0]?.cause ?? refused[0];
        yield* contents;
      }
    },
    async settle(refs) {
      const { afterwards } = access;
      const target = afterwards.do === 'leave' ? undefined : await mailbox.folderId(destinationOf(afterwards));
      const open = target === undefined ? refs.filter((ref) => !ref.seen) : refs;
      const left: MailRef[] = [];
      let trouble: IntegratorError | undefined;
      for (let from = 0; from < open.length && !(trouble instanceof VendorUnreachableError); from += settledAtOnce) {
        const some = open.slice(from, from + settledAtOnce);
        const troubles = await Promise.all(some.map((ref) => settleOne(mailbox, ref, target)));
        trouble ??= troubles.find((one) => one !== undefined);
        left.push(...some.filter((_ref, at) => target !== undefined && !troubles[at]));
      }
      return { left, ...(trouble && { trouble }) };
    },
    close: async () => undefined,
  };
}

async function contentOf(mailbox: GraphMailbox, folder: string, ref: MailRef): Promise<MailContent> {
  try {
    const source = await present(() => mailbox.bytes(`${mailbox.messageUrl(ref.id)}/$value`));
    // What is moved away afterwards must have been the message, and not a page of something between.
    if (source && !/^[!-9;-~]{1,100}[ \t]{0,20}:/m.test(Buffer.from(source.subarray(0, firstBytes)).toString('latin1')))
      return { ref, trouble: new MailContentError('what Microsoft Graph gives in its place is no message') };
    return { ref, ...(source && { source }) };
  } catch (error) {
    if (isRefused(error) || error instanceof VendorAnswerSizeError)
      return { ref, trouble: new MailContentError(error.message, error) };
    if (!(error instanceof VendorUnreachableError)) throw error;
    // Where the mailbox still answers, it is this message that the server chokes on.
    await mailbox.ask({ url: mailbox.folderUrl(folder) });
    return { ref, trouble: new MailContentError(error.message, error) };
  }
}

/** Moves a message to a folder, or marks it as read where there is none; one that is gone needs neither. Answers why it could not. */
async function settleOne(
  mailbox: GraphMailbox,
  ref: MailRef,
  target: string | undefined,
): Promise<IntegratorError | undefined> {
  const url = mailbox.messageUrl(ref.id);
  try {
    await present(() =>
      target === undefined
        ? mailbox.ask({ method: 'PATCH', url, json: { isRead: true }, retry: true })
        : mailbox.ask({ method: 'POST', url: `${url}/move`, json: { DestinationId: target }, retry: true }),
    );
    return undefined;
  } catch (error) {
    if (isRefused(error) || error instanceof VendorUnreachableError) return error;
    throw error;
  }
}

function isRefused(error: unknown): error is VendorRefusedError | VendorForbiddenError {
  return error instanceof VendorRefusedError || error instanceof VendorForbiddenError;
}

function destinationOf(afterwards: Exclude<GraphAccess['afterwards'], { do: 'leave' }>): string {
  return afterwards.do === 'delete' ? 'recoverableitemsdeletions' : (afterwards.folder ?? 'deleteditems');
}
