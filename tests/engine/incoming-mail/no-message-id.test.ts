import { describe, expect, it } from '@jest/globals';
import { compose } from '../../sandbox/mail/compose.ts';
import { mailInstance, type MailInstance, type MailInstanceOptions } from './mail-instance.ts';

const received = new Date('2026-11-20T09:31:00Z');
const leave: MailInstanceOptions = { mailbox: { MBIMAPLeaveMailInInbox: true } };

/** What a device sends without an id: alike in sender, subject, second and size. */
const alarm = (words: string): Buffer => compose({ subject: 'Alarm', messageId: null, text: `Door ${words} opened.` });

const texts = async (instance: MailInstance): Promise<unknown[]> =>
  (await instance.tickets()).map((row) => /Door (\w+)/.exec(String(row.symptom2))?.[1]);

const result = async (instance: MailInstance) => (await instance.sync()).results[0];

/** Bodies that the engine asks for in one run. */
async function bodies(instance: MailInstance): Promise<{ readonly count: number; readonly result: unknown }> {
  let count = 0;
  instance.imap.faults.set('FETCH', (_socket, line) => {
    if (line.includes('BODY.PEEK[]')) count++;
    return false;
  });
  const outcome = await result(instance);
  instance.imap.faults.clear();
  return { count, result: outcome };
}

describe('Messages without a Message-ID that say the same of themselves', () => {
  it('are different ones where their bytes are: side by side, and one after the other', async () => {
    await using instance = await mailInstance();
    const { inbox } = instance.imap;
    for (const words of ['1', '2']) inbox.add(alarm(words), received);
    expect(await result(instance)).toMatchObject({ created: 2, unchanged: 0, rejected: 0 });
    inbox.add(alarm('3'), received);
    expect(await result(instance)).toMatchObject({ created: 1, unchanged: 0 });
    expect(await texts(instance)).toEqual(['1', '2', '3']);
    expect(inbox.messages).toEqual([]);
  });

  it('are different ones where they are left in the inbox, and known again without being read', async () => {
    await using instance = await mailInstance(leave);
    for (const words of ['1', '2']) instance.imap.inbox.add(alarm(words), received);
    expect(await result(instance)).toMatchObject({ created: 2 });
    expect(await bodies(instance)).toMatchObject({ count: 0, result: { created: 0, unchanged: 2 } });
    instance.imap.inbox.add(alarm('3'), received);
    expect(await bodies(instance)).toMatchObject({ count: 1, result: { created: 1, unchanged: 2 } });
    expect(await texts(instance)).toEqual(['1', '2', '3']);
  });

  it('are different ones where one of them cannot be had at first', async () => {
    await using instance = await mailInstance();
    for (const words of ['1', '2']) instance.imap.inbox.add(alarm(words), received);
    instance.imap.faults.set('FETCH', (socket, line) => {
      if (line.includes('ENVELOPE') || !/FETCH (1[:,])?2 /.test(line)) return false;
      socket.write(`${line.split(' ')[0]} NO [SERVERBUG] no\r\n`);
      return true;
    });
    expect(await result(instance)).toMatchObject({ created: 1, rejected: 1 });
    instance.imap.faults.clear();
    expect(await result(instance)).toMatchObject({ created: 1, rejected: 0 });
    expect(await texts(instance)).toEqual(['1', '2']);
    expect(await instance.database.count('IncomingEmail')).toBe(2);
    expect(instance.imap.inbox.messages).toEqual([]);
  });
});

describe('A message without a Message-ID', () => {
  it('makes no ticket twice where the run ended between the commit and the move', async () => {
    await using instance = await mailInstance();
    for (const words of ['1', '2', '3']) instance.imap.inbox.add(alarm(words), received);
    instance.imap.faults.set('MOVE', (socket) => {
      socket.destroy();
      return true;
    });
    expect(await result(instance)).toMatchObject({ status: 'failed' });
    instance.imap.faults.clear();
    instance.imap.inbox.add(alarm('4'), received);
    expect(await bodies(instance)).toMatchObject({ count: 1, result: { created: 1, unchanged: 3 } });
    expect(await texts(instance)).toEqual(['1', '2', '3', '4']);
    expect(instance.imap.inbox.messages).toEqual([]);
    const rows = await instance.database.read({ from: 'IncomingEmail', columns: ['IERemovedFromMailbox'] });
    expect(rows.map((row) => row.IERemovedFromMailbox)).toEqual([true, true, true, true]);
  });

  it('makes no ticket twice where somebody moves it back, or it comes twice', async () => {
    await using instance = await mailInstance();
    const { inbox } = instance.imap;
    for (const words of ['1', '1', '2']) inbox.add(alarm(words), received);
    expect(await result(instance)).toMatchObject({ created: 2, unchanged: 1 });
    for (const words of ['2', '1', '3']) inbox.add(alarm(words), received);
    expect(await result(instance)).toMatchObject({ created: 1, unchanged: 2 });
    expect(await texts(instance)).toEqual(['1', '2', '3']);
    expect(inbox.messages).toEqual([]);
  });

  it('makes no ticket twice where the server counts anew, and is read once for that', async () => {
    await using instance = await mailInstance(leave);
    const { inbox } = instance.imap;
    for (const words of ['1', '2']) inbox.add(alarm(words), received);
    expect(await result(instance)).toMatchObject({ created: 2 });
    inbox.messages = [];
    inbox.uidValidity++;
    inbox.uidNext = 1;
    for (const words of ['2', '3', '1']) inbox.add(alarm(words), received);
    expect(await bodies(instance)).toMatchObject({ count: 1, result: { created: 1, unchanged: 2 } });
    expect(await bodies(instance)).toMatchObject({ count: 0, result: { created: 0, unchanged: 3 } });
    expect(await texts(instance)).toEqual(['1', '2', '3']);
  });

  it('makes no ticket twice where neither it nor the server says when it came', async () => {
    await using instance = await mailInstance(leave);
    const undated = compose({ subject: 'Alarm', messageId: null, date: null, text: 'Door 1' });
    instance.imap.inbox.add(undated, received);
    instance.imap.faults.set('FETCH', (socket) => {
      const write = socket.write.bind(socket) as (chunk: unknown) => boolean;
      socket.write = ((chunk: unknown) =>
        write(
          String(chunk).startsWith('* 1 FETCH')
            ? String(chunk).replace(/INTERNALDATE "[^"]*"/, 'INTERNALDATE NIL')
            : chunk,
        )) as typeof socket.write;
      return false;
    });
    for (const expected of [{ created: 1 }, { created: 0, unchanged: 1 }])
      expect(await result(instance)).toMatchObject(expected);
  });

  it('is the one that was noted without its bytes, as it was before', async () => {
    await using instance = await mailInstance(leave);
    instance.imap.inbox.add(alarm('1'), received);
    expect(await result(instance)).toMatchObject({ created: 1 });
    const [ticket] = await instance.tickets();
    await instance.set('IncomingEmail', { IELog: `Ticket ${Number(ticket?.Faultid)}, action 1.` });
    expect(await result(instance)).toMatchObject({ created: 0, unchanged: 1 });
  });
});
