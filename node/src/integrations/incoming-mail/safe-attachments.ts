import type { IncomingMail } from '../../halo-api/mail/incoming-mail.ts';

/** What Microsoft 365 puts in an attachment's place while it is scanned, where the mailbox row names nothing else. */
const assumedPlaceholder = 'ATP Scan In Progress';
/** A scan takes minutes; a placeholder that is still there after a day is what the sender's file is called, or stays. */
const longestScan = 86_400_000;

/**
 * Whether a message still has a placeholder in place of an attachment that is being scanned, and the mailbox is set to wait for it
 * (MBSafeAttachmentPolicy, MBSafeAttachmentPlaceholder).
 */
export function awaitsScan(mail: IncomingMail, row: Readonly<Record<string, unknown>>, now: Date): boolean {
  if (Number(row['MBSafeAttachmentPolicy'] ?? 0) <= 0) return false;
  if (now.getTime() - mail.received.getTime() > longestScan) return false;
  const named = row['MBSafeAttachmentPlaceholder'];
  const placeholder = (typeof named === 'string' && named.trim() !== '' ? named : assumedPlaceholder).toLowerCase();
  return mail.attachments.some((file) => file.filename.toLowerCase().includes(placeholder));
}
