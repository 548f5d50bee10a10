import { expect, it } from '@jest/globals';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { compose } from '../../sandbox/mail/compose.ts';
import { mailInstance, type MailInstance } from './mail-instance.ts';

const lacking = [
  'USERS.uemail2',
  'USERS.uemail3',
  'UNAME.Uisdisabled',
  'SITE.semailstarttag',
  'SITE.SiteEmailDomain',
  'FAULTS.FMergedIntoFaultid',
  'FAULTS.fAttachmentCount',
  'FAULTS.FEmailCCList',
  'FAULTS.Fread',
  'FAULTS.FEmailDisplayName',
  'ACTIONS.aMailID',
  'ACTIONS.ALastUpdated',
  'TSTATUS.TStatusPutOnSLAhold',
  'IncomingEmail.IERetryRemaining',
  'IncomingEmail.IELastAttemptDate',
  'IncomingEmail.IERemovedFromMailbox',
];

async function missingColumns(instance: MailInstance): Promise<string[]> {
  const logs = join(instance.folder, 'logs');
  const files = (await fs.readdir(logs)).filter((name) => name.endsWith('.log'));
  const text = (await Promise.all(files.map((name) => fs.readFile(join(logs, name), 'utf8')))).join('\n');
  return [...text.matchAll(/This Halo has no column ([\w.]+):/g)].map(([, column]) => column ?? '');
}

async function sync(instance: MailInstance) {
  return (await instance.sync()).results[0];
}

it('Mail on a Halo that lacks columns becomes tickets without them, each said once', async () => {
  await using instance = await mailInstance({ lacking });
  await instance.set('Control4', { rusermatchalternativeemailaddress: true });
  const { inbox } = instance.imap;
  inbox.add(
    compose({
      subject: 'Printer on fire',
      messageId: '<first@alderfinch.example>',
      files: [{ filename: 'fire.txt', contentType: 'text/plain', content: 'smoke' }],
    }),
    instance.now,
  );
  inbox.add(
    compose({
      subject: 'Re: Printer on fire',
      messageId: '<second@alderfinch.example>',
      inReplyTo: '<first@alderfinch.example>',
    }),
    instance.now,
  );
  expect(await sync(instance)).toMatchObject({ status: 'succeeded', read: 2, created: 1, updated: 1 });
  const once = await missingColumns(instance);
  expect(once).toHaveLength(new Set(once).size);
  expect((await instance.tickets()).map((row) => row['username'])).toEqual(['Ben Osei']);
  expect(await instance.actions(1)).toHaveLength(2);
  inbox.add(compose({ subject: 'More smoke [ID:1]' }), instance.now);
  inbox.add(compose({ subject: 'Who are you?', from: 'ada@stranger.example' }), instance.now);
  expect(await sync(instance)).toMatchObject({ status: 'succeeded', created: 1, updated: 1 });
  const told = await missingColumns(instance);
  expect([...new Set(told)].sort()).toEqual([...lacking].sort());
});

it('Mail names the columns that are not there, and none that is joined by them', async () => {
  await using instance = await mailInstance({ lacking: ['FAULTS.RequestTypeNew'] });
  const { inbox } = instance.imap;
  inbox.add(compose({ subject: 'Printer on fire', messageId: '<first@alderfinch.example>' }), instance.now);
  inbox.add(compose({ subject: 'Re: it', inReplyTo: '<first@alderfinch.example>' }), instance.now);
  expect(await sync(instance)).toMatchObject({ status: 'succeeded', created: 1, updated: 1 });
  inbox.add(compose({ subject: 'Re: it', inReplyTo: '<first@alderfinch.example>' }), instance.now);
  expect(await sync(instance)).toMatchObject({ status: 'succeeded', updated: 1 });
  expect(new Set(await missingColumns(instance))).toEqual(new Set(['FAULTS.RequestTypeNew']));
});

it('Mail is not read where the columns are missing that a message is known by', async () => {
  await using instance = await mailInstance({ lacking: ['IncomingEmail.IEDateCreated'] });
  instance.imap.inbox.add(compose({ subject: 'Printer on fire' }), instance.now);
  expect(await sync(instance)).toMatchObject({
    status: 'failed',
    error: { code: 'MissingColumn', message: 'This Halo database has no column IncomingEmail.IEDateCreated.' },
  });
  expect(await instance.tickets()).toEqual([]);
});

it('Mail on a whole Halo misses nothing', async () => {
  await using instance = await mailInstance();
  instance.imap.inbox.add(compose({ subject: 'Printer on fire' }), instance.now);
  expect(await sync(instance)).toMatchObject({ status: 'succeeded', created: 1 });
  expect(await missingColumns(instance)).toEqual([]);
});
