import { describe, expect, it } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import { compose } from '../../sandbox/mail/compose.ts';
import { corpus, pixel } from '../../sandbox/mail/corpus.ts';
import { listedRejections } from '../sync/kept-in-state.ts';
import { mailInstance } from './mail-instance.ts';

const received = new Date('2026-11-20T09:31:00Z');

describe('Messages that are hard to read', () => {
  it('each become one ticket with what can be read of them', async () => {
    await using instance = await mailInstance();
    const all = corpus();
    for (const { source } of all) instance.imap.inbox.add(source, received);
    const report = await instance.sync();
    expect(report.results[0]).toMatchObject({ read: all.length, created: all.length, rejected: 0 });
    const tickets = await instance.tickets();
    const of = (index: string): Row => {
      const at = all.findIndex(({ name }) => name === index);
      return tickets[at] ?? {};
    };
    const files = async (name: string) =>
      (
        (await (await instance.parts()).api.request('GET', `/Attachment?ticket_id=${String(of(name).Faultid)}`)) as {
          attachments: { filename: string; filesize: number }[];
        }
      ).attachments.map((file) => file.filename);

    expect(of('alternative')).toMatchObject({ symptom2: 'plain words', Symptom2HTML: '<p>rich words</p>' });
    expect(String(of('html only').symptom2)).toContain('only rich words');
    expect(String(of('nested deep').symptom2)).toContain('at the bottom');
    expect(await files('forwarded')).toEqual(['forwarded.eml']);
    expect(of('signed').symptom2).toBe('signed words');
    expect(await files('signed')).toEqual(['smime.p7s']);
    expect(of('sealed').symptom2).toBe('words under seal');
    expect(await files('sealed')).toEqual(['sealed.txt']);
    expect(await files('encrypted')).toEqual(['smime.p7m']);
    expect(of('picture').Symptom2HTML).toBe(
      `<p>look: <img src="data:image/png;base64,${pixel.toString('base64')}" alt="a dot" /></p>`,
    );
    expect(await files('picture')).toEqual(['dot.png']);
    expect(String(of('wrong charset').symptom2)).toMatch(/^caf.+ open$/);
    expect(of('unknown charset').symptom2).toBe('still words');
    expect(String(of('japanese').symptom2)).toMatch(/[\u3040-\u9fff]/);
    expect(of('no end boundary').symptom2).toBe('cut off here');
    expect(of('empty')).toMatchObject({ Symptom: 'empty', symptom2: '', username: 'Ben Osei' });
    expect(of('nothing at all')).toMatchObject({ Symptom: '(no subject)', username: 'Unknown' });
    expect(of('nul bytes').symptom2).toBe('beforeafter');
    expect(of('odd addresses')).toMatchObject({ reportedby: 'pat@x.example' });
    expect(of('far future')).toMatchObject({ dateoccured: received });
    expect(String(of('long subject').Symptom).length).toBeLessThanOrEqual(4000);
    expect(String(of('long subject').Symptom).isWellFormed()).toBe(true);
    expect(String(of('long subject').Symptom)).not.toContain('\uFFFD');
    expect(await files('evil file names')).toEqual(['win.ini', 'passwd', 'attachment-3.bin']);
    expect(await files('calendar')).toEqual(['attachment-1.ics']);
    expect(await files('tnef')).toEqual(['a long report name.txt']);
    expect(of('tnef').Symptom2HTML).toBe('<p>hidden <b>words</b></p>');
    const clean = String(of('script').Symptom2HTML);
    expect(clean).toContain('<p>ok</p>');
    expect(clean).not.toMatch(/script|onerror|onload|iframe|form|input|style|object|svg/i);
    expect(instance.imap.inbox.messages).toEqual([]);
  });

  it('keep an attachment of 25 MB, and leave a larger or unwanted one out by name', async () => {
    await using instance = await mailInstance({ settings: { BlockedExtensions: ['exe'] } });
    const size = 25 * 1024 * 1024;
    instance.imap.inbox.add(
      compose({ subject: 'fits', html: '<p>x</p>', files: [{ filename: 'fits.bin', content: Buffer.alloc(size, 1) }] }),
    );
    instance.imap.inbox.add(
      compose({
        subject: 'too large',
        files: [
          { filename: 'large.bin', content: Buffer.alloc(size + 1, 1) },
          { filename: 'tool.EXE', content: 'MZ' },
        ],
      }),
    );
    expect((await instance.sync()).results[0]).toMatchObject({ created: 2, rejected: 0 });
    const files = await instance.database.read({ from: 'ATTACHMENT', columns: ['ATFilename', 'atfilesize', 'ATBlob'] });
    expect(files.map((file) => [file.ATFilename, file.atfilesize])).toEqual([['fits.bin', size]]);
    expect((files[0]?.ATBlob as Uint8Array).byteLength).toBe(size);
    const [, large] = await instance.tickets();
    expect(large?.symptom2).toMatch(/"large\.bin" was not kept: it has 25\.0 MB/);
    expect(large?.symptom2).toMatch(/"tool\.EXE" was not kept/);
    await instance.set('CONTROL3', { RAttachmentLimitMB: 1 });
    instance.imap.inbox.add(
      compose({ subject: 'Halo’s limit', files: [{ filename: 'two.bin', content: Buffer.alloc(2 ** 21) }] }),
    );
    await instance.sync();
    expect(await instance.database.count('ATTACHMENT')).toBe(1);
  });

  it('make 500 replies 500 actions of one ticket, numbered without a gap', async () => {
    await using instance = await mailInstance();
    let last = '<start@thread.example>';
    instance.imap.inbox.add(compose({ subject: 'A long talk', messageId: last }), received);
    for (let number = 1; number <= 500; number++) {
      const messageId = `<reply-${number}@thread.example>`;
      const date = new Date(received.getTime() + number * 60_000);
      instance.imap.inbox.add(compose({ subject: 'Re: A long talk', messageId, inReplyTo: last, date }), date);
      last = messageId;
    }
    expect((await instance.sync()).results[0]).toMatchObject({ created: 1, updated: 500, rejected: 0 });
    const actions = await instance.actions(1);
    expect(actions.map((row) => row.actionnumber)).toEqual(Array.from({ length: 501 }, (_, at) => at + 1));
    expect(await instance.tickets()).toHaveLength(1);
  });

  it('tell messages apart that share an id, and take in once those that came twice', async () => {
    await using instance = await mailInstance();
    const messageId = '<always-the-same@scanner.example>';
    const scan = (minute: number) =>
      compose({ subject: `scan ${minute}`, messageId, date: new Date(Date.UTC(2026, 10, 20, 9, minute)) });
    instance.imap.inbox.add(scan(1), received);
    instance.imap.inbox.add(scan(1), received);
    expect((await instance.sync()).results[0]).toMatchObject({ created: 1, unchanged: 1 });
    instance.imap.inbox.add(scan(1), received);
    expect((await instance.sync()).results[0]).toMatchObject({ created: 0, unchanged: 1 });
    instance.imap.inbox.add(scan(2), new Date(Date.UTC(2026, 10, 20, 9, 40)));
    instance.imap.inbox.add(scan(3), new Date(Date.UTC(2026, 10, 20, 9, 41)));
    expect((await instance.sync()).results[0]).toMatchObject({ created: 2, unchanged: 0 });
    const none = compose({ subject: 'no id', messageId: null });
    instance.imap.inbox.add(none, received);
    instance.imap.inbox.add(none, received);
    expect((await instance.sync()).results[0]).toMatchObject({ created: 1, unchanged: 1 });
  });
});

describe('A message that cannot be written', () => {
  it('is set aside with the reason, stays in the mailbox, and does not keep the others', async () => {
    await using instance = await mailInstance();
    const allow = await instance.refuse('FAULTS', 'Symptom', 'poison');
    for (const subject of ['one', 'poison', 'two', 'three']) instance.imap.inbox.add(compose({ subject }), received);
    const first = await instance.sync();
    expect(first.exitCode).toBe(5);
    expect(first.results[0]).toMatchObject({ created: 3, rejected: 1, status: 'succeeded-with-rejections' });
    expect(first.results[0]?.rejections[0]).toMatchObject({
      record: expect.stringContaining('poison'),
      reason: expect.stringContaining('constraint'),
    });
    expect((await instance.tickets()).map((row) => row.Symptom)).toEqual(['one', 'two', 'three']);
    expect(instance.imap.inbox.messages).toHaveLength(1);
    // Once more at the next run, an hour later, a day later, and not in between.
    const later = async (hours: number) =>
      instance.set('IncomingEmail', { IELastAttemptDate: new Date(Date.now() - hours * 3_600_000) });
    const again = { read: 1, rejected: 1, unchanged: 0 };
    const waits = { read: 1, rejected: 0, unchanged: 1 };
    for (const [hours, expected] of [
      [0, again],
      [0.9, waits],
      [1, again],
      [23, waits],
      [24, again],
      [500, waits],
    ] as const) {
      if (hours > 0) await later(hours);
      expect((await instance.sync()).results[0]).toMatchObject(expected);
    }
    expect(await instance.database.count('IncomingEmail')).toBe(4);
    // It is on the list all the while, also where a run only sees that it waits.
    const [listed, ...others] = (await listedRejections(instance.folder)) ?? [];
    expect(others).toEqual([]);
    expect(listed).toMatchObject({ record: expect.stringContaining('poison'), runs: 4 });

    await allow();
    const rows = await instance.database.read({
      from: 'IncomingEmail',
      columns: ['IEID', 'IESubject'],
      orderBy: [{ column: 'IEID' }],
    });
    const poison = rows.find((row) => row.IESubject === 'poison');
    await instance.set('IncomingEmail', { IERetryRemaining: 3 }, { column: 'IEID', value: Number(poison?.IEID) });
    expect((await instance.sync()).results[0]).toMatchObject({ created: 1, rejected: 0 });
    expect(instance.imap.inbox.messages).toEqual([]);
    expect(await listedRejections(instance.folder)).toBeUndefined();
  });

  it('is set aside unread where it is too large', async () => {
    await using instance = await mailInstance({ settings: { MaxMessageMB: 1 } });
    instance.imap.inbox.add(
      compose({ subject: 'huge', files: [{ filename: 'x', content: Buffer.alloc(2 ** 20) }] }),
      received,
    );
    expect((await instance.sync()).results[0]).toMatchObject({ created: 0, rejected: 1 });
    expect(instance.imap.inbox.messages).toHaveLength(1);
  });

  it('is counted over all batches of a run, and over the runs of an hour', async () => {
    await using instance = await mailInstance({ settings: { LoopLimit: 120 } });
    const add = (from: string, count: number): void => {
      for (let number = 1; number <= count; number++)
        instance.imap.inbox.add(compose({ from, subject: `No. ${number}` }), received);
    };
    add('One <one@x.example>', 70);
    add('Two <two@x.example>', 5);
    add('One <ONE@x.example>', 90);
    expect((await instance.sync()).results[0]).toMatchObject({ created: 125, rejected: 40 });
    add('One <one@x.example>', 1);
    add('Two <two@x.example>', 5);
    expect((await instance.sync()).results[0]).toMatchObject({ created: 5, rejected: 1 });
    await instance.set('FAULTS', { datecreated: new Date(Date.now() - 3_700_000) });
    instance.imap.inbox.add(compose({ from: 'One <one@x.example>', subject: 'later' }), received);
    expect((await instance.sync()).results[0]).toMatchObject({ created: 1, rejected: 0 });
  });

  it('is set aside where one sender opens tickets without end', async () => {
    await using instance = await mailInstance({ settings: { LoopLimit: 3 } });
    for (let at = 0; at < 5; at++) instance.imap.inbox.add(compose({ subject: 'echo' }), received);
    expect((await instance.sync()).results[0]).toMatchObject({ created: 3, rejected: 2 });
    instance.imap.inbox.add(compose({ subject: 'echo' }), received);
    expect((await instance.sync()).results[0]).toMatchObject({ created: 0, rejected: 1, unchanged: 2 });
    // Another subject does not pass it by, another sender does.
    instance.imap.inbox.add(compose({ subject: 'something else' }), received);
    instance.imap.inbox.add(compose({ subject: 'echo', from: 'Otto <otto@elsewhere.example>' }), received);
    expect((await instance.sync()).results[0]).toMatchObject({ created: 1, rejected: 1 });
  });

  it('is set aside where the subject changes as well', async () => {
    await using instance = await mailInstance({ settings: { LoopLimit: 3 } });
    for (let at = 0; at < 5; at++) instance.imap.inbox.add(compose({ subject: `echo ${at}` }), received);
    expect((await instance.sync()).results[0]).toMatchObject({ created: 3, rejected: 2 });
    const [set] = await instance.database.read({
      from: 'IncomingEmail',
      columns: ['IELog'],
      where: { column: 'IESubject', is: 'equal', value: 'echo 4' },
    });
    expect(set?.IELog).toContain('has opened 3 tickets within an hour');
  });

  it('waits where an attachment is still being scanned', async () => {
    await using instance = await mailInstance({ mailbox: { MBSafeAttachmentPolicy: 1 } });
    const { inbox } = instance.imap;
    inbox.add(
      compose({ subject: 'scanned', files: [{ filename: 'ATP Scan In Progress.txt', content: 'x' }] }),
      new Date(),
    );
    expect((await instance.sync()).results[0]).toMatchObject({ created: 0, unchanged: 1, rejected: 0 });
    expect(inbox.messages).toHaveLength(1);
    inbox.messages = [];
    inbox.add(compose({ subject: 'scanned', files: [{ filename: 'invoice.pdf', content: 'x' }] }), received);
    expect((await instance.sync()).results[0]).toMatchObject({ created: 1 });
    // One that is called so for days is no placeholder.
    const old = new Date(Date.now() - 2 * 86_400_000);
    inbox.add(compose({ subject: 'odd', files: [{ filename: 'ATP Scan In Progress.txt', content: 'x' }] }), old);
    expect((await instance.sync()).results[0]).toMatchObject({ created: 1 });
  });
});
