import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { configGet } from '../../../node/src/commands/config.ts';
import { Engine } from '../../../node/src/commands/engine.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { integrationStates } from '../../../node/src/sync/plan.ts';
import { compose } from '../../sandbox/mail/compose.ts';
import { mailInstance, type MailInstance } from './mail-instance.ts';

async function outcome(instance: MailInstance) {
  const [only] = (await instance.sync()).results;
  return { status: only?.status, code: only?.error?.code, created: only?.created };
}

describe('Signing in to IMAP', () => {
  it('refuses a certificate nobody vouches for, and a server without TLS, unless told otherwise', async () => {
    await using strict = await mailInstance({ settings: { TrustServerCertificate: false } });
    expect(await outcome(strict)).toMatchObject({ status: 'failed', code: 'MailTls' });
    expect(strict.imap.commands).toEqual([]);

    await using plain = await mailInstance({ tls: false });
    expect((await outcome(plain)).status).toBe('failed');
    expect(plain.imap.commands).not.toContain('LOGIN');
    await using allowed = await mailInstance({
      tls: false,
      mailbox: { MBUseTLS: false },
      settings: { AllowUnencrypted: true },
    });
    allowed.imap.inbox.add(compose({}));
    expect(await outcome(allowed)).toMatchObject({ status: 'succeeded', created: 1 });
  });

  it('signs in to Gmail with an access token got for the refresh token', async () => {
    const asked: string[] = [];
    const tokens = createServer((request, response) => {
      void text(request).then((body) => {
        asked.push(body);
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ access_token: 'sandbox-access-token', expires_in: 3599 }));
      });
    });
    await new Promise<void>((resolve) => tokens.listen(0, '127.0.0.1', resolve));
    const { port } = tokens.address() as AddressInfo;
    try {
      await using instance = await mailInstance({
        mailbox: { MBGoogleEmail: 'support@msp.example' },
        settings: {
          Passwords: {},
          GoogleClientId: 'gid',
          GoogleClientSecret: 'gsecret',
          GoogleRefreshTokens: { '1': 'refresh-me' },
          GoogleTokenUrl: `http://127.0.0.1:${port}/token`,
        },
      });
      instance.imap.inbox.add(compose({}));
      expect(await outcome(instance)).toMatchObject({ status: 'succeeded', created: 1 });
      expect(Object.fromEntries(new URLSearchParams(asked[0]))).toEqual({
        client_id: 'gid',
        client_secret: 'gsecret',
        refresh_token: 'refresh-me',
        grant_type: 'refresh_token',
      });
      expect(instance.imap.commands).toContain('AUTHENTICATE');
    } finally {
      tokens.close();
    }
  });

  it('takes a password from Halo’s row only where it is plain', async () => {
    await using instance = await mailInstance({
      settings: { Passwords: {} },
      mailbox: { MBpassword: 'c2VjcmV0IGVuY3J5cHRlZCBieSBoYWxv' },
    });
    expect(await outcome(instance)).toMatchObject({ code: 'MissingCredential' });
    await instance.set('MAILBOX', { MBpassword: instance.imap.password });
    expect(await outcome(instance)).toMatchObject({ status: 'succeeded' });
  });
});

describe('The mailboxes that are read', () => {
  it('are those Halo has enabled and this instance names; POP3 and sending ones are none', async () => {
    await using instance = await mailInstance({ settings: { Mailboxes: ['support', '4'] } });
    await using session = await instance.database.session('test');
    await session.transaction((transaction) =>
      transaction.insert('MAILBOX', [
        { MBid: 2, mbname: 'Sales', MBserver: 'mail.example', mbpopport: 993, MBenabled: true },
        { MBid: 3, mbname: 'Old', MBserver: 'mail.example', mbpopport: 110, MBenabled: true },
        { MBid: 4, mbname: 'Off', MBserver: 'mail.example', mbpopport: 993, MBenabled: false },
        { MBid: 5, mbname: 'Outgoing', MBsmtpserver: 'smtp.example', MBenabled: true },
      ]),
    );
    const states = (await integrationStates(await instance.parts())).filter(
      (one) => one.integration === 'IncomingMail',
    );
    expect(states.map((one) => [one.connection, one.willRun])).toEqual([
      ['Support', true],
      ['Off', false],
    ]);
  });

  it('take their credentials from MailboxCredential where Halo has moved them there', async () => {
    await using instance = await mailInstance({ mailbox: { MBserver: '', MBusername: '', mbpopport: 0 } });
    await using session = await instance.database.session('test');
    await session.transaction((transaction) =>
      transaction.insert('MailboxCredential', [
        {
          MCguid: '00000000-0000-4000-8000-000000000001',
          MCmbid: 1,
          MCinstanceid: 1,
          MCserver: instance.imap.host,
          MCport: instance.imap.port,
          MCusername: instance.imap.user,
          MCusetls: true,
        },
      ]),
    );
    instance.imap.inbox.add(compose({}));
    expect(await outcome(instance)).toMatchObject({ status: 'succeeded', created: 1 });
  });

  it('keep their passwords out of the log and of the settings that are shown', async () => {
    await using instance = await mailInstance();
    const { settings } = await instance.parts();
    expect(settings.secrets).toContain(instance.imap.password);
    expect(Object.values(settings.integrationSettings('IncomingMail')['Passwords'] as object)).toEqual([
      instance.imap.password,
    ]);
    await using engine = new Engine(systemEnvironment(instance.folder), instance.settingsPath);
    const shown = await configGet.run(engine, {}, { progress: () => undefined } as never, new AbortController().signal);
    expect(JSON.stringify(shown.data)).toContain('"Passwords":{"Support":"***"}');
    expect(JSON.stringify(shown.data)).not.toContain(instance.imap.password);
  });
});
