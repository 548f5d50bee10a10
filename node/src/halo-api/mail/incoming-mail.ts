/** An address as a mail names it; the address is in lower case. */
export interface MailAddress {
  readonly address: string;
  readonly name: string;
}

/** A file that came with a mail. */
export interface MailAttachment {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

/** Whether a program wrote a mail: an answer to somebody's mail, news it generated, or mail sent in bulk. */
export type Automatic = 'no' | 'reply' | 'generated' | 'bulk';

/** What names a message before its content is read. */
export interface MailKey {
  /** The Message-ID; where there is none, a digest of what the message says of itself. */
  readonly key: string;
  /** When it was sent, in whole seconds; with the subject it tells messages apart that share an id. */
  readonly sent: Date;
  /** The subject as the listing has it; what is read in the message itself may be decoded otherwise. */
  readonly listedSubject: string;
  /** Of one without an id whose digest others may share: a digest of its place in the mailbox, where never another will be. */
  readonly place?: string;
}

/** A message as Halo takes it in. */
export interface IncomingMail extends MailKey {
  /** '' where the message has none. */
  readonly messageId: string;
  /** The provider's own id of the message. */
  readonly entryId: string;
  readonly conversationId?: string;
  /** Of a message with a place: the SHA-256 of all its bytes, by which it is known wherever it is moved to. */
  readonly content?: string;
  /** Message ids this one answers, the nearest first. */
  readonly references: readonly string[];
  readonly from: MailAddress;
  readonly replyTo: string;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly subject: string;
  readonly text: string;
  /** Sanitised. */
  readonly html: string;
  readonly received: Date;
  readonly importance: 'low' | 'normal' | 'high';
  readonly automatic: Automatic;
  /** Whether its sender is another mailbox of this Halo: a person writing from it, or Halo telling of a ticket. */
  readonly byOtherMailbox: boolean;
  /** Why no ticket may come of it (a loop, our own mail). */
  readonly ignored?: string;
  /** Why it cannot be read; it is set aside with this reason. */
  readonly unreadable?: string;
  /** Reading it has ended the engine: it is not tried again at the next run already. */
  readonly perilous?: boolean;
  readonly attachments: readonly MailAttachment[];
}

/** What became of a message. */
export type MailOutcome =
  | { readonly outcome: 'created' | 'updated'; readonly ticket: number; readonly action: number }
  | { readonly outcome: 'unchanged'; readonly reason: string }
  | { readonly outcome: 'rejected'; readonly reason: string };

/** How a message stands that was seen before: dealt with, set aside for good, or until it is tried again. */
export type HandledState = 'handled' | 'set-aside' | 'waiting';

/** The place in Halo where the mail of one mailbox becomes tickets and actions. */
export interface MailDesk {
  /** How each of these messages stands, in order; undefined for new ones and those set aside that are to be tried again. */
  handled(mails: readonly MailKey[]): Promise<readonly (HandledState | undefined)[]>;
  /**
   * Writes messages, oldest first, in one transaction: tickets, actions, attachments and the record that they were handled.
   * Where one makes it fail, each is written alone and the faulty one set aside with its reason.
   */
  write(mails: readonly IncomingMail[], options?: { readonly whatIf?: boolean }): Promise<readonly MailOutcome[]>;
  /** Notes that messages of the batch just written or looked at have left the mailbox. */
  removed(mails: readonly MailKey[]): Promise<void>;
  /** Keeps where the next listing of the mailbox starts. */
  keepPosition(position: MailPosition): Promise<void>;
}

/** Where a listing ended. */
export interface MailPosition {
  /** The provider's delta link. */
  readonly link: string;
  /** Address of the folder that was listed; a link of another folder is of no use. */
  readonly of: string;
}
