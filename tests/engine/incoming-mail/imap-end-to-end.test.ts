import { describe, expect, it } from '@jest/globals';
import { compose } from '../../sandbox/mail/compose.ts';
import { mailInstance, type MailInstance } from './mail-instance.ts';

const received = new Date('2026-11-20T09:31:00Z');

async function result(instance: MailInstance, request?: { whatIf?: boolean }) {
  const report = await instance.sync(request);
  const [only] = report.results;
  if (!only) throw new Error('nothing ran');
  return { ...only, exitCode: report.exitCode };
}

describe('Mail of an IMAP mailbox', () => {
  it('opens a ticket of the mailbox’s type with its first action, and moves the message afterwards', async () => {
    await using instance = await mailInstance();
    instance.imap.inbox.add(
      compose({
        subject: 'Printer on fire',
        text: 'It burns.',
        html: '<p onclick="x()">It <b>burns</b>.</p><script>alert(1)</script>',
        cc: 'Amelia Hart <amelia.hart@alderfinch.example>, support@msp.example',
        messageId: '<first@alderfinch.example>',
        files: [{ filename: 'fire.txt', contentType: 'text/plain', content: 'smoke' }],
      }),
      received,
    );
    expect(await result(instance)).toMatchObject({ status: 'succeeded', read: 1, created: 1, exitCode: 0 });
    const [ticket] = await instance.tickets();
    expect(ticket).toMatchObject({
      Faultid: 1,
      Symptom: 'Printer on fire',
      symptom2: 'It burns.',
      Symptom2HTML: '<p>It <b>burns</b>.</p>',
      username: 'Ben Osei',
      reportedby: 'ben.osei@alderfinch.example',
      sitenumber: 1,
      Areaint: 1,
      Status: 1,
      RequestTypeNew: 5,
      seriousness: 4,
      Slaid: 3,
      sectio_: 'First line',
      TeamId: 7,
      category2: 'Email',
      FMailBoxID: 1,
      FEmailCCList: 'amelia.hart@alderfinch.example',
      FInternetMessageId: '<first@alderfinch.example>',
      dateoccured: received,
      fAttachmentCount: 1,
      FDeleted: false,
    });
    expect(Number(ticket?.userid)).toBeGreaterThan(0);
    const [action, ...more] = await instance.actions();
    expect(more).toEqual([]);
    expect(action).toMatchObject({
      Faultid: 1,
      actionnumber: 1,
      note: 'It burns.',
      who: 'Ben Osei',
      EmailDirection: 'I',
      ActionMailBoxID: 1,
      Whe_: received,
      actionbyuid: ticket?.userid,
      AInternetMessageId: '<first@alderfinch.example>',
    });
    const api = (await instance.parts()).api;
    expect(await api.request('GET', '/Attachment?ticket_id=1')).toMatchObject({
      record_count: 1,
      attachments: [{ filename: 'fire.txt', filesize: 5, ticket_id: 1, action_id: 1, content_type: 'text/plain' }],
    });
    expect(instance.imap.inbox.messages).toHaveLength(0);
    expect(instance.imap.trash.messages).toHaveLength(1);
    expect(await result(instance)).toMatchObject({ status: 'succeeded', read: 0 });
  });

  it('adds replies to their ticket: by the message answered, by the number in the subject, also within one batch', async () => {
    await using instance = await mailInstance();
    const { inbox } = instance.imap;
    inbox.add(compose({ subject: 'No network', messageId: '<a@x.example>' }), received);
    inbox.add(compose({ subject: 'Re: No network', inReplyTo: '<a@x.example>', messageId: '<b@x.example>' }), received);
    inbox.add(compose({ subject: 'Something else' }), received);
    expect(await result(instance)).toMatchObject({ created: 2, updated: 1, rejected: 0 });
    inbox.add(compose({ subject: 'RE: your ticket [ID:0000001] No network' }), received);
    inbox.add(compose({ subject: 'no tag', references: ['<unknown@x.example>', '<b@x.example>'] }), received);
    inbox.add(compose({ subject: 'a ticket that is none [ID:0000099]' }), received);
    expect(await result(instance)).toMatchObject({ created: 1, updated: 2, rejected: 0 });
    expect((await instance.actions(1)).map((row) => row.actionnumber)).toEqual([1, 2, 3, 4]);
    const [ticket] = await instance.tickets();
    expect(ticket).toMatchObject({ Status: 3, Fread: false });
    expect((await instance.actions(1)).at(-1)).toMatchObject({ ActionStatusBefore: 3, ActionStatusAfter: 3 });
  });

  it('reopens a closed ticket, follows a merged one and leaves a deleted one', async () => {
    await using instance = await mailInstance();
    const { inbox } = instance.imap;
    for (const subject of ['one', 'two', 'three', 'four']) inbox.add(compose({ subject }), received);
    await result(instance);
    const at = (value: number) => ({ column: 'Faultid', value });
    await instance.set('FAULTS', { Status: 9, datecleared: received }, at(1));
    await instance.set('FAULTS', { FMergedIntoFaultid: 4 }, at(2));
    await instance.set('FAULTS', { FDeleted: true }, at(3));
    for (const number of [1, 2, 3]) inbox.add(compose({ subject: `again [ID:${number}]` }), received);
    expect(await result(instance)).toMatchObject({ created: 1, updated: 2 });
    const tickets = await instance.tickets();
    expect(tickets[0]).toMatchObject({ Status: 4, datecleared: null });
    expect((await instance.actions(4)).map((row) => row.AEmailSubject)).toEqual(['four', 'again [ID:2]']);
    expect(tickets).toHaveLength(5);
  });

  it('makes no ticket of automatic replies, bounces and our own mail, but adds an automatic reply to its ticket', async () => {
    await using instance = await mailInstance();
    const { inbox } = instance.imap;
    inbox.add(compose({ subject: 'Help', messageId: '<help@x.example>' }), received);
    const pair = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };
    inbox.add(compose({ subject: 'Automatic reply: hello', headers: pair }), received);
    inbox.add(compose({ subject: 'gone', headers: { 'Auto-Submitted': 'auto-replied' } }), received);
    inbox.add(compose({ from: 'MAILER-DAEMON@mail.example', subject: 'Undelivered' }), received);
    inbox.add(compose({ from: 'Support <support@msp.example>', subject: 'our own' }), received);
    inbox.add(compose({ subject: 'round and round', headers: { 'X-Loop': 'support@msp.example' } }), received);
    inbox.add(
      compose({
        subject: 'Out of office',
        inReplyTo: '<help@x.example>',
        headers: { 'Auto-Submitted': 'auto-replied' },
      }),
      received,
    );
    inbox.add(compose({ subject: 'Out of office does not switch off' }), received);
    inbox.add(compose({ subject: 'FW: Undeliverable: your invoice' }), received);
    inbox.add(compose({ subject: 'Disk full', headers: { 'Auto-Submitted': 'auto-generated' } }), received);
    expect(await result(instance)).toMatchObject({ created: 4, updated: 1, unchanged: 5, rejected: 0 });
    expect((await instance.tickets()).map((row) => row.Symptom)).toEqual([
      'Help',
      'Out of office does not switch off',
      'FW: Undeliverable: your invoice',
      'Disk full',
    ]);
    // The person is away: that is no update by them.
    expect((await instance.tickets())[0]).toMatchObject({ Status: 1 });
    expect(inbox.messages).toHaveLength(0);
  });

  it('matches senders by address, by the domain of a site, and as the mailbox says of the rest', async () => {
    await using instance = await mailInstance();
    const { inbox } = instance.imap;
    await instance.set(
      'SITE',
      { SiteEmailDomain: 'brightwater.example; *.bw.example' },
      { column: 'Ssitenum', value: 4 },
    );
    const senders = ['New Face <new.face@brightwater.example>', 'deep@sub.bw.example', 'stranger@nowhere.example'];
    for (const from of senders) inbox.add(compose({ from, subject: from }), received);
    await result(instance);
    expect((await instance.tickets()).map((row) => [row.username, row.userid, row.sitenumber, row.Areaint])).toEqual([
      ['New Face', 0, 4, 2],
      ['deep@sub.bw.example', 0, 4, 2],
      ['stranger@nowhere.example', 0, 1, 1],
    ]);

    await instance.set('MAILBOX', { MBUnmatchedUsers: 1, MBNewUserDefaultSite: 1 });
    const before = await instance.database.count('USERS');
    for (const from of senders) inbox.add(compose({ from, subject: `created ${from}` }), received);
    inbox.add(compose({ from: senders[0] ?? '', subject: 'the same person' }), received);
    await result(instance);
    expect(await instance.database.count('USERS')).toBe(before + 3);
    const users = await instance.database.read({
      from: 'USERS',
      columns: ['uusername', 'uemail', 'Usite'],
      where: { column: 'uemail', is: 'in', values: ['new.face@brightwater.example', 'stranger@nowhere.example'] },
      orderBy: [{ column: 'uemail' }],
    });
    expect(users).toEqual([
      { uusername: 'New Face', uemail: 'new.face@brightwater.example', Usite: 4 },
      { uusername: 'stranger@nowhere.example', uemail: 'stranger@nowhere.example', Usite: 1 },
    ]);
    await expectTraces(instance, 'stranger@nowhere.example');

    await instance.set('MAILBOX', { MBUnmatchedUsers: 2 });
    inbox.add(compose({ from: 'nobody@elsewhere.example' }), received);
    expect(await result(instance)).toMatchObject({ created: 0, unchanged: 1 });
  });

  it('leaves, deletes or moves messages as the row says, and handles what it leaves once', async () => {
    await using instance = await mailInstance({ mailbox: { MBIMAPLeaveMailInInbox: true } });
    const { inbox, trash } = instance.imap;
    inbox.add(compose({ subject: 'stays' }), received);
    expect(await result(instance)).toMatchObject({ created: 1 });
    expect([...(inbox.messages[0]?.flags ?? [])]).toContain('\\Seen');
    expect(await result(instance)).toMatchObject({ read: 1, created: 0, unchanged: 1 });
    await instance.set('MAILBOX', { MBIMAPLeaveMailInInbox: false, MBDeletedItemsFolder: 'Done' });
    expect(await result(instance)).toMatchObject({ status: 'failed', error: { code: 'MailFolder' } });
    const done = instance.imap.folder('Done', true);
    expect(await result(instance)).toMatchObject({ read: 1, created: 0, unchanged: 1 });
    expect(done?.messages).toHaveLength(1);
    await instance.set('MAILBOX', { MBDeletedItemsFolder: '', MBHardDeleteReadMessages: true });
    inbox.add(compose({ subject: 'goes' }), received);
    expect(await result(instance)).toMatchObject({ created: 1 });
    expect([inbox.messages.length, trash.messages.length]).toEqual([0, 0]);
    expect(await instance.tickets()).toHaveLength(2);
    const removed = await instance.database.count('IncomingEmail', {
      column: 'IERemovedFromMailbox',
      is: 'equal',
      value: true,
    });
    expect(removed).toBe(2);
  });

  it('handles once what it leaves, also when the server counts its messages anew', async () => {
    await using instance = await mailInstance({ mailbox: { MBIMAPLeaveMailInInbox: true } });
    const { inbox } = instance.imap;
    const mails = ['one', 'two', 'three'].map((subject) => compose({ subject }));
    mails.push(compose({ subject: 'no id', messageId: null }));
    for (const mail of mails) inbox.add(mail, received);
    expect(await result(instance)).toMatchObject({ created: 4 });
    // Another UIDVALIDITY: what was UID 1 is another message now.
    inbox.messages = [];
    inbox.uidValidity++;
    inbox.uidNext = 1;
    for (const mail of [compose({ subject: 'new' }), ...mails.toReversed()]) inbox.add(mail, received);
    expect(await result(instance)).toMatchObject({ created: 1, unchanged: 4, rejected: 0 });
    expect((await instance.tickets()).at(-1)).toMatchObject({ Symptom: 'new' });
  });

  it('opens no tickets for what Halo has taken in itself and left in the inbox', async () => {
    const halted = new Date('2026-11-20T00:00:00Z');
    await using instance = await mailInstance({
      mailbox: { MBIMAPLeaveMailInInbox: true, MBMostRecentEmailDate: halted },
    });
    for (const day of [1, 18, 19, 20, 21])
      instance.imap.inbox.add(compose({ subject: `day ${day}` }), new Date(Date.UTC(2026, 10, day, 12)));
    expect(await result(instance)).toMatchObject({ created: 2 });
    expect((await instance.tickets()).map((row) => row.Symptom)).toEqual(['day 20', 'day 21']);
    expect(await result(instance)).toMatchObject({ created: 0, unchanged: 2 });
  });

  it('writes nothing and moves nothing with what-if', async () => {
    await using instance = await mailInstance();
    instance.imap.inbox.add(compose({}), received);
    expect(await result(instance, { whatIf: true })).toMatchObject({ created: 1, status: 'succeeded' });
    expect(await instance.tickets()).toEqual([]);
    expect(await instance.database.count('IncomingEmail')).toBe(0);
    expect(instance.imap.inbox.messages).toHaveLength(1);
  });

  it('writes last sync and last error to the mailbox row', async () => {
    await using instance = await mailInstance();
    await result(instance);
    const row = async () =>
      (
        await instance.database.read({
          from: 'MAILBOX',
          columns: ['MBHaloIntegratorLastSync', 'MBHaloIntegratorLastError'],
        })
      )[0];
    expect((await row())?.MBHaloIntegratorLastError).toBe('');
    instance.imap.password = 'another';
    expect(await result(instance)).toMatchObject({ exitCode: 3, error: { code: 'MailLogin' } });
    expect((await row())?.MBHaloIntegratorLastError).toMatch(/does not let "Support" in/);
  });
});

/** Halo's reports count a user from the row that says who was made, and read flags that are neither set nor not as no user. */
async function expectTraces(instance: MailInstance, email: string): Promise<void> {
  const flags = ['uinactive', 'uisserviceaccount', 'uignoreautomatedbilling', 'uunsubscribed'];
  const [user] = await instance.database.read({
    from: 'USERS',
    columns: ['Uid', ...flags],
    where: { column: 'uemail', is: 'equal', value: email },
  });
  expect(flags.map((flag) => Number(user?.[flag] ?? Number.NaN))).toEqual([0, 0, 0, 0]);
  const changes = await instance.database.read({
    from: 'UserChange',
    columns: ['UCUid', 'UCUsername', 'UCFieldId', 'UCNewSite', 'UCWhen'],
    where: { column: 'UCUid', is: 'equal', value: Number(user?.['Uid']) },
  });
  expect(changes).toEqual([
    { UCUid: user?.['Uid'], UCUsername: email, UCFieldId: -1, UCNewSite: 1, UCWhen: expect.any(Date) },
  ]);
}
