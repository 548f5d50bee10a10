import type { IncomingMail, MailDesk, MailOutcome } from '../../halo-api/mail/incoming-mail.ts';
import type { MailReader } from './mail-reader.ts';
import type { MailRef, MailSource } from './mail-source.ts';
import type { MailboxSettlement } from './mailbox-settlement.ts';

/** Bytes of messages held and written in one transaction; a larger message goes alone. */
const chunkBytes = 16 * 1024 * 1024;

/** What the messages of a page are written with. */
export interface MessageWriting {
  readonly desk: MailDesk;
  readonly source: MailSource;
  readonly reader: MailReader;
  readonly settlement: MailboxSettlement;
  readonly whatIf: boolean;
}

/** Fetches, reads and writes those messages that were not dealt with before, and answers what became of each that was written. */
export async function writeMessages(
  refs: readonly MailRef[],
  writing: MessageWriting,
): Promise<ReadonlyMap<MailRef, MailOutcome>> {
  const { source, reader, settlement } = writing;
  const chunk = createChunk(writing);
  const fresh: MailRef[] = [];
  for (const ref of await newOnes(refs, writing)) {
    const mail = reader.unread(ref);
    if (mail) chunk.add(ref, mail, 0);
    else fresh.push(ref);
  }
  for await (const content of source.contents(fresh)) {
    const mail = await reader.read(content);
    if (mail) chunk.add(content.ref, mail, content.source?.byteLength ?? 0);
    else settlement.stays(content.ref, true);
    if (chunk.bytes >= chunkBytes) await chunk.write();
  }
  await chunk.write();
  return chunk.outcomes;
}

/** Messages the desk does not know yet. Those set aside stay where they are; those whose time comes later are seen again. */
async function newOnes(refs: readonly MailRef[], { desk, settlement }: MessageWriting): Promise<readonly MailRef[]> {
  const states = await desk.handled(refs);
  return refs.filter((ref, at) => {
    const state = states[at];
    if (state === 'set-aside' || state === 'waiting') settlement.stays(ref, state === 'waiting');
    return state === undefined;
  });
}

interface Chunk {
  readonly bytes: number;
  readonly outcomes: ReadonlyMap<MailRef, MailOutcome>;
  add(ref: MailRef, mail: IncomingMail, bytes: number): void;
  write(): Promise<void>;
}

/** Messages that are written together. */
function createChunk({ desk, reader, settlement, whatIf }: MessageWriting): Chunk {
  const outcomes = new Map<MailRef, MailOutcome>();
  let held: { readonly ref: MailRef; readonly mail: IncomingMail }[] = [];
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    outcomes,
    add(ref, mail, size) {
      held.push({ ref, mail });
      bytes += size;
    },
    async write() {
      const written = held;
      held = [];
      bytes = 0;
      if (written.length === 0) return;
      const answers = await desk.write(
        written.map(({ mail }) => mail),
        { whatIf },
      );
      written.forEach(({ ref }, at) => {
        const answer = answers[at];
        if (answer) outcomes.set(ref, answer);
        if (answer?.outcome === 'rejected') settlement.stays(ref, true);
      });
      if (!whatIf) await reader.written(written.map(({ ref }) => ref));
    },
  };
}
