import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { configGet } from '../../../node/src/commands/config.ts';
import { Engine } from '../../../node/src/commands/engine.ts';
import { sync } from '../../../node/src/commands/sync.ts';
import { test } from '../../../node/src/commands/test.ts';
import type { Check } from '../../../node/src/commands/check.ts';
import { loadSettings } from '../../../node/src/config/load-settings.ts';
import { integrations } from '../../../node/src/integrations/registry.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { pax8Instance, type Pax8Instance } from '../sync/pax8-instance.ts';
import { mailServer, webhook, type MailServer, type Webhook } from './receiving.ts';

const password = 'Qz7xW9kLm2PvMAIL';
const path = '/hooks/Qz7xW9kLm2PvHOOK';
const hour = 3_600_000;

let instance: Pax8Instance;
let mail: MailServer;
let hook: Webhook;
let now: Date;
let warnings: string[];

beforeEach(async () => {
  instance = await pax8Instance({ entities: { Products: true } });
  mail = await mailServer(password);
  hook = await webhook(path);
  now = new Date('2026-11-24T08:00:00Z');
  warnings = [];
  await settle({ Email: email(), Webhook: { Url: hook.url, Shape: 'slack' } });
});
afterEach(async () => {
  await instance[Symbol.asyncDispose]();
  await mail[Symbol.asyncDispose]();
  await hook[Symbol.asyncDispose]();
});

const email = () => ({
  Server: '127.0.0.1',
  Port: mail.port,
  TrustServerCertificate: true,
  Username: 'halo',
  Password: password,
  From: 'halo@example.com',
  To: ['it@example.com', 'boss@example.com'],
});

async function settle(notice: object, more: object = {}): Promise<void> {
  const settings = JSON.parse(await readFile(instance.settingsPath, 'utf8')) as object;
  await writeFile(instance.settingsPath, JSON.stringify({ ...settings, ...more, Notice: notice }));
}

async function withEngine<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
  const system = systemEnvironment(instance.folder);
  const environment = { ...system, clock: { ...system.clock, now: () => now }, hostName: 'SRV01' };
  await using engine = new Engine(
    environment,
    instance.settingsPath,
    {},
    { warned: (message) => void warnings.push(message) },
  );
  return work(engine);
}

const noOutput = { progress: () => {}, items: async () => {} };
const run = (params: object = { auto: true }): Promise<number> =>
  withEngine(
    async (engine) => (await sync.run(engine, { ...params }, noOutput, new AbortController().signal)).exitCode,
  );
const checks = (sendNotice: boolean): Promise<{ checks: Check[]; exitCode: number }> =>
  withEngine(async (engine) => {
    const { data, exitCode } = await test.run(engine, { sendNotice }, noOutput, new AbortController().signal);
    return { checks: (data as { checks: Check[] }).checks.filter(({ name }) => name.startsWith('Notice')), exitCode };
  });
const posted = (): string[] => hook.posts.map((one) => (one as { text: string }).text);
/** With another one, Pax8 does not accept the credentials. */
async function changeSecret(secret: string): Promise<void> {
  const settings = JSON.parse(await readFile(instance.settingsPath, 'utf8')) as {
    Integrations: { Pax8: { Settings: { ClientSecret: string } } };
  };
  settings.Integrations.Pax8.Settings.ClientSecret = secret;
  await writeFile(instance.settingsPath, JSON.stringify(settings));
}

describe('a notice', () => {
  it('is given when an entity begins to fail, once more after a day, and when it is well again; not in between', async () => {
    expect(await run()).toBe(0);
    expect(mail.mails).toEqual([]);

    await changeSecret('wrong');
    expect(await run()).toBe(3);
    expect(mail.mails).toEqual([
      {
        from: 'halo@example.com',
        to: ['it@example.com', 'boss@example.com'],
        encrypted: true,
        user: 'halo',
        text: expect.stringContaining('Subject: Halo sync on SRV01: Pax8 Products'),
      },
    ]);
    expect(mail.mails[0]?.text).toMatch(/Products[^]*failed:[^]*VendorAuth[^]*Get-HaloSyncRun/);
    expect(posted()).toEqual([expect.stringMatching(/^Halo sync on SRV01: Pax8 Products.* failed\n/)]);

    now = new Date(now.getTime() + 23 * hour);
    await run();
    expect(mail.mails).toHaveLength(1);

    now = new Date(now.getTime() + 2 * hour);
    await run();
    await run();
    expect(mail.mails).toHaveLength(2);
    expect(posted()[1]).toContain('still fails, since 2026-11-24T08:00:00.000Z');

    await changeSecret(instance.sandbox.clientSecret);
    expect(await run()).toBe(0);
    await run();
    expect(mail.mails).toHaveLength(3);
    expect(posted()[2]).toContain('is well again');
  });

  it('is not given for what somebody ran by hand, or only tried', async () => {
    await changeSecret('wrong');
    await run({});
    await run({ auto: true, whatIf: true });
    expect(hook.posts).toEqual([]);
  });

  it('is given when the run cannot start, and when one starts again', async () => {
    const settings = JSON.parse(await readFile(instance.settingsPath, 'utf8')) as { Database: unknown };
    const nowhere = { Server: '127.0.0.1,1', Name: 'Halo', Username: 'halo', Password: 'none' };
    await writeFile(instance.settingsPath, JSON.stringify({ ...settings, Database: nowhere }));
    await expect(run()).rejects.toThrow('127.0.0.1');
    await expect(run()).rejects.toThrow('127.0.0.1');
    expect(posted()).toEqual([expect.stringMatching(/The whole sync failed\n.*\(DatabaseUnreachable\)/)]);
    await writeFile(instance.settingsPath, JSON.stringify(settings));
    await run();
    expect(posted()[1]).toContain('The whole sync is well again');
  });

  it('tells once that NHserver is no longer needed', async () => {
    await settle({ Webhook: { Url: hook.url, Shape: 'slack' } }, { Nhserver: { UpgradeDate: '2026-10-25' } });
    await run();
    expect(hook.posts).toEqual([]);
    now = new Date('2026-11-25T12:00:00Z');
    await run();
    await run();
    expect(posted()).toEqual([expect.stringContaining('has not been needed since 2026-11-24')]);
  });

  it('that did not arrive is a warning, fails nothing, and is given again to whom it did not reach', async () => {
    await changeSecret('wrong');
    hook.answer(500);
    expect(await run()).toBe(3);
    expect(mail.mails).toHaveLength(1);
    expect(warnings).toEqual([expect.stringMatching(/webhook at 127\.0\.0\.1:\d+: it answered with status 500\./)]);
    hook.answer(200);
    expect(await run()).toBe(3);
    expect(mail.mails).toHaveLength(1);
    expect(posted()).toEqual([expect.stringContaining('Products')]);
  });

  it('holds no secret, and neither does what is said where it cannot be sent', async () => {
    await settle({
      Email: { ...email(), Username: 'halo', Password: `${password}-wrong` },
      Webhook: { Url: hook.url, Shape: 'teams' },
    });
    await changeSecret('Qz7xW9kLm2PvVENDOR');
    await run();
    hook.answer(404);
    await rm(join(instance.folder, 'state', 'notice-webhook.json'));
    await run();
    expect(warnings.join('\n')).toContain('No notice could be given to the mail server');
    const folder = join(instance.folder, 'state');
    const kept = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'latin1')));
    const said = [JSON.stringify(hook.posts), warnings.join('\n'), await instance.logged(), ...kept].join('\n');
    expect(said).not.toContain('Qz7xW9kLm2Pv');
  });

  it('is a card of plain text for Teams, in which words of a vendor are no link', async () => {
    await settle({ Webhook: { Url: hook.url, Shape: 'teams' } });
    await changeSecret('wrong');
    await run();
    expect(hook.posts).toEqual([
      {
        type: 'message',
        attachments: [
          {
            contentType: 'application/vnd.microsoft.card.adaptive',
            contentUrl: null,
            content: expect.objectContaining({ type: 'AdaptiveCard', version: '1.4' }),
          },
        ],
      },
    ]);
    const blocks = [...JSON.stringify(hook.posts).matchAll(/"type":"(\w+)"/g)].map(([, type]) => type);
    expect(new Set(blocks)).toEqual(new Set(['message', 'AdaptiveCard', 'RichTextBlock', 'TextRun']));
  });
});

describe('Test-HaloDbConfig', () => {
  it('checks who is to be told, and sends a try only when asked', async () => {
    expect((await checks(false)).checks.map(({ name, passed }) => [name, passed])).toEqual([
      ['Notice by e-mail', true],
      ['Notice by webhook', true],
    ]);
    expect(mail.mails).toEqual([]);
    expect((await checks(true)).checks.every(({ passed }) => passed)).toBe(true);
    expect(mail.mails[0]?.text).toContain('Subject: Halo sync on SRV01: a try');
    expect(posted()).toEqual([expect.stringContaining('This is a try')]);
  });

  it.each([
    ['a certificate that nobody vouches for', { TrustServerCertificate: false }, /certificate/],
    ['a wrong password', { Password: 'wrong' }, /password|login|auth/i],
    ['a server that cannot encrypt', { Port: 0 }, /STARTTLS/],
  ])('fails over %s', async (_, change, words) => {
    await using plain = await mailServer(password, { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    await settle({ Email: { ...email(), ...change, ...('Port' in change && { Port: plain.port }) } });
    const { checks: found, exitCode } = await checks(true);
    expect(found).toEqual([
      {
        name: 'Notice by e-mail',
        passed: false,
        detail: expect.stringMatching(words),
        fix: expect.stringMatching(/./),
      },
    ]);
    expect(exitCode).toBe(3);
    expect([...mail.mails, ...plain.mails]).toEqual([]);
  });

  it('talks TLS from the first byte, and plain where the settings say so and nobody signs in', async () => {
    await using first = await mailServer(password, { secure: true });
    await settle({ Email: { ...email(), Port: first.port, Security: 'tls' } });
    await checks(true);
    const { Server, Port, From, To } = email();
    await settle({ Email: { Server, Port, From, To, Security: 'none' } });
    await checks(true);
    expect([...first.mails, ...mail.mails].map(({ encrypted, user }) => [encrypted, user])).toEqual([
      [true, 'halo'],
      [false, undefined],
    ]);
  });

  it('says nothing of notices where none are set, and that nobody was told where a try is asked for', async () => {
    await settle({});
    expect((await checks(false)).checks).toEqual([]);
    expect((await checks(true)).checks).toMatchObject([{ name: 'Notice', passed: false }]);
  });
});

describe('Notice in appsettings.json', () => {
  it('shows no secret', async () => {
    const shown = await withEngine((engine) => configGet.run(engine, {}, noOutput, new AbortController().signal));
    expect(JSON.stringify(shown)).toContain('it@example.com');
    expect(JSON.stringify(shown)).not.toContain('Qz7xW9kLm2Pv');
  });

  it.each([
    [{ Email: { Server: 'smtp' } }, 'Notice.Email.From is missing'],
    [{ Email: { Server: 'smtp', From: 'nobody', To: ['a@example.com'] } }, 'Notice.Email.From is no mail address'],
    [{ Email: { Server: 'smtp', From: 'a@example.com', To: [] } }, 'Notice.Email.To is empty'],
    [{ Email: { Server: 's', From: 'a@b.c', To: ['a@b.c\r\nBcc: x@y.z'] } }, 'Notice.Email.To has "a@b.c'],
    [
      { Email: { Server: 's', From: 'a@b.c', To: ['a@b.c'], Security: 'none', Username: 'u', Password: 'p' } },
      'would be sent unencrypted',
    ],
    [{ Email: { Server: 's', From: 'a@b.c', To: ['a@b.c'], Username: 'u' } }, 'Notice.Email.Password is missing'],
    [{ Webhook: { Url: 'http://hooks.example.com/secret', Shape: 'slack' } }, 'Notice.Webhook.Url is no https address'],
    [{ Webhook: { Url: 'https://hooks.example.com/secret', Shape: 'irc' } }, 'teams, slack'],
    [{ Sms: {} }, 'Notice.Sms is not known'],
  ])('refuses %j', async (notice, words) => {
    await settle(notice);
    const loading = loadSettings(instance.settingsPath, systemEnvironment(instance.folder), integrations);
    await expect(loading).rejects.toThrow(words);
    await expect(loading).rejects.not.toThrow('/secret');
  });
});
