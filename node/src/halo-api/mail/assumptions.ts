/** What the mail desk does with a sender whom Halo does not know. */
export type UnmatchedPolicy = 'default-user' | 'create-user' | 'ignore';

/**
 * Codes and words Halo does not publish. Each is set right by a setting of the integration; docs/integrations/incoming-mail.md
 * gives the evidence.
 */
export interface MailAssumptions {
  /** ACTIONS.Actoutcome of a ticket's first action and of a reply. */
  readonly firstOutcome: string;
  readonly replyOutcome: string;
  /** ACTIONS.EmailDirection of a mail that came in. */
  readonly inwards: string;
  /** ATTACHMENT.atType of a ticket's file; its atUniqueID is the ticket. */
  readonly attachmentType: number;
  /** FAULTS.FRequestSource of a ticket that came by mail. */
  readonly requestSource: number;
  /** ACTIONS.ActionCode of an action that costs nothing: the charge rate's code (LOOKUP 17) less one. */
  readonly noCharge: number;
  /** IncomingEmail.IEStatus of a message that was dealt with. */
  readonly incomingEmailStatus: number;
  /** MAILBOX.MBUnmatchedUsers → what is meant. */
  readonly unmatched: ReadonlyMap<number, UnmatchedPolicy>;
  /** TSTATUS.Tstatus of a closed ticket. */
  readonly closedStatus: number;
  /** UNAME.Unum that stands for nobody. */
  readonly unassignedAgent: number;
  /** How long after each attempt a message that was set aside is tried again, in milliseconds. */
  readonly retryWaits: readonly number[];
  /** Try messages again that were set aside for good. */
  readonly retryAll: boolean;
  /** New tickets of one sender with one subject within an hour, above which it counts as a loop. */
  readonly loopLimit: number;
  /** The same with any subjects, in one mailbox. */
  readonly senderLimit: number;
  /** Bytes of one attachment; Halo's own limit counts too where it is lower. */
  readonly attachmentLimit: number;
  /** Endings of files that are not kept, in lower case without the dot. */
  readonly blockedExtensions: ReadonlySet<string>;
}

/** The tag around a ticket number in a subject where Halo's CONTROL row says nothing. */
export const assumedSubjectTag = { start: '[ID:', end: ']' } as const;

/** What is assumed where the settings say nothing. */
export const defaultMailAssumptions: MailAssumptions = {
  firstOutcome: 'First User Email',
  replyOutcome: 'Email Updated',
  inwards: 'I',
  attachmentType: 0,
  requestSource: 0,
  noCharge: -1,
  incomingEmailStatus: 0,
  unmatched: new Map([
    [0, 'default-user'],
    [1, 'create-user'],
    [2, 'ignore'],
  ]),
  closedStatus: 9,
  unassignedAgent: 1,
  retryWaits: [0, 3_600_000, 86_400_000],
  retryAll: false,
  loopLimit: 20,
  senderLimit: 250,
  attachmentLimit: 25 * 1024 * 1024,
  blockedExtensions: new Set(),
};
