import { headersOf } from '../imap/imap-format.ts';

/** A message of the mailbox. */
export interface GraphMail {
  readonly id: string;
  readonly source: Buffer;
  /** What is given in its place. */
  readonly given?: Buffer;
  readonly received: Date;
  readonly conversationId: string;
  folder: string;
  isRead: boolean;
  readonly isDraft: boolean;
}

interface Change {
  readonly id: string;
  readonly folder: string;
  readonly removed: boolean;
  /** Names of what changed; undefined for a message that is new in the folder. */
  readonly fields?: readonly string[];
}

/** A mailbox with the journal that delta queries are answered from. */
export class GraphMailbox {
  readonly folders = new Map([
    ['inbox', 'Inbox'],
    ['deleteditems', 'Deleted Items'],
    ['recoverableitemsdeletions', 'Deletions'],
  ]);
  readonly messages = new Map<string, GraphMail>();
  readonly journal: Change[] = [];
  #made = 0;

  /** Puts a message into a folder and answers its id. */
  add(
    source: Buffer,
    options: { received?: Date; conversationId?: string; folder?: string; isDraft?: boolean } = {},
  ): string {
    const id = `AAMk-immutable-${++this.#made}`;
    const { received = new Date('2026-11-20T09:31:00Z'), conversationId = `conversation-${this.#made}` } = options;
    const folder = options.folder ?? 'inbox';
    this.messages.set(id, {
      id,
      source,
      received,
      conversationId,
      folder,
      isRead: false,
      isDraft: options.isDraft === true,
    });
    this.journal.push({ id, folder, removed: false });
    return id;
  }

  /** Moves a message; its id stays, as immutable ids do. */
  move(id: string, folder: string): GraphMail | undefined {
    const message = this.messages.get(id);
    if (!message) return undefined;
    this.journal.push({ id, folder: message.folder, removed: true }, { id, folder, removed: false });
    message.folder = folder;
    return message;
  }

  /** Marks a message read or unread. */
  mark(id: string, isRead: boolean): GraphMail | undefined {
    const message = this.messages.get(id);
    if (!message) return undefined;
    message.isRead = isRead;
    this.journal.push({ id, folder: message.folder, removed: false, fields: ['isRead'] });
    return message;
  }

  inFolder(folder: string): GraphMail[] {
    return [...this.messages.values()].filter((message) => message.folder === folder);
  }

  /** What changed in a folder since a place in the journal, newest first, as Graph gives it. */
  changes(folder: string, since: number, select: readonly string[], createdOnly: boolean): Record<string, unknown>[] {
    const last = new Map<string, Change>();
    for (const change of this.journal.slice(since)) {
      if (change.folder !== folder || (createdOnly && change.fields)) continue;
      const before = last.get(change.id);
      // A message that came and was read since comes whole.
      last.set(change.id, before && !before.removed && !before.fields && change.fields ? before : change);
    }
    const entries = [...last.values()].toReversed();
    return entries.flatMap((change): Record<string, unknown>[] => {
      if (change.removed)
        return since === 0 || createdOnly ? [] : [{ '@removed': { reason: 'deleted' }, id: change.id }];
      const message = this.messages.get(change.id);
      return message ? [describe(message, change.fields ?? select)] : [];
    });
  }
}

/** A message as Graph writes it, as far as it is asked for. */
export function describe(message: GraphMail, select: readonly string[]): Record<string, unknown> {
  const headers = headersOf(message.source);
  const address = (header = ''): unknown => ({
    emailAddress: { address: /[^\s<>]+@[^\s<>]+/.exec(header)?.[0] ?? '', name: '' },
  });
  const whole: Record<string, unknown> = {
    internetMessageId: headers.get('message-id') ?? `<exchange-made-${message.id}@graph.example>`,
    conversationId: message.conversationId,
    receivedDateTime: message.received.toISOString().replace(/\.\d+Z/, 'Z'),
    sentDateTime: new Date(headers.get('date') ?? message.received).toISOString().replace(/\.\d+Z/, 'Z'),
    subject: headers.get('subject') ?? '',
    from: address(headers.get('from')),
    sender: address(headers.get('from')),
    hasAttachments: /attachment/.test(message.source.toString('latin1')),
    isDraft: message.isDraft,
    isRead: message.isRead,
  };
  const wanted = select.length === 0 ? Object.keys(whole) : select.filter((name) => name in whole);
  return { '@odata.etag': 'W/"1"', id: message.id, ...Object.fromEntries(wanted.map((name) => [name, whole[name]])) };
}
