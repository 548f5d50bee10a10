import type { IncomingMail, MailAttachment } from './incoming-mail.ts';

/** Files that are kept, and a line for each that is not, to be read in the ticket. */
export interface KeptAttachments {
  readonly kept: readonly MailAttachment[];
  readonly notes: readonly string[];
}

/** Leaves out files that are too large or of a kind that is not kept. Sizes in bytes. */
export function keepAttachments(
  mail: IncomingMail,
  limit: number,
  blockedExtensions: ReadonlySet<string>,
): KeptAttachments {
  const kept: MailAttachment[] = [];
  const notes: string[] = [];
  for (const file of mail.attachments) {
    const ending = /\.([^.]+)$/.exec(file.filename)?.[1]?.toLowerCase() ?? '';
    if (blockedExtensions.has(ending)) {
      notes.push(`The attachment "${file.filename}" was not kept: files of this kind are not accepted.`);
    } else if (file.content.byteLength > limit) {
      const size = (file.content.byteLength / 1024 / 1024).toFixed(1);
      notes.push(
        `The attachment "${file.filename}" was not kept: it has ${size} MB, and ${limit / 1024 / 1024} are allowed.`,
      );
    } else kept.push(file);
  }
  return { kept, notes };
}

/** The mail with the notes under its text, so that whoever reads the ticket knows what is missing. */
export function withNotes(mail: IncomingMail, notes: readonly string[]): IncomingMail {
  if (notes.length === 0) return mail;
  const escaped = notes.map((note) => note.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
  return {
    ...mail,
    text: [mail.text, ...notes].filter((part) => part !== '').join('\n\n'),
    html: mail.html === '' ? '' : `${mail.html}${escaped.map((note) => `<p><em>${note}</em></p>`).join('')}`,
  };
}
