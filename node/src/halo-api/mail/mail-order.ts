import type { IncomingMail } from './incoming-mail.ts';

/** A message for putting it in order: its own id, and those it answers, the nearest first. */
interface Answering {
  readonly id: string;
  readonly answers: readonly string[];
}

/**
 * Items in their order, except that one which answers another of them comes behind it, as a question that was held up on its way
 * arrives behind its answer. Ids are compared without case.
 */
export function behindWhatTheyAnswer<T>(items: readonly T[], of: (item: T) => Answering): readonly T[] {
  const about = new Map(items.map((item) => [item, of(item)]));
  const byId = new Map<string, T>();
  for (const [item, { id }] of about) if (id !== '' && !byId.has(id.toLowerCase())) byId.set(id.toLowerCase(), item);
  const placed = new Set<T>();
  const answeredBy = (item: T): T | undefined => {
    const answered = about.get(item)?.answers.find((id) => byId.has(id.toLowerCase()));
    return answered === undefined ? undefined : byId.get(answered.toLowerCase());
  };
  for (const item of items) {
    const waiting = new Set<T>();
    // A chain that leads in a circle ends where it comes back.
    for (let next: T | undefined = item; next !== undefined && !placed.has(next) && !waiting.has(next);) {
      waiting.add(next);
      next = answeredBy(next);
    }
    for (const one of [...waiting].toReversed()) placed.add(one);
  }
  return [...placed];
}

/** Messages of a batch, each behind the one it answers. */
export function questionsFirst(mails: readonly IncomingMail[]): readonly IncomingMail[] {
  return behindWhatTheyAnswer(mails, ({ messageId, references }) => ({ id: messageId, answers: references }));
}
