/** A message on the server. */
export interface StoredMessage {
  readonly uid: number;
  readonly source: Buffer;
  readonly internalDate: Date;
  readonly flags: Set<string>;
}

/** A folder with its messages in the order of their UIDs. */
export class ImapFolder {
  readonly path: string;
  readonly attributes: readonly string[];
  uidValidity = 1700000001;
  uidNext = 1;
  messages: StoredMessage[] = [];

  constructor(path: string, attributes: readonly string[] = []) {
    this.path = path;
    this.attributes = attributes;
  }

  /** Puts a message at the end and answers its UID. */
  add(source: Buffer | string, internalDate = new Date(), flags: readonly string[] = []): number {
    const uid = this.uidNext++;
    this.messages.push({ uid, source: Buffer.from(source), internalDate, flags: new Set(flags) });
    return uid;
  }

  /** Takes messages out and answers their sequence numbers, highest first, as EXPUNGE names them. */
  remove(uids: ReadonlySet<number>): number[] {
    const gone = this.messages.flatMap((message, at) => (uids.has(message.uid) ? [at + 1] : []));
    this.messages = this.messages.filter((message) => !uids.has(message.uid));
    return gone.toReversed();
  }

  /** The messages a set such as `1:3,7,9:*` names, by UID or by sequence number. */
  select(set: string, byUid: boolean): StoredMessage[] {
    const highest = byUid ? (this.messages.at(-1)?.uid ?? 0) : this.messages.length;
    const number = (text: string): number => (text === '*' ? highest : Number(text));
    const ranges = set.split(',').map((part) => {
      const [from = '', to = from] = part.split(':');
      return [Math.min(number(from), number(to)), Math.max(number(from), number(to))] as const;
    });
    return this.messages.filter((message, at) => {
      const value = byUid ? message.uid : at + 1;
      return ranges.some(([from, to]) => value >= from && value <= to);
    });
  }

  /** Sequence number of a message. */
  sequence(message: StoredMessage): number {
    return this.messages.indexOf(message) + 1;
  }
}
