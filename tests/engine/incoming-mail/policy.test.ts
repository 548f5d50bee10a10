import { describe, expect, it } from '@jest/globals';
import { ticketNumbers } from '../../../node/src/halo-api/mail/match-ticket.ts';
import { compose, type Draft } from '../../sandbox/mail/compose.ts';
import { mailInstance, type MailInstance } from './mail-instance.ts';

const received = new Date('2026-11-20T09:31:00Z');

/** Puts the drafts into the inbox, syncs, and answers how many became what. */
async function mail(instance: MailInstance, ...drafts: readonly Draft[]) {
  for (const draft of drafts) instance.imap.inbox.add(compose(draft), received);
  const [only] = (await instance.sync()).results;
  return { created: only?.created, updated: only?.updated, unchanged: only?.unchanged, rejected: only?.rejected };
}

async function logOf(instance: MailInstance, subject: string): Promise<unknown> {
  const rows = await instance.database.read({
    from: 'IncomingEmail',
    columns: ['IELog'],
    where: { column: 'IESubject', is: 'equal', value: subject },
  });
  return rows[0]?.IELog;
}

describe('Messages of one Message-ID', () => {
  const alert = (server: number): Draft => ({
    from: 'nagios@alderfinch.example',
    subject: `ALERT server ${server} down`,
    messageId: '<constant@nagios>',
  });

  it('sent in the same second are different ones where their subjects are, and the same ones otherwise', async () => {
    await using instance = await mailInstance();
    expect(await mail(instance, alert(1), alert(2), alert(3))).toMatchObject({ created: 3, unchanged: 0 });
    expect(await mail(instance, alert(2), alert(4))).toMatchObject({ created: 1, unchanged: 1 });
    expect((await instance.tickets()).map((ticket) => ticket['Symptom'])).toEqual(
      [1, 2, 3, 4].map((server) => `ALERT server ${server} down`),
    );
  });
});

describe('Letters beyond ASCII without a character set', () => {
  it.each([
    ['none', ''],
    ['UTF-8, which it is not', 'Content-Type: text/plain; charset=utf-8\r\n'],
    ['one nobody knows', 'Content-Type: text/plain; charset=x-device\r\n'],
  ])('are read as those of Windows where the message names %s', async (_, header) => {
    await using instance = await mailInstance();
    const from = 'From: drucker@alderfinch.example\r\nMessage-ID: <d@x>\r\n';
    const text = `${from}${header}Subject: Status\r\n\r\nGer\xe4t 3: St\xf6rung, 5 \x80\r\n`;
    instance.imap.inbox.add(Buffer.from(text, 'latin1'), received);
    await instance.sync();
    expect((await instance.tickets())[0]?.['symptom2']).toContain('Gerät 3: Störung, 5 €');
  });
});

describe('Letters that could be read', () => {
  const body = async (source: Buffer) => {
    await using instance = await mailInstance();
    instance.imap.inbox.add(source, received);
    await instance.sync();
    const [ticket] = await instance.tickets();
    return { subject: ticket?.['Symptom'], text: String(ticket?.['symptom2']).trim() };
  };
  const message = (header: string, ...parts: (string | Buffer)[]): Buffer =>
    Buffer.concat([
      Buffer.from(`From: a@alderfinch.example\r\nMessage-ID: <l@x>\r\n${header}\r\n`, 'latin1'),
      ...parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
    ]);

  it.each([
    ['iso-8859-1', Buffer.from('Gr\xfcn', 'latin1'), 'Grün'],
    ['utf-8', Buffer.from('Grüße €'), 'Grüße €'],
  ])('stay as they are in a body of %s under a subject that names no set', async (set, bytes, text) => {
    const header = `Subject: St\xf6rung\r\nContent-Type: text/plain; charset=${set}\r\nContent-Transfer-Encoding: 8bit\r\n`;
    expect(await body(message(header, bytes))).toEqual({ subject: 'Störung', text });
  });

  it.each([
    ['of UTF-8 with a bad byte', 'utf-8', Buffer.from([...Buffer.from('Grüße '), 0xff])],
    ['of Big5 with a bad byte', 'big5', Buffer.from([0xa7, 0x41, 0xa6, 0x6e, 0xff])],
  ])('stay as they are in a body %s', async (_, set, bytes) => {
    const header = `Subject: s\r\nContent-Type: text/plain; charset=${set}\r\nContent-Transfer-Encoding: 8bit\r\n`;
    expect((await body(message(header, bytes))).text).toMatch(set === 'utf-8' ? /^Grüße / : /^你好/);
  });

  it('and the bytes of a file stay as they are where the text names no set', async () => {
    await using instance = await mailInstance();
    const file = Buffer.from('M\xfcller;1', 'latin1');
    const header = 'Subject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n';
    const text = '--b\r\nContent-Type: text/plain\r\n\r\nGer\xe4t\r\n';
    const begin =
      '--b\r\nContent-Type: application/octet-stream; name=a.csv\r\nContent-Transfer-Encoding: 8bit\r\n\r\n';
    instance.imap.inbox.add(message(header, text, begin, file, '\r\n--b--\r\n'), received);
    await instance.sync();
    expect(String((await instance.tickets())[0]?.['symptom2'])).toContain('Gerät');
    const rows = await instance.database.read({ from: 'ATTACHMENT', columns: ['ATFilename', 'atfilesize'] });
    expect(rows).toEqual([expect.objectContaining({ ATFilename: 'a.csv', atfilesize: file.length })]);
  });
});

describe('A reply by somebody of another domain', () => {
  it.each([true, false])('is private, be it read together with the question (%s) or later', async (together) => {
    await using instance = await mailInstance();
    await instance.set('CONTROL2', { RMakeEmailsFromDifferentDomainPrivate: true });
    const question: Draft = { from: 'amelia.hart@alderfinch.example', subject: 'q', messageId: '<q1@x>' };
    const reply: Draft = { from: 'spy@elsewhere.example', subject: 'Re: q', headers: { 'In-Reply-To': '<q1@x>' } };
    if (together) await mail(instance, question, reply);
    else for (const one of [question, reply]) await mail(instance, one);
    expect((await instance.actions()).map((action) => action['ActionHide'])).toEqual([false, true]);
  });

  it('is found by any of the ids its headers name, however they are set apart', async () => {
    await using instance = await mailInstance();
    await mail(instance, { subject: 'q', messageId: '<q1@x>' });
    const headers = { References: '<nobody@x>,<q1@x>,<other@x>' };
    expect(await mail(instance, { subject: 'r', headers })).toMatchObject({ created: 0, updated: 1 });
  });
});

describe('What Halo is set to', () => {
  it('opens no tickets where only replies are taken, and still takes those', async () => {
    await using instance = await mailInstance();
    await mail(instance, { subject: 'first' });
    await instance.set('CONTROL3', { RStopNewTicketsViaEmail: true });
    expect(await mail(instance, { subject: 'second' }, { subject: 'reply [ID:1]' })).toMatchObject({
      created: 0,
      updated: 1,
      unchanged: 1,
    });
    expect(await logOf(instance, 'second')).toMatch(/no new tickets/);
  });

  it('drops automatic mail where the mailbox takes none, and automatic replies where they are to change nothing', async () => {
    await using instance = await mailInstance({ mailbox: { MBAcceptAutoReplies: false } });
    const news = { subject: 'alert', headers: { 'Auto-Submitted': 'auto-generated' } };
    expect(await mail(instance, news, { subject: 'a person' })).toMatchObject({ created: 1, unchanged: 1 });
    await instance.set('Control4', { rautosubgenisautoreply: false });
    expect(await mail(instance, news)).toMatchObject({ created: 1 });
    await instance.set('MAILBOX', { MBAcceptAutoReplies: true });
    await instance.set('CONTROL3', { RAutoReplyDontUpdate: true });
    const away = { subject: 'away [ID:1]', headers: { 'Auto-Submitted': 'auto-replied' } };
    expect(await mail(instance, away)).toMatchObject({ updated: 0, unchanged: 1 });
  });

  it('keeps tickets of other mailboxes apart where it is told to', async () => {
    await using instance = await mailInstance();
    await mail(instance, { subject: 'first' });
    await instance.set('FAULTS', { FMailBoxID: 2 });
    expect(await mail(instance, { subject: 'reply [ID:1]' })).toMatchObject({ updated: 1 });
    await instance.set('CONTROL3', { ronlyrouteemailtoexistingticketifsamemailbox: 1 });
    expect(await mail(instance, { subject: 'reply again [ID:1]' })).toMatchObject({ created: 1, updated: 0 });
  });

  it('hides from the user what strangers write to their ticket, and lets the address list grow, where it is told to', async () => {
    await using instance = await mailInstance();
    await mail(instance, { subject: 'first', cc: 'one@alderfinch.example' });
    const stranger = { from: 'x@elsewhere.example', subject: 'me too [ID:1]', cc: 'two@alderfinch.example' };
    await mail(instance, stranger);
    await instance.set('CONTROL2', { RMakeEmailsFromDifferentDomainPrivate: true });
    await instance.set('CONTROL3', { RUpdateEmailLists: true });
    await mail(
      instance,
      { ...stranger, cc: 'ONE@alderfinch.example, two@alderfinch.example' },
      { subject: 'mine [ID:1]' },
    );
    expect((await instance.actions(1)).map((row) => row.ActionHide)).toEqual([false, false, true, false]);
    expect((await instance.tickets())[0]?.FEmailCCList).toBe('one@alderfinch.example;two@alderfinch.example');
  });

  it('takes the same message of two mailboxes twice, or once where duplicates are ignored', async () => {
    await using instance = await mailInstance();
    await using session = await instance.database.session('test');
    const { host, port, user } = instance.imap;
    instance.imap.folder('Second', true);
    await session.transaction((transaction) =>
      transaction.insert('MAILBOX', [
        {
          MBid: 2,
          mbname: 'Second',
          MBserver: host,
          mbpopport: port,
          MBusername: user,
          MBUseTLS: true,
          MBenabled: true,
          MBRequestType: 1,
          MBpassword: instance.imap.password,
          MBIncomingFolderName: 'Second',
        },
      ]),
    );
    const put = (subject: string): void => {
      const source = compose({ subject, messageId: `<${subject}@x.example>` });
      instance.imap.inbox.add(source, received);
      instance.imap.folder('Second')?.add(source, received);
    };
    put('both');
    expect((await instance.sync()).results.map((one) => [one.connection, one.created])).toEqual([
      ['Support', 1],
      ['Second', 1],
    ]);
    expect((await instance.tickets()).map((row) => [row.RequestTypeNew, row.Status, row.FMailBoxID])).toEqual([
      [5, 1, 1],
      [1, 2, 2],
    ]);
    await instance.set('Control4', { rignoreduplicateemails: true });
    put('once');
    expect((await instance.sync()).results.map((one) => one.created)).toEqual([1, 0]);
    expect(await logOf(instance, 'once')).toBe('Ticket 3, action 1.');
  });

  it('knows users by their other addresses where it is told to, and agents by theirs', async () => {
    await using instance = await mailInstance();
    await instance.set('USERS', { uemail2: 'private@home.example' }, { column: 'Uid', value: 3 });
    await mail(instance, { from: 'private@home.example', subject: 'before' });
    await instance.set('Control4', { rusermatchalternativeemailaddress: true });
    await mail(instance, { from: 'private@home.example', subject: 'after' });
    expect((await instance.tickets()).map((row) => row.userid)).toEqual([0, 3]);
    await mail(instance, { from: 'Tom Whitfield <tom.whitfield@msp.example>', subject: 'done [ID:2]' });
    const action = (await instance.actions(2)).at(-1);
    expect(action).toMatchObject({ who: 'Tom Whitfield', whoagentid: 2, actionbyunum: 2, actionbyuid: 0 });
    // An agent's word is not an update by the user.
    expect((await instance.tickets())[1]).toMatchObject({ Status: 1 });
  });

  it('takes what people write from another mailbox of Halo, and drops what Halo writes from there', async () => {
    await using instance = await mailInstance();
    await using session = await instance.database.session('test');
    await session.transaction((transaction) =>
      transaction.insert('MAILBOX', [{ MBid: 2, mbname: 'Accounts', MBsmtpaddress: 'accounts@msp.example' }]),
    );
    const from = 'Accounts <accounts@msp.example>';
    expect(await mail(instance, { from, subject: 'Our printer' })).toMatchObject({ created: 1 });
    expect(await mail(instance, { from, subject: 'Your ticket [ID:1] was logged' })).toMatchObject({ unchanged: 1 });
  });

  it('ignores what Halo has sent itself', async () => {
    await using instance = await mailInstance();
    await mail(instance, { subject: 'first' });
    await using session = await instance.api();
    await session.upsert('Actions', [
      {
        fields: { ticket_id: 1, note: 'sent', emaildirection: 'O', internet_message_id: '<sent-by-halo@msp.example>' },
      },
    ]);
    const echo = { from: 'list@elsewhere.example', messageId: '<sent-by-halo@msp.example>', subject: 'echo' };
    expect(await mail(instance, echo)).toMatchObject({ created: 0, unchanged: 1 });
    expect(await mail(instance, { subject: 'answer', inReplyTo: '<sent-by-halo@msp.example>' })).toMatchObject({
      updated: 1,
    });
  });

  it('knows the messages that Halo took in itself by their ticket alone, and the answers to them', async () => {
    await using instance = await mailInstance();
    await using session = await instance.api();
    const id = `<${'long-'.repeat(25)}1@x.example>`;
    await session.upsert('Tickets', [
      { fields: { summary: 'by Halo', user_name: 'x', internet_message_id: id.slice(0, 100), mailboxid: 1 } },
      { fields: { summary: 'by another', user_name: 'x', internet_message_id: '<two@x.example>', mailboxid: 2 } },
    ]);
    expect(await mail(instance, { subject: 'by Halo', messageId: id })).toMatchObject({ created: 0, unchanged: 1 });
    expect(await mail(instance, { subject: 'Re: by Halo', inReplyTo: id })).toMatchObject({ created: 0, updated: 1 });
    expect(await mail(instance, { subject: 'Re: other', references: ['<two@x.example>'] })).toMatchObject({
      updated: 1,
    });
    expect(await mail(instance, { subject: 'by another', messageId: '<two@x.example>' })).toMatchObject({ created: 1 });
  });

  it('leaves the change clock alone where nothing was written, and advances it once a batch', async () => {
    await using instance = await mailInstance();
    const clock = async () =>
      (await instance.database.read({ from: 'CHANGESEQ', columns: ['lastseq', 'faults', 'actions'] }))[0];
    const before = await clock();
    await mail(instance, { subject: 'Automatic reply: no', headers: { 'Auto-Submitted': 'auto-replied' } });
    expect(await clock()).toEqual(before);
    await mail(instance, { subject: 'one' }, { subject: 'two' });
    const after = await clock();
    expect(Number(after?.lastseq)).toBe(Number(before?.lastseq) + 1);
    expect((await instance.tickets()).map((row) => row.Fchangeseq)).toEqual([after?.lastseq, after?.lastseq]);
    const stamped = async (): Promise<unknown[]> => {
      const rows = await instance.database.read({
        from: 'ACTIONS',
        columns: ['ACchangeseq'],
        orderBy: [{ column: 'Faultid' }, { column: 'actionnumber' }],
      });
      return rows.map((row) => row.ACchangeseq);
    };
    expect(await stamped()).toEqual([after?.lastseq, after?.lastseq]);
    const [, second] = await instance.tickets();
    await mail(instance, { subject: `Re: two [ID:${String(second?.Faultid).padStart(7, '0')}]` });
    const last = Number(after?.lastseq) + 1;
    expect((await instance.tickets()).map((row) => row.Fchangeseq)).toEqual([after?.lastseq, last]);
    expect(await stamped()).toEqual([after?.lastseq, after?.lastseq, last]);
  });
});

describe('An answer that comes with its question', () => {
  const question: Draft = { subject: 'a question', messageId: '<q@x.example>' };
  const answer: Draft = { subject: 'more on it', messageId: '<r@x.example>', inReplyTo: '<q@x.example>' };
  const opened = async (instance: MailInstance): Promise<unknown> =>
    (await instance.tickets()).map((ticket) => ticket['Symptom']);

  it('belongs to it whatever the case of its id', async () => {
    await using instance = await mailInstance();
    expect(await mail(instance, question, { ...answer, inReplyTo: '<Q@X.EXAMPLE>' })).toMatchObject({
      created: 1,
      updated: 1,
    });
    expect(await mail(instance, { subject: 'and more', inReplyTo: '<R@X.Example>' })).toMatchObject({ updated: 1 });
    expect(await opened(instance)).toEqual(['a question']);
  });

  it('belongs to it whichever was there first, and the question opens the ticket', async () => {
    await using instance = await mailInstance();
    const last = { subject: 'the last word', messageId: '<s@x.example>', inReplyTo: '<r@x.example>' };
    expect(await mail(instance, last, answer, question)).toMatchObject({ created: 1, updated: 2 });
    expect(await opened(instance)).toEqual(['a question']);
    expect((await instance.actions(1)).map((action) => action['AEmailSubject'])).toEqual([
      'a question',
      'more on it',
      'the last word',
    ]);
  });

  it('belongs to it where many others came in between', async () => {
    await using instance = await mailInstance();
    const others = Array.from({ length: 70 }, (_, at) => ({ subject: `other ${at}` }));
    expect(await mail(instance, answer, ...others, question)).toMatchObject({ created: 71, updated: 1 });
    expect((await instance.tickets()).some((ticket) => ticket['Symptom'] === 'more on it')).toBe(false);
  });

  it('does no harm where messages answer each other in a circle', async () => {
    await using instance = await mailInstance();
    expect(await mail(instance, answer, { ...question, inReplyTo: '<r@x.example>' })).toMatchObject({
      created: 1,
      updated: 1,
    });
  });
});

describe('What reports ask of a ticket that came by mail', () => {
  it('is there: its source, that it is neither deleted nor merged, and that the action costs nothing', async () => {
    await using instance = await mailInstance();
    await mail(instance, { subject: 'one' });
    expect((await instance.tickets())[0]).toMatchObject({ FRequestSource: 0, FDeleted: false, FMergedIntoFaultid: 0 });
    expect((await instance.actions(1))[0]).toMatchObject({ ActionCode: -1, whoagentid: 0, who: 'Ben Osei' });
  });
});

describe('Ticket numbers in a subject', () => {
  const tags = [
    { start: '[ID:', end: ']' },
    { start: '##', end: '##' },
  ];
  it.each([
    ['RE: [ID:0001234] printer', [1234]],
    ['re: [id:7] printer', [7]],
    ['two [ID:5] and ##6##', [5, 6]],
    ['[ID: 12 ]', [12]],
    ['[ID:12a] [ID:] [ID:-1] [ID:0]', []],
    ['[ID:99999999999999]', []],
    ['[ID:12', []],
    ['ID:12]', []],
  ])('%s', (subject, numbers) => {
    expect(ticketNumbers(subject, tags)).toEqual(numbers);
  });
});
