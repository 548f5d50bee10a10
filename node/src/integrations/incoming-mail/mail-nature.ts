import type { Automatic } from '../../halo-api/mail/incoming-mail.ts';

/** Header values of a message, in lower case names; a header that stands several times is several values. */
export type MailHeaders = ReadonlyMap<string, readonly string[]>;

/** What tells a program's mail from a person's. */
export interface NatureFacts {
  readonly headers: MailHeaders;
  readonly from: string;
  readonly subject: string;
  readonly answersSomething: boolean;
  /** Whether the message is a report of a mail system (multipart/report). */
  readonly isReport: boolean;
}

/** Stations a message passes; more than this is a message that goes in circles. */
const mostStations = 50;
/** How mail programs begin the subject of an answer of theirs. Only whole phrases: people write about such mails too. */
const automaticSubjects = [
  /^auto(matic|mated)?[- ]?(reply|response)\s*:/i,
  /^(automatische antwort|réponse automatique|respuesta automática|risposta automatica|resposta automática)\s*:/i,
  /^out of (the )?office( (auto)?reply)?\s*:/i,
  /^(abwesenheitsnotiz|abwesend)\s*:/i,
  /^(undeliverable|unzustellbar|non remis|returned mail)\s*:/i,
  /^(mail delivery failed|undelivered mail returned to sender|failure notice)\b/i,
  /^delivery status notification \(/i,
];

/** Whether a program wrote it: an automatic reply (RFC 3834, its older relatives, bounces), or news of its own. */
export function automaticOf(facts: NatureFacts): Automatic {
  const { headers } = facts;
  const first = (name: string): string => (headers.get(name)?.[0] ?? '').trim().toLowerCase();
  // Parameters and comments may follow: "auto-replied (vacation)".
  const submitted = /^[^;(\s]*/.exec(first('auto-submitted'))?.[0] ?? '';
  const precedence = first('precedence');
  if (submitted === 'auto-replied' || precedence === 'auto_reply') return 'reply';
  if (['x-autoreply', 'x-autorespond', 'x-autoresponder'].some((name) => headers.has(name) && first(name) !== 'no'))
    return 'reply';
  if (facts.isReport || first('return-path') === '<>' || facts.from.startsWith('mailer-daemon@')) return 'reply';
  if (automaticSubjects.some((pattern) => pattern.test(facts.subject))) return 'reply';
  const byProgram = submitted !== '' && submitted !== 'no';
  if (byProgram && facts.answersSomething) return 'reply';
  if (byProgram) return 'generated';
  return ['bulk', 'junk'].includes(precedence) ? 'bulk' : 'no';
}

/** Why no ticket may come of it whoever sent it; undefined for an ordinary message. */
export function ignoredBecause(
  facts: Pick<NatureFacts, 'headers' | 'from'>,
  own: { readonly this: ReadonlySet<string>; readonly all: ReadonlySet<string> },
): string | undefined {
  if (own.this.has(facts.from)) return `It comes from ${facts.from}, which is this mailbox itself.`;
  const looped = (facts.headers.get('x-loop') ?? []).some((value) => own.all.has(value.trim().toLowerCase()));
  if (looped) return 'It has been through a mailbox of this Halo before (X-Loop).';
  const stations = facts.headers.get('received')?.length ?? 0;
  return stations > mostStations ? `It has passed ${stations} mail servers and goes in circles.` : undefined;
}
