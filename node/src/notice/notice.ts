/** What is told to people, in words; each receiver gives it a form of its own. */
export interface Notice {
  /** One line. */
  readonly subject: string;
  /** A paragraph each. */
  readonly lines: readonly string[];
}

/** Takes notices. Throws NoticeNotSentError, or SecretUnavailableError where its secret cannot be opened. */
export interface Receiver {
  /** Its name in the settings, also of its file in the state folder. */
  readonly name: 'Email' | 'Webhook';
  send(notice: Notice, signal?: AbortSignal): Promise<void>;
  /** Whether it could be sent to, as far as that can be told without sending; what was found, for a person. */
  probe(signal?: AbortSignal): Promise<string>;
}

/** How long a receiver may keep a run waiting, in milliseconds. */
export const patience = 30_000;

/** Characters of a line, and lines of a notice: Teams takes 28 KB, Slack 40,000 characters. */
export const bounds = { line: 500, lines: 25 };
