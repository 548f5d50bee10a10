import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  graphMailOperations,
  startGraphMailSandbox,
  type GraphMailSandbox,
} from '../../sandbox/graph-mail/graph-mail-sandbox.ts';
import { compose } from '../../sandbox/mail/compose.ts';
import { mailInstance, type MailInstance } from './mail-instance.ts';

describe('Mail of an Exchange Online mailbox', () => {
  let graph: GraphMailSandbox;
  let instance: MailInstance;

  beforeEach(async () => {
    graph = await startGraphMailSandbox();
    instance = await mailInstance({
      mailbox: { MBserver: '', MBAzureTenant: graph.tenant, MBAzureEmail: graph.address, MBAzureAppID: graph.clientId },
      settings: { ClientSecret: graph.clientSecret, GraphUrl: graph.url, LoginUrl: graph.url },
    });
  });

  afterEach(async () => {
    await instance[Symbol.asyncDispose]();
    await graph.close();
  });

  async function result(whatIf = false) {
    const report = await instance.sync({ whatIf });
    const [only] = report.results;
    if (!only) throw new Error('nothing ran');
    return { ...only, exitCode: report.exitCode };
  }

  it('opens tickets oldest first, adds what its conversation and its headers say to them, and moves the messages', async () => {
    const { mailbox } = graph;
    const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 9, minute));
    // The answer stands before the question, as delta may give them.
    mailbox.add(compose({ subject: 'Re: Phones', inReplyTo: '<phones@x.example>' }), { received: at(5) });
    mailbox.add(compose({ subject: 'Phones', messageId: '<phones@x.example>' }), {
      received: at(1),
      conversationId: 'C1',
    });
    mailbox.add(compose({ subject: 'new subject, same talk' }), { received: at(9), conversationId: 'C1' });
    mailbox.add(compose({ subject: 'Other', files: [{ filename: 'a.bin', content: Buffer.alloc(1000, 7) }] }), {
      received: at(2),
    });
    expect(await result()).toMatchObject({ status: 'succeeded', read: 4, created: 2, updated: 2, rejected: 0 });
    expect((await instance.tickets()).map((row) => row.Symptom)).toEqual(['Phones', 'Other']);
    expect(await instance.actions(1)).toHaveLength(3);
    expect(mailbox.inFolder('inbox')).toHaveLength(0);
    expect(mailbox.inFolder('deleteditems')).toHaveLength(4);
    mailbox.add(compose({ subject: 'later, same talk' }), { received: at(20), conversationId: 'C1' });
    expect(await result()).toMatchObject({ read: 1, created: 0, updated: 1 });
  });

  it('goes on where the last listing ended, reads more than a page, and lists everything again when that is forgotten', async () => {
    await instance.set('MAILBOX', { MBAzureLeaveMailInInbox: true });
    const { mailbox } = graph;
    for (let number = 0; number < 230; number++) mailbox.add(compose({ subject: `mail ${number}` }));
    expect(await result()).toMatchObject({ read: 230, created: 230 });
    expect(mailbox.inFolder('inbox').every((message) => message.isRead)).toBe(true);
    const [delta] = await instance.database.read({ from: 'AzureDelta', columns: ['ADNextDelta', 'ADRelatedGuid'] });
    expect(String(delta?.ADNextDelta)).toContain('$deltatoken');
    mailbox.add(compose({ subject: 'one more' }));
    expect(await result()).toMatchObject({ read: 1, created: 1 });
    expect(await result()).toMatchObject({ read: 0 });
    graph.forgetDeltas();
    expect(await result()).toMatchObject({ read: 231, created: 0, unchanged: 231 });
    expect(await instance.tickets()).toHaveLength(231);
  });

  it('looks at nothing older than the cut-off', async () => {
    await instance.set('MAILBOX', { MBAzureDatecutoff: new Date('2026-11-01T00:00:00Z') });
    graph.mailbox.add(compose({ subject: 'old' }), { received: new Date('2026-10-01T00:00:00Z') });
    graph.mailbox.add(compose({ subject: 'new' }), { received: new Date('2026-11-02T00:00:00Z') });
    expect(await result()).toMatchObject({ created: 1 });
    expect(graph.mailbox.inFolder('inbox')).toHaveLength(1);
  });

  it('misses nothing where more came since the cut-off than a filter lets through', async () => {
    await instance.set('MAILBOX', { MBAzureDatecutoff: new Date('2026-11-01T00:00:00Z') });
    const mail = compose({ subject: 'one of many' });
    for (let number = 0; number < 20; number++)
      graph.mailbox.add(mail, { received: new Date(number < 10 ? '2026-10-01T00:00:00Z' : '2026-11-05T00:00:00Z') });
    // Drafts count where Graph limits what a filter brings, and cost nothing to read.
    for (let number = 0; number < 5000; number++) graph.mailbox.add(mail, { isDraft: true });
    expect(await result(true)).toMatchObject({ read: 10 });
  });

  it('fails in place of reading forever where pages lead in a circle', async () => {
    for (let number = 0; number < 230; number++) graph.mailbox.add(compose({ subject: `mail ${number}` }));
    graph.circle = true;
    expect(await result()).toMatchObject({ status: 'failed', error: { code: 'VendorAnswer' } });
    graph.circle = false;
    expect(await result()).toMatchObject({ status: 'succeeded', created: 230 });
  });

  it('sets a message aside that the server chokes on, goes on, and tries it again three times', async () => {
    const bad = graph.mailbox.add(compose({ subject: 'bad' }));
    graph.mailbox.add(compose({ subject: 'good' }));
    graph.fault = (_method, path) => (path.includes(bad) && path.endsWith('$value') ? 501 : undefined);
    expect(await result()).toMatchObject({ status: 'succeeded-with-rejections', created: 1, rejected: 1, exitCode: 5 });
    expect(graph.mailbox.inFolder('inbox').map((message) => message.id)).toEqual([bad]);
    const later = async (hours: number) =>
      instance.set('IncomingEmail', { IELastAttemptDate: new Date(Date.now() - hours * 3_600_000) });
    expect(await result()).toMatchObject({ rejected: 1 });
    // It is not due, and its place in the listing is kept until it is.
    expect(await result()).toMatchObject({ read: 1, rejected: 0, unchanged: 1 });
    await later(1);
    expect(await result()).toMatchObject({ rejected: 1 });
    await later(24);
    expect(await result()).toMatchObject({ rejected: 1 });
    expect(await result()).toMatchObject({ read: 1, rejected: 0, unchanged: 1 });
    const rows = await instance.database.read({
      from: 'IncomingEmail',
      columns: ['IELog', 'IERetryRemaining'],
      where: { column: 'IESubject', is: 'equal', value: 'bad' },
    });
    expect(rows).toEqual([{ IELog: expect.stringMatching(/^Set aside: .*501/), IERetryRemaining: 0 }]);
    expect(await instance.tickets()).toHaveLength(1);
    graph.fault = undefined;
    expect(await result()).toMatchObject({ read: 0 });
    await instance.change({ RetrySetAside: true });
    expect(await result()).toMatchObject({ read: 1, created: 1 });
    expect(graph.mailbox.inFolder('inbox')).toEqual([]);
  });

  it('makes no ticket twice where moving is refused after the commit, and moves at the next run', async () => {
    for (const subject of ['one', 'two']) graph.mailbox.add(compose({ subject }));
    graph.fault = (_method, path) => (path.endsWith('/move') ? 403 : undefined);
    expect(await result()).toMatchObject({ status: 'failed', created: 2, error: { code: 'VendorForbidden' } });
    expect(await instance.tickets()).toHaveLength(2);
    expect(graph.mailbox.inFolder('inbox')).toHaveLength(2);
    graph.fault = undefined;
    expect(await result()).toMatchObject({ created: 0, unchanged: 2 });
    expect(graph.mailbox.inFolder('inbox')).toHaveLength(0);
    expect(await instance.tickets()).toHaveLength(2);
  });

  it.each([400, 403, 501])('fails in the server’s words where the listing is refused: %d', async (status) => {
    graph.mailbox.add(compose({ subject: 'one' }));
    graph.words = 'The mailbox is being moved';
    graph.fault = (_method, path) => (path.includes('/delta()') ? status : undefined);
    expect(await result()).toMatchObject({
      status: 'failed',
      created: 0,
      error: { message: expect.stringContaining('The mailbox is being moved') },
    });
    const [row] = await instance.database.read({ from: 'MAILBOX', columns: ['MBHaloIntegratorLastError'] });
    expect(row?.MBHaloIntegratorLastError).toContain('The mailbox is being moved');
    graph.fault = undefined;
    expect(await result()).toMatchObject({ created: 1 });
  });

  it.each([403, 501])('sets a message aside in the server’s words where it is refused: %d', async (status) => {
    graph.mailbox.add(compose({ subject: 'one' }));
    const bad = graph.mailbox.add(compose({ subject: 'two' }));
    graph.mailbox.add(compose({ subject: 'three' }));
    graph.words = 'The item is corrupt';
    graph.fault = (_method, path) => (path.includes(bad) && path.endsWith('$value') ? status : undefined);
    const outcome = await result();
    expect(outcome).toMatchObject({ status: 'succeeded-with-rejections', created: 2, rejected: 1 });
    expect(outcome.rejections[0]?.reason).toContain('The item is corrupt');
  });

  it.each([
    ['nothing', ''],
    ['a page of something between', '<html>\n<body>Sign in: <a href="x">here</a></body></html>'],
  ])('sets a message aside in whose place it is given %s', async (_what, page) => {
    for (const subject of ['one', 'two', 'three']) graph.mailbox.add(compose({ subject }));
    const [, bad] = graph.mailbox.inFolder('inbox');
    if (bad) Object.assign(bad, { given: Buffer.from(page) });
    const outcome = await result();
    expect(outcome).toMatchObject({ status: 'succeeded-with-rejections', created: 2, rejected: 1 });
    expect(outcome.rejections[0]?.reason).toContain('no message');
    expect(graph.mailbox.inFolder('inbox')).toHaveLength(1);
  });

  it('sets a message aside that is refused as it is listed, and takes in the rest', async () => {
    const bad = graph.mailbox.add(compose({ subject: 'one' }));
    graph.mailbox.add(compose({ subject: 'two' }));
    const changes = graph.mailbox.changes.bind(graph.mailbox);
    graph.mailbox.changes = (...asked) => changes(...asked).map((one) => (one['id'] === bad ? { id: bad } : one));
    graph.words = 'The item is corrupt';
    graph.fault = (_method, path) => (path.endsWith(`/messages/${encodeURIComponent(bad)}`) ? 400 : undefined);
    const outcome = await result();
    expect(outcome).toMatchObject({ created: 1, rejected: 1 });
    expect(outcome.rejections[0]?.reason).toContain('The item is corrupt');
  });

  it('takes in messages of which some fields are not what they should be', async () => {
    const odd: readonly (readonly [string, unknown])[] = [
      ['receivedDateTime', 'no date'],
      ['receivedDateTime', 20261120],
      ['receivedDateTime', '9999-99-99T00:00:00Z'],
      ['receivedDateTime', '0001-01-01T00:00:00Z'],
      ['sentDateTime', {}],
      ['sentDateTime', 'yesterday'],
      ['internetMessageId', 7],
      ['conversationId', ['C']],
      ['subject', 42],
      ['from', 'mara@x.example'],
      ['from', { emailAddress: null }],
      ['from', { emailAddress: { address: 5 } }],
      ['sender', []],
      ['isDraft', 'false'],
      ['isRead', 1],
      ['hasAttachments', 'yes'],
    ];
    const fields = new Map(odd.map((field, at) => [graph.mailbox.add(compose({ subject: `mail ${at}` })), field]));
    const changes = graph.mailbox.changes.bind(graph.mailbox);
    graph.mailbox.changes = (...asked) =>
      changes(...asked).map((one) => {
        const [name, value] = fields.get(String(one['id'])) ?? [];
        return name === undefined ? one : { ...one, [name]: value };
      });
    expect(await result()).toMatchObject({ status: 'succeeded', created: odd.length, rejected: 0 });
    expect((await instance.tickets()).map((row) => row.Symptom).toSorted()).toEqual(
      odd.map((_field, at) => `mail ${at}`).toSorted(),
    );
  });

  it('sets aside what is no message, and takes in the rest', async () => {
    graph.mailbox.add(compose({ subject: 'one' }));
    const odd = [null, 'text', 7, [], {}, { id: null }, { id: 5 }, { id: {} }] as Record<string, unknown>[];
    const changes = graph.mailbox.changes.bind(graph.mailbox);
    graph.mailbox.changes = (...asked) => [...odd, ...changes(...asked)];
    const outcome = await result();
    expect(outcome).toMatchObject({ created: 1, rejected: odd.length });
    expect(outcome.rejections[0]?.reason).toContain('the listing has no id for it');
  });

  it('is the mailbox’s own trouble where no message is given', async () => {
    for (const subject of ['one', 'two', 'three']) graph.mailbox.add(compose({ subject }));
    graph.words = 'No right to read content';
    graph.fault = (_method, path) => (path.endsWith('$value') ? 403 : undefined);
    expect(await result()).toMatchObject({
      status: 'failed',
      error: { code: 'VendorForbidden', message: expect.stringContaining('No right to read content') },
    });
    expect(await instance.database.count('IncomingEmail')).toBe(0);
  });

  it.each([403, 507])(
    'takes in all mail where moving is refused, and says so in the server’s words: %d',
    async (status) => {
      for (let number = 1; number <= 120; number++) graph.mailbox.add(compose({ subject: `mail ${number}` }));
      graph.words = 'The quota is exceeded';
      graph.fault = (_method, path) => (path.endsWith('/move') ? status : undefined);
      const outcome = await result();
      expect(outcome).toMatchObject({ status: 'failed', created: 120 });
      expect(outcome.error?.message).toContain('The quota is exceeded');
      graph.fault = undefined;
      expect(await result()).toMatchObject({ status: 'succeeded', created: 0, unchanged: 120 });
      expect(graph.mailbox.inFolder('inbox')).toEqual([]);
    },
  );

  it('moves the other messages where one is not moved', async () => {
    for (const subject of ['one', 'two', 'three']) graph.mailbox.add(compose({ subject }));
    const [, bad] = graph.mailbox.inFolder('inbox');
    graph.fault = (_method, path) => (path.includes(String(bad?.id)) && path.endsWith('/move') ? 400 : undefined);
    expect(await result()).toMatchObject({ status: 'failed', created: 3 });
    expect(graph.mailbox.inFolder('inbox')).toHaveLength(1);
  });

  it('says which credential lacks, and fails for a wrong one without touching the mailbox', async () => {
    graph.mailbox.add(compose({}));
    await instance.set('MAILBOX', { MBAzureAppID: 'another application' });
    expect(await result()).toMatchObject({ exitCode: 3, error: { code: 'VendorAuth' } });
    await instance.set('MAILBOX', { MBAzureAppID: '' });
    expect(await result()).toMatchObject({ exitCode: 2, error: { code: 'MissingCredential' } });
    expect(graph.mailbox.inFolder('inbox')).toHaveLength(1);
  });

  it('moves to the folder the row names, and says when there is none', async () => {
    await instance.set('MAILBOX', { MBDeletedItemsFolder: "Done by O'Neil" });
    graph.mailbox.add(compose({}));
    expect(await result()).toMatchObject({ error: { code: 'MailFolder' } });
    graph.mailbox.folders.set('folder-9', "Done by O'Neil");
    expect(await result()).toMatchObject({ status: 'succeeded', created: 0, unchanged: 1 });
    expect(graph.mailbox.inFolder('folder-9')).toHaveLength(1);
  });

  it('asks for nothing the specification does not have', () => {
    const folder = process.env['HALO_SPECS'];
    if (!folder) return;
    const spec = JSON.parse(readFileSync(join(folder, 'microsoft-graph.json'), 'utf8')) as {
      paths: Record<string, Record<string, { parameters?: { name?: string; $ref?: string }[] }>>;
    };
    for (const [name, parameters] of Object.entries(graphMailOperations)) {
      const [method = '', path = ''] = name.split(' ');
      const operation = spec.paths[path]?.[method.toLowerCase()];
      expect({ [name]: operation !== undefined }).toEqual({ [name]: true });
      const known = (operation?.parameters ?? []).map((one) => one.name ?? `$${one.$ref?.split('/').at(-1) ?? ''}`);
      expect(known).toEqual(expect.arrayContaining([...parameters]));
    }
  });
});
