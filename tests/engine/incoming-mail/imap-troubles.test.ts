import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { compose } from '../../sandbox/mail/compose.ts';
import { mailInstance, type MailInstance } from './mail-instance.ts';

type Fault = (socket: Socket, line: string) => boolean;

const isListing = (line: string): boolean => line.includes('ENVELOPE');

/** Whether a command asks for a message. */
function names(line: string, uid: number): boolean {
  const set = /FETCH ([\d:,]+)/.exec(line)?.[1] ?? '';
  return set.split(',').some((part) => {
    const [first = 0, last = first] = part.split(':').map(Number);
    return uid >= first && uid <= last;
  });
}

/** Answers a command that asks for the second message so, where it is a listing or asks for bodies. */
const atTheSecond =
  (listing: boolean, answer: (socket: Socket, tag: string) => void): Fault =>
  (socket, line) => {
    if (isListing(line) !== listing || !names(line, 2)) return false;
    answer(socket, line.split(' ')[0] ?? '');
    return true;
  };

const refuses = (socket: Socket, tag: string): void =>
  void socket.write(`${tag} NO [SERVERBUG] message 2 cannot be read\r\n`);

const saysBye = (socket: Socket): void => void socket.end('* BYE Internal error at message 2\r\n');

/** The server's answers, with lines it sends of its own accord in front of the end of the command. */
const tells =
  (listing: boolean, ...lines: readonly string[]): Fault =>
  (socket, line) => {
    if (isListing(line) !== listing) return false;
    const write = socket.write.bind(socket) as (chunk: unknown) => boolean;
    socket.write = ((chunk: unknown) => {
      if (String(chunk).startsWith(`${line.split(' ')[0]} OK`)) {
        socket.write = write as typeof socket.write;
        for (const one of lines) write(`${one}\r\n`);
      }
      return write(chunk);
    }) as typeof socket.write;
    return false;
  };

/** Changes the server's line of the second message. */
const atItsLine =
  (change: (line: string) => string): Fault =>
  (socket, line) => {
    const write = socket.write.bind(socket) as (chunk: unknown) => boolean;
    socket.write = ((chunk: unknown) => {
      const text = String(chunk);
      if (text.startsWith(`${line.split(' ')[0]} OK`)) socket.write = write as typeof socket.write;
      return text.startsWith('* 2 FETCH') ? write(change(text)) : write(chunk);
    }) as typeof socket.write;
    return false;
  };

async function withThree(): Promise<MailInstance> {
  const instance = await mailInstance();
  for (const subject of ['one', 'two', 'three']) instance.imap.inbox.add(compose({ subject }));
  return instance;
}

const subjects = async (instance: MailInstance): Promise<unknown[]> =>
  (await instance.tickets()).map((row) => row.Symptom);

describe('What a mail server says of its own accord', () => {
  it.each([
    ['flags, while messages are listed', tells(true, '* 2 FETCH (UID 2 FLAGS (\\Seen))')],
    ['flags without a UID', tells(true, '* 2 FETCH (FLAGS (\\Seen))')],
    ['flags of a message nobody asked for', tells(true, '* 9 FETCH (UID 9 FLAGS (\\Seen))')],
    ['flags, while bodies are fetched', tells(false, '* 2 FETCH (UID 2 FLAGS (\\Seen))', '* 1 FETCH (FLAGS ())')],
    ['that there are more messages', tells(true, '* 4 EXISTS', '* 0 RECENT')],
    ['that there are fewer', tells(true, '* 2 EXISTS')],
    ['that another is gone', tells(false, '* 9 EXPUNGE', '* VANISHED 77')],
    ['warnings', tells(true, '* NO disk nearly full', '* BAD odd', '* OK [ALERT] maintenance at nine')],
    ['news of the folder', tells(true, '* OK [HIGHESTMODSEQ 715194045007] x', '* FLAGS (\\Seen $Junk)', '* SEARCH')],
    ['a number for its changes', tells(true, '* 2 FETCH (UID 2 MODSEQ (624140003) FLAGS (\\Seen))')],
    ['what nobody knows', tells(false, '* XFOO bar {3}\r\nabc', '', 'ZZ99 OK odd')],
    ['messages twice', atItsLine((line) => `* 2 FETCH (FLAGS (\\Seen) UID 2)\r\n${line}`)],
  ])('is no message: %s', async (_what, fault) => {
    await using instance = await withThree();
    instance.imap.faults.set('FETCH', fault);
    expect((await instance.sync()).results[0]).toMatchObject({ read: 3, created: 3, rejected: 0 });
    expect(await subjects(instance)).toEqual(['one', 'two', 'three']);
    expect(instance.imap.inbox.messages).toEqual([]);
  });
});

describe('A message that the server cannot give', () => {
  it.each([
    ['refused with its content', atTheSecond(false, refuses), '[SERVERBUG] message 2 cannot be read'],
    ['refused with its envelope', atTheSecond(true, refuses), '[SERVERBUG] message 2 cannot be read'],
    ['answered by BYE', atTheSecond(false, saysBye), 'Internal error at message 2'],
    ['answered by BYE at its envelope', atTheSecond(true, saysBye), 'Internal error at message 2'],
    [
      'given empty',
      atTheSecond(false, (socket, tag) => socket.write(`* 2 FETCH (UID 2 BODY[] "")\r\n${tag} OK done\r\n`)),
      'the server gives nothing of it',
    ],
    [
      'given as nothing',
      atTheSecond(false, (socket, tag) => socket.write(`* 2 FETCH (UID 2 BODY[] NIL)\r\n${tag} OK done\r\n`)),
      'the server gives nothing of it',
    ],
  ])('is set aside with the server’s words, and the rest goes on: %s', async (_what, fault, words) => {
    await using instance = await withThree();
    instance.imap.faults.set('FETCH', fault);
    const { results } = await instance.sync();
    expect(results[0]).toMatchObject({ status: 'succeeded-with-rejections', read: 3, created: 2, rejected: 1 });
    expect(results[0]?.rejections[0]?.reason).toContain(words);
    expect(await subjects(instance)).toEqual(['one', 'three']);
    expect(instance.imap.inbox.messages).toHaveLength(1);
    expect((await instance.sync()).results[0]).toMatchObject({ read: 1, created: 0, rejected: 1 });
    instance.imap.faults.clear();
    await instance.change({ RetrySetAside: true });
    expect((await instance.sync()).results[0]).toMatchObject({ created: 1, rejected: 0 });
    expect(await subjects(instance)).toEqual(['one', 'three', 'two']);
    expect(instance.imap.inbox.messages).toEqual([]);
  });

  it.each([
    ['a line that cannot be taken apart', (line: string) => line.replace(/ENVELOPE \(/, 'ENVELOPE ("x')],
    ['no line at all', () => ''],
    ['a line of another message', (line: string) => line.replace('UID 2', 'UID 22')],
  ])('is set aside where the server lists it and then gives %s', async (_what, change) => {
    await using instance = await withThree();
    instance.imap.faults.set('FETCH', atItsLine(change));
    const { results } = await instance.sync();
    expect(results[0]).toMatchObject({ read: 3, created: 2, rejected: 1 });
    expect(results[0]?.rejections[0]?.reason).toContain('the server gives nothing of it');
    expect(await subjects(instance)).toEqual(['one', 'three']);
  });

  it('is asked for by itself where the server miscounts its bytes, and runs two messages into one', async () => {
    await using instance = await withThree();
    const together: string[] = [];
    instance.imap.faults.set('FETCH', (socket, line) => {
      if (isListing(line) || !/FETCH \d+[,:]/.test(line)) return false;
      together.push(line);
      return atItsLine((text) => text.replace(/\{(\d+)\}/, (_all, size: string) => `{${Number(size) + 20}}`))(
        socket,
        line,
      );
    });
    expect((await instance.sync()).results[0]).toMatchObject({ created: 3, rejected: 0 });
    expect(together).toHaveLength(1);
    expect(await subjects(instance)).toEqual(['one', 'two', 'three']);
  });

  it('is taken in where the server lists it by another id than it has', async () => {
    await using instance = await withThree();
    instance.imap.faults.set(
      'FETCH',
      atItsLine((line) => line.replace(/<composed-\d+@/, '<other@')),
    );
    expect((await instance.sync()).results[0]).toMatchObject({ created: 3, rejected: 0 });
  });

  it('is no trouble where it was deleted since it was listed', async () => {
    await using instance = await withThree();
    instance.imap.faults.set('FETCH', (_socket, line) => {
      if (!isListing(line)) instance.imap.inbox.remove(new Set([2]));
      return false;
    });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', created: 2, rejected: 0 });
  });

  it.each(['99-Foo-2026 25:00:00 +0000', '01-Jan-1601 00:00:00 +0000', '01-Jan-20000 00:00:00 +0000'])(
    'is one that came when it was written where the server says it came on %s',
    async (date) => {
      await using instance = await withThree();
      instance.imap.faults.set(
        'FETCH',
        atItsLine((line) => line.replace(/INTERNALDATE "[^"]*"/, `INTERNALDATE "${date}"`)),
      );
      expect((await instance.sync()).results[0]).toMatchObject({ created: 3, rejected: 0 });
      const [, two] = await instance.tickets();
      expect(two?.dateoccured).toEqual(new Date('2026-11-20T09:30:00Z'));
    },
  );

  it.each([
    ['nothing', 'MailRefused', (socket: Socket, line: string) => socket.write(`${line.split(' ')[0]} OK done\r\n`)],
    ['up the connection', 'MailUnreachable', (socket: Socket) => socket.destroy()],
  ])('is the mailbox’s own trouble where the server gives %s for all of them', async (_what, code, answer) => {
    await using instance = await withThree();
    instance.imap.faults.set('FETCH', (socket, line) => {
      answer(socket, line);
      return true;
    });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'failed', created: 0, error: { code } });
    expect(await instance.database.count('IncomingEmail')).toBe(0);
  });

  it('is the mailbox’s own trouble where the server gives none at all', async () => {
    await using instance = await withThree();
    instance.imap.faults.set('FETCH', (socket, line) => {
      if (isListing(line)) return false;
      socket.write(`${line.split(' ')[0]} NO [LIMIT] too much was fetched today\r\n`);
      return true;
    });
    expect((await instance.sync()).results[0]).toMatchObject({
      status: 'failed',
      error: { code: 'MailRefused', message: expect.stringContaining('[LIMIT] too much was fetched today') },
    });
    expect(await instance.database.count('IncomingEmail')).toBe(0);
    instance.imap.faults.clear();
    expect((await instance.sync()).results[0]).toMatchObject({ created: 3, rejected: 0 });
  });
});

describe('A command the server refuses', () => {
  it.each(['NO [UNAVAILABLE] try later', 'BAD [LIMIT] no'])('is a failure at the search: %s', async (answer) => {
    await using instance = await withThree();
    instance.imap.faults.set('SEARCH', (socket, line) => {
      socket.write(`${line.split(' ')[0]} ${answer}\r\n`);
      return true;
    });
    const { exitCode, results } = await instance.sync();
    expect(exitCode).toBe(5);
    expect(results[0]).toMatchObject({ status: 'failed', error: { code: 'MailRefused', retryable: true } });
    expect(results[0]?.error?.message).toContain(answer.replace(/^\w+ /, ''));
    const [row] = await instance.database.read({ from: 'MAILBOX', columns: ['MBHaloIntegratorLastError'] });
    expect(row?.MBHaloIntegratorLastError).toContain('refuses');
  });

  it.each([
    ['MOVE', 'MOVE'],
    ['COPY', ''],
    ['STORE', ''],
  ])('is told in its words at %s, and all mail is taken in', async (verb, extensions) => {
    await using instance = await mailInstance();
    instance.imap.extensions = extensions;
    for (let number = 1; number <= 120; number++) instance.imap.inbox.add(compose({ subject: `mail ${number}` }));
    instance.imap.faults.set(verb, (socket, line) => {
      socket.write(`${line.split(' ')[0]} NO [OVERQUOTA] Quota exceeded\r\n`);
      return true;
    });
    const { results } = await instance.sync();
    expect(results[0]).toMatchObject({ status: 'failed', created: 120, error: { code: 'MailRefused' } });
    expect(results[0]?.error?.message).toContain('[OVERQUOTA] Quota exceeded');
    instance.imap.faults.clear();
    expect((await instance.sync()).results[0]).toMatchObject({ created: 0, unchanged: 120, status: 'succeeded' });
    expect(instance.imap.inbox.messages).toEqual([]);
  });

  it('is told as a missing folder where it is that', async () => {
    await using instance = await mailInstance({ mailbox: { MBDeletedItemsFolder: 'No such' } });
    instance.imap.inbox.add(compose({ subject: 'one' }));
    instance.imap.faults.set('CREATE', (socket, line) => socket.write(`${line.split(' ')[0]} NO no\r\n`));
    expect((await instance.sync()).results[0]).toMatchObject({ created: 1, error: { code: 'MailFolder' } });
  });
});
