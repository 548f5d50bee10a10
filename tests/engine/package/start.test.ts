import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSettings } from '../../../node/src/config/load-settings.ts';
import { integrationSchema } from '../../../node/src/config/settings-schema.ts';
import type { IntegratorError } from '../../../node/src/errors/integrator-error.ts';
import { integrations } from '../../../node/src/integrations/registry.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';

const dist = fileURLToPath(new URL('../../../node/dist/', import.meta.url));
const source = fileURLToPath(new URL('../../../node/src/integrations/', import.meta.url));
let folder: string;
let settings: string;
let noted: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'halo-start-'));
  settings = join(folder, 'appsettings.json');
  noted = join(folder, 'loaded.txt');
  // Node tells what it loads, of every kind, to hooks that run in the same thread.
  await fs.writeFile(
    join(folder, 'note.mjs'),
    `import { appendFileSync } from 'node:fs';
     import { registerHooks } from 'node:module';
     registerHooks({ load(url, context, next) { appendFileSync(${JSON.stringify(noted)}, url + '\\n'); return next(url, context); } });`,
  );
});
afterAll(async () => fs.rm(folder, { recursive: true, force: true, maxRetries: 20 }));

const embedded = { Server: '(embedded)', Name: 'halo.db' };
const pax8 = { Entities: { Customers: true }, Settings: { ClientId: 'an-id', ClientSecret: 'a-secret' } };

/** What the bundle loads of its own files for a command: their names, and how many bytes they have. */
async function loadedBy(...words: string[]): Promise<{ names: string[]; bytes: number }> {
  await fs.rm(noted, { force: true });
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--no-warnings', '--import', pathToFileURL(join(folder, 'note.mjs')).href, join(dist, 'main.mjs'), ...words],
    { encoding: 'utf8' },
  );
  expect([words[0], status, status === 0 ? '' : stderr]).toEqual([words[0], 0, '']);
  const urls = (await fs.readFile(noted, 'utf8')).split('\n').filter((url) => url.startsWith('file:'));
  const files = [...new Set(urls.map((url) => fileURLToPath(url)))].filter((file) => file.startsWith(dist));
  return {
    names: files.map((file) => file.slice(dist.length)),
    bytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
  };
}

/** The integrations that some of these files are of: their code by its folder, their settings by their name. */
function integrationsIn(names: readonly string[]): string[] {
  const folders = readdirSync(source, { withFileTypes: true }).filter((one) => one.isDirectory());
  return names.flatMap((name) => {
    if (/^sections[\\/]/.test(name)) return [basename(name, '.cjs')];
    const stem = name.replace(/-[A-Z0-9]{8}\.mjs$/, '');
    return folders.some((one) => one.name === stem) ? [stem] : [];
  });
}

describe('A start of the shipped bundle', () => {
  it('reads the settings by few files, of which none is of an integration that they do not name', async () => {
    await fs.writeFile(settings, JSON.stringify({ Database: embedded, Integrations: { Pax8: pax8 } }));
    const { names, bytes } = await loadedBy('config', 'get', '--config', settings);
    expect(integrationsIn(names)).toEqual(['Pax8']);
    expect([names.length <= 7, names]).toEqual([true, names]);
    expect(bytes).toBeLessThan(420_000);
  });

  it('runs by few files, of which none is of an integration that the settings do not name', async () => {
    await fs.writeFile(settings, JSON.stringify({ Database: embedded, Integrations: { Pax8: pax8 } }));
    const { names, bytes } = await loadedBy('AUTO', settings);
    expect(integrationsIn(names)).toEqual(['Pax8', 'pax8']);
    expect([names.length <= 16, names]).toEqual([true, names]);
    expect(bytes).toBeLessThan(1_300_000);
    // No client of a vendor or of a server's database: nothing was asked.
    expect(names.filter((name) => /^(send|sql-server-database|esm|tedious)-/.test(name))).toEqual([]);
  });

  it('says hello over the bridge by few files', async () => {
    const { names } = await loadedBy('serve');
    expect(integrationsIn(names)).toEqual([]);
    expect([names.length <= 7, names]).toEqual([true, names]);
  });

  it('knows of every integration what its source says', () => {
    const load = createRequire(import.meta.url);
    for (const integration of integrations) {
      const made = load(join(dist, 'sections', `${integration.name}.cjs`)) as Record<string, unknown>;
      const kept = ['type', 'secret', 'perName', 'words', 'meaning', 'codes', 'default', 'description'];
      const fields = Object.entries(integration.settings).map(([name, field]) => [
        name,
        Object.fromEntries(Object.entries(field).filter(([key]) => kept.includes(key))),
      ]);
      expect([integration.name, made['settings']]).toEqual([integration.name, Object.fromEntries(fields)]);
      expect(made['entities']).toEqual(integration.entities.map(({ name }) => ({ name })));
      expect(made['schema']).toEqual(integrationSchema(integration));
    }
  });

  it('finds the faults that its source finds, in the same order and words', async () => {
    const wrong = {
      Databse: {},
      HaloUrl: 5,
      Database: { ...embedded, Encrypt: 'yes' },
      Integrations: {
        pax8: { Entities: { customer: true, Contacts: 'on' }, Settings: { clientid: 5, ApiUrl: 'api.pax8.com' } },
        Okto: {},
        NinjaOne: [],
        EntraId: { Settings: { MatchingFieldNames: ['x'], Nothing: 1 }, Entity: {} },
        IncomingMail: { Settings: { MailboxPasswords: { a: 5 } } },
      },
      Sync: { BatchSize: 0 },
      Halo: { ModuleIds: { Pax9: 5, Intune: 'x' }, HistoryFieldIds: { none: 1 } },
      Notice: { Webhook: { Shape: 'irc' } },
    };
    await fs.writeFile(settings, JSON.stringify(wrong));
    const told = await loadSettings(settings, systemEnvironment(folder), integrations).then(
      () => undefined,
      (error: unknown) => (error as IntegratorError).message,
    );
    expect(told).toMatch(/Okto.*did you mean Okta/);
    const words = ['--no-warnings', join(dist, 'main.mjs'), 'config', 'get', '--json', '--config', settings];
    const { stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    expect((JSON.parse(stderr) as { error: { message: string } }).error.message).toBe(told);
  });
});
