import { ImapFlow } from 'imapflow';
import { describe, expect, it } from '@jest/globals';
import { dovecotRuns, startDovecot, type Dovecot } from '../../sandbox/imap/dovecot.ts';
import { compose } from '../../sandbox/mail/compose.ts';
import { corpus } from '../../sandbox/mail/corpus.ts';
import { mailInstance, type MailInstance } from './mail-instance.ts';

async function opened(dovecot: Dovecot): Promise<ImapFlow> {
  const { host, port, user, password: pass } = dovecot;
  const client = new ImapFlow({
    host,
    port,
    secure: true,
    auth: { user, pass },
    logger: false,
    tls: { rejectUnauthorized: false },
  });
  await client.connect();
  return client;
}

async function counts(client: ImapFlow): Promise<(number | undefined)[]> {
  const found: (number | undefined)[] = [];
  for (const folder of ['INBOX', 'Trash']) {
    const status = await client.status(folder, { messages: true });
    found.push(status ? status.messages : undefined);
  }
  return found;
}

// Where Dovecot is not installed, the same is proved on the IMAP server of the sandbox (imap-end-to-end.test.ts).
(dovecotRuns ? describe : describe.skip)('Mail of a Dovecot (needs Dovecot, and root to start it)', () => {
  async function inDovecot(
    row: Record<string, boolean | string>,
    work: (instance: MailInstance, client: ImapFlow) => Promise<void>,
  ): Promise<void> {
    const dovecot = await startDovecot();
    const client = await opened(dovecot);
    try {
      await using instance = await mailInstance({
        mailbox: { MBserver: dovecot.host, mbpopport: dovecot.port, MBusername: dovecot.user, ...row },
        settings: { Passwords: { Support: dovecot.password } },
      });
      await work(instance, client);
    } finally {
      await client.logout();
      await dovecot.close();
    }
  }

  it('becomes tickets and actions, once each, and is moved to its trash', async () => {
    await inDovecot({}, async (instance, client) => {
      const all = corpus().filter(({ name }) => !['nul bytes'].includes(name));
      for (const { source } of all) await client.append('INBOX', source);
      await client.append('INBOX', compose({ subject: 'A question', messageId: '<q@x.example>' }));
      await client.append('INBOX', compose({ subject: 'Re: A question', inReplyTo: '<q@x.example>' }));
      const files = [{ filename: 'big.bin', content: Buffer.alloc(20 * 1024 * 1024, 3) }];
      await client.append('INBOX', compose({ subject: 'big', files }));
      const report = await instance.sync();
      expect(report.results[0]).toMatchObject({
        created: all.length + 2,
        updated: 1,
        rejected: 0,
        status: 'succeeded',
      });
      expect(await counts(client)).toEqual([0, all.length + 3]);
      expect((await instance.sync()).results[0]).toMatchObject({ read: 0 });
    });
  });

  it('is left and marked read, or deleted, as the row says', async () => {
    await inDovecot({ MBIMAPLeaveMailInInbox: true }, async (instance, client) => {
      await client.append('INBOX', compose({ subject: 'stays' }));
      expect((await instance.sync()).results[0]).toMatchObject({ created: 1 });
      expect(await client.status('INBOX', { messages: true, unseen: true })).toMatchObject({ messages: 1, unseen: 0 });
      await instance.set('MAILBOX', { MBIMAPLeaveMailInInbox: false, MBHardDeleteReadMessages: true });
      expect((await instance.sync()).results[0]).toMatchObject({ created: 0, unchanged: 1 });
      expect(await counts(client)).toEqual([0, 0]);
    });
  });

  it('says so where the folder read is missing', async () => {
    await inDovecot({ MBIncomingFolderName: 'Nowhere' }, async (instance) => {
      expect((await instance.sync()).results[0]).toMatchObject({ error: { code: 'MailFolder' } });
      await instance.set('MAILBOX', { MBIncomingFolderName: '', MBDeletedItemsFolder: 'Nowhere' });
      expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded' });
    });
  });
});
