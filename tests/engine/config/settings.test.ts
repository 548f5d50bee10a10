import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import nodeFs from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings, secretReferences } from '../../../node/src/config/load-settings.ts';
import { saveSettings, setEntity } from '../../../node/src/config/save-settings.ts';
import type { SettingsInvalidError } from '../../../node/src/errors/config-errors.ts';
import { integrations } from '../../../node/src/integrations/registry.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'halo-settings-'));
  path = join(folder, 'appsettings.json');
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

const environment = systemEnvironment(tmpdir());
const embedded = { Server: '(embedded)', Name: 'halo.db' };
const load = (variables = environment.variables) => loadSettings(path, { ...environment, variables }, integrations);
const faults = async (content: unknown) => {
  await fs.writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  const error = await load().then(
    () => undefined,
    (reason: unknown) => reason as SettingsInvalidError,
  );
  return error?.message ?? '';
};

describe('reading appsettings.json', () => {
  it('fills in defaults and takes relative paths from the file', async () => {
    await fs.writeFile(path, JSON.stringify({ Database: embedded }));
    const { settings } = await load();
    expect(settings.Database.Name).toBe(join(folder, 'halo.db'));
    expect(settings.Sync).toEqual({
      BatchSize: 5000,
      TimeLimitMinutes: 0,
      MaxDeactivatePercent: 20,
      MinReadPercent: 50,
      CompareAllHours: 24,
      MaxAnswerMegabytes: 32,
      MaxAnswerDepth: 64,
    });
  });

  it('takes comments and a byte order mark', async () => {
    expect(await faults(`\uFEFF{ // five settings\n "Database": ${JSON.stringify(embedded)}, /* none */ }`)).toBe('');
  });

  it('names members that stand there twice, since saving would lose the first', async () => {
    const pax8 = '{"Settings":{"ClientId":"1"}},"Pax8":{"Entities":{}}';
    const text = `{"Database":${JSON.stringify(embedded)},"Integrations":{"Pax8":${pax8}},"HaloUrl":"","HaloUrl":""}`;
    const said = await faults(text);
    expect(said).toMatch(/Integrations\.Pax8 stands there twice.*HaloUrl stands there twice/s);
    expect(await faults(text.replace('"Pax8":{"E', '"EntraId":{"E').replace(',"HaloUrl":""', ''))).toBe('');
  });

  it('names an address that is none and a day that is none', async () => {
    const settings = { Integrations: { Pax8: { Settings: { BaseUrl: 'notaurl' } } } };
    expect(await faults({ Database: embedded, ...settings })).toContain('Pax8.Settings.BaseUrl is not a web address');
    const nhserver = { Nhserver: { UpgradeDate: '2026-02-31' } };
    expect(await faults({ Database: embedded, ...nhserver })).toContain('there is no such day');
  });

  it('names a code whose word means nothing, and the words there are', async () => {
    const written = (Settings: object) => faults({ Database: embedded, Integrations: { IncomingMail: { Settings } } });
    const said = await written({ UnmatchedUsers: ['1=create-user', '2=drop'], MailboxTypes: ['imap', 'x=none'] });
    expect(said).toMatch(/3 faults.*UnmatchedUsers has "2=drop"\..*default-user, create-user, ignore/s);
    expect(said).toMatch(/MailboxTypes has "imap"\..*exchange, imap, none.*MailboxTypes has "x=none"/s);
    expect(await written({ UnmatchedUsers: [' 1 = Create-User'], MailboxTypes: ['-1=IMAP', '2=none'] })).toBe('');
  });

  it.each([
    ['an unknown key with the nearest one', { Database: embedded, Loging: {} }, /Loging is not known\..*Logging/s],
    [
      'every missing key',
      {},
      /5 faults.*Server is missing.*Name is missing.*HaloUrl is.*Username is.*Password is missing/s,
    ],
    [
      'a value of another kind',
      { Database: { ...embedded, Encrypt: 'yes' } },
      /Database\.Encrypt is a text.*true or false/s,
    ],
    [
      'a number out of range',
      { Database: embedded, Sync: { MaxDeactivatePercent: 120 } },
      /MaxDeactivatePercent is 120.*100 or less/s,
    ],
    ['an address that is none', { Database: embedded, HaloUrl: 'halo' }, /HaloUrl is not a web address/],
    [
      'a word that is not one of the few',
      { Database: embedded, Logging: { Level: 'loud' } },
      /Logging\.Level is "loud".*error, warn, info, debug/s,
    ],
    [
      'an unknown entity',
      { Database: embedded, Integrations: { Pax8: { Entities: { Subscription: true } } } },
      /Subscription is not known\..*Subscriptions/s,
    ],
    [
      'an unknown name of what is inferred',
      { Database: embedded, Halo: { ModuleIds: { pax9: 1, Intune: 2 }, HistoryFieldIds: { Count: 3 } } },
      /2 faults.*ModuleIds\.pax9 is not known.*Pax8.*HistoryFieldIds\.Count .*UserInactive, UserSite, LicenceCreated, LicenceCount/s,
    ],
    [
      'an unknown kind of link',
      { Database: embedded, Halo: { ExternalLinkTableIds: { Licence: 5, SoftwareLicence: 5 } } },
      /a fault.*ExternalLinkTableIds\.Licence is not known.*SoftwareLicence/s,
    ],
    [
      'a secret that is no reference',
      { Database: embedded, Integrations: { Pax8: { Settings: { ClientSecret: { Vault: 'x' } } } } },
      /ClientSecret is neither a text nor a known reference/,
    ],
    [
      'a login without a password',
      { Database: { Server: 'sql01', Name: 'Halo', Username: 'sa' } },
      /Database\.Password is missing/,
    ],
    [
      'a server with a port that is none',
      { Database: { Server: 'sql01,high', Name: 'Halo', Username: 'sa', Password: 'x' } },
      /Database\.Server is "sql01,high"/,
    ],
    [
      'an Entra ID sign-in without its app registration',
      { Database: { Server: 'sql01', Name: 'Halo', Username: 'u@x', Password: 'x', Authentication: 'entra-password' } },
      /Database\.ClientId is missing/,
    ],
    [
      'an Entra ID sign-in without its token',
      { Database: { Server: 'sql01', Name: 'Halo', Authentication: 'entra-token' } },
      /Database\.Password is missing.*access token/s,
    ],
    ['what is not JSON', '{ "Database": ', /appsettings\.json/],
    ['what is no object', '[1]', /an object/],
    ['what nests without end', '['.repeat(100_000), /nests deeper than 64 levels/],
  ])('names %s', async (_, content, words) => {
    expect(await faults(content)).toMatch(words);
  });

  it('names every fault at once and no secret', async () => {
    const message = await faults({
      Database: { Server: 1, Name: '', Password: 'hunter2-database', Encrypt: 'hunter2' },
      Integrations: { Pax8: { Settings: { ClientSecret: ['hunter2-pax8'] } } },
    });
    expect(message.split('\n').filter((line) => line.startsWith('  ')).length).toBeGreaterThanOrEqual(4);
    expect(message).not.toContain('hunter2');
  });
});

describe('secrets in the settings', () => {
  const withSecret = (ClientSecret: unknown) =>
    fs.writeFile(path, JSON.stringify({ Database: embedded, Integrations: { Pax8: { Settings: { ClientSecret } } } }));

  it('come from the environment where they say so', async () => {
    await withSecret({ Environment: 'PAX8_SECRET' });
    expect((await load({ PAX8_SECRET: 'from outside' })).integrationSettings('Pax8')['ClientSecret']).toBe(
      'from outside',
    );
    const without = (await load({})).integrationSettings('Pax8');
    expect(() => without['ClientSecret']).toThrow('the environment variable PAX8_SECRET is not set');
  });

  it('are named for whoever can open them, and fail only when they are read', async () => {
    await withSecret({ Vault: 'Halo', Secret: 'pax8' });
    const loaded = await load();
    expect(secretReferences(loaded.settings, integrations)).toEqual([
      { setting: 'Integrations.Pax8.Settings.ClientSecret', source: { Vault: 'Halo', Secret: 'pax8' } },
    ]);
    expect(() => loaded.integrationSettings('Pax8')['ClientSecret']).toThrow('it is in the vault Halo');
    const supplied = { 'Integrations.Pax8.Settings.ClientSecret': 'opened' };
    const opened = await loadSettings(path, environment, integrations, supplied);
    expect(opened.integrationSettings('Pax8')['ClientSecret']).toBe('opened');
    expect(opened.secrets).toContain('opened');
  });
});

describe('saving settings', () => {
  it('keeps what it was not asked to change, in its order', async () => {
    await fs.writeFile(path, JSON.stringify({ Sync: { BatchSize: 10 }, Database: embedded, HaloUrl: '' }));
    await saveSettings(path, { HaloUrl: 'https://halo.example.com' }, environment, integrations);
    const saved = JSON.parse(await fs.readFile(path, 'utf8')) as object;
    expect(Object.keys(saved)).toEqual(['Sync', 'Database', 'HaloUrl']);
    expect(saved).toMatchObject({ Sync: { BatchSize: 10 }, HaloUrl: 'https://halo.example.com' });
  });

  it('loses no change where several are made at once', async () => {
    await fs.writeFile(path, JSON.stringify({ Database: embedded }));
    const entities = ['Customers', 'Contacts', 'Products', 'Subscriptions'];
    await Promise.all(entities.map((one) => setEntity(path, 'Pax8', [one], true, environment, integrations)));
    const { settings } = await loadSettings(path, environment, integrations);
    expect(settings.Integrations['Pax8']?.Entities).toEqual(Object.fromEntries(entities.map((one) => [one, true])));
    expect(await fs.readdir(folder)).toEqual(['appsettings.json']);
  });

  it('says that there is no file where the folder is not there', async () => {
    const nowhere = join(folder, 'none', 'appsettings.json');
    const change = saveSettings(nowhere, { HaloUrl: 'https://x.example' }, environment, integrations);
    await expect(change).rejects.toMatchObject({ code: 'SettingsNotFound' });
  });

  it('goes on where a killed process left its lock', async () => {
    await fs.writeFile(path, JSON.stringify({ Database: embedded }));
    await fs.writeFile(`${path}.lock`, '');
    await fs.utimes(`${path}.lock`, new Date(0), new Date(0));
    await saveSettings(path, { 'Sync.BatchSize': 7 }, environment, integrations);
    expect((await loadSettings(path, environment, integrations)).settings.Sync.BatchSize).toBe(7);
  });

  it('is done although a virus scanner holds the file for a moment', async () => {
    await fs.writeFile(path, JSON.stringify({ Database: embedded }));
    const held = Object.assign(new Error('held'), { code: 'EPERM' });
    let left = 2;
    const { rename } = nodeFs;
    const spy = jest.spyOn(nodeFs, 'rename').mockImplementation((from, to, done) => {
      if (left-- > 0) done(held);
      else rename(from, to, done);
    });
    await saveSettings(path, { 'Sync.BatchSize': 7 }, { ...environment, platform: 'win32' }, integrations);
    spy.mockRestore();
    expect(left).toBeLessThan(0);
    expect((await loadSettings(path, environment, integrations)).settings.Sync.BatchSize).toBe(7);
  });

  it('is done although a virus scanner keeps its lock for good', async () => {
    await fs.writeFile(path, JSON.stringify({ Database: embedded }));
    const held = async () => Promise.reject(Object.assign(new Error('held'), { code: 'EPERM' }));
    const clock = { ...environment.clock, sleep: async () => {} };
    const windows = { ...environment, platform: 'win32' as const, clock, fs: { ...fs, rm: held, rename: held } };
    await saveSettings(path, { 'Sync.BatchSize': 7 }, windows, integrations);
    expect((await loadSettings(path, environment, integrations)).settings.Sync.BatchSize).toBe(7);
    // The next change finds that lock.
    await fs.utimes(`${path}.lock`, new Date(0), new Date(0));
    const next = saveSettings(path, { 'Sync.BatchSize': 8 }, windows, integrations);
    await expect(next).rejects.toMatchObject({ code: 'SettingsNotSaved' });
  });

  it('refuses a change that brings a fault, and the file stays as it was', async () => {
    const text = JSON.stringify({ Database: embedded });
    await fs.writeFile(path, text);
    const change = saveSettings(path, { 'Sync.BatchSize': 'many' }, environment, integrations);
    await expect(change).rejects.toMatchObject({ code: 'SettingsInvalid' });
    expect(await fs.readFile(path, 'utf8')).toBe(text);
    expect(await fs.readdir(folder)).toEqual(['appsettings.json']);
  });
});
