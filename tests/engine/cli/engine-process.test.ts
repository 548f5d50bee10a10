import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fs from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import { openEmbeddedDatabase } from '../../../node/src/database/embedded/embedded-database.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { engineMain } from '../engine-main.ts';

let folder: string;
let settings: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'halo-cli-'));
  settings = join(folder, 'appsettings.json');
  save({ Integrations: { Pax8: { Settings: { ClientSecret: 'do-not-show-this' } } } });
});
// Windows keeps the folder in which a process ran for a moment after its end.
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));

function save(more: object): void {
  const base = { HaloUrl: 'https://halo.example.com', Database: { Server: '(embedded)', Name: 'halo.db' } };
  writeFileSync(settings, JSON.stringify({ ...base, ...more }));
}

function engine(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--no-warnings', engineMain, ...args], { encoding: 'utf8', cwd: folder });
}

describe('the command line', () => {
  it('shows the settings without secrets', () => {
    const { status, stdout } = engine('config', 'get', '--config', settings);
    expect(status).toBe(0);
    expect(stdout).toContain('(embedded)');
    expect(stdout).not.toContain('do-not-show-this');
  });

  it('refuses a secret as an argument, exit 2', () => {
    const { status, stderr } = engine('config', 'set', 'Database.Password', 'hunter2', '--config', settings);
    expect(status).toBe(2);
    expect(stderr).not.toContain('hunter2');
  });

  it('shows no secret, whatever its setting is called', () => {
    const named = { GoogleRefreshTokens: { 'Help desk': '1//do-not-show-this' }, Passwords: { a: 'nor-this' } };
    save({ Integrations: { IncomingMail: { Settings: named } } });
    const { stdout } = engine('config', 'get', '--json', '--config', settings);
    expect(stdout).toContain('Help desk');
    expect(stdout).not.toMatch(/do-not-show-this|nor-this/);
  });

  it.each([
    ['Integrations.IncomingMail.Settings.GoogleRefreshTokens.help', '1//hunter2'],
    ['Integrations.IncomingMail.Settings.GoogleRefreshTokens', '{"help":"hunter2"}'],
    ['Database.Password', '{hunter2'],
    ['Integrations.Pax8.Settings', '{"ClientSecret":"hunter2"}'],
    ['Integrations', '{"Pax8":{"Settings":{"ClientSecret":"hunter2"}}}'],
    ['Database', '{"Server":"sql01","Name":"Halo","Password":"hunter2"}'],
  ])('refuses a secret in %s %s, and takes a reference', (setting, value) => {
    const before = readFileSync(settings, 'utf8');
    const { status, stderr } = engine('config', 'set', setting, value, '--config', settings);
    expect([status, stderr]).toEqual([2, expect.not.stringContaining('hunter2')]);
    expect(readFileSync(settings, 'utf8')).toBe(before);
    const reference = value.startsWith('{"')
      ? value.replace('"hunter2"', '{"Environment":"X"}')
      : '{"Environment":"X"}';
    if (!setting.startsWith('Database'))
      expect(engine('config', 'set', setting, reference, '--config', settings).status).toBe(0);
  });

  it('takes a name with dots where secrets are kept by name', () => {
    const setting = 'Integrations.IncomingMail.Settings.GoogleRefreshTokens.help@acme.example';
    expect(engine('config', 'set', setting, '{"Environment":"X"}', '--config', settings).status).toBe(0);
    expect(readFileSync(settings, 'utf8')).toContain('"help@acme.example": {');
  });

  it.each([
    ['--what-if=True', false],
    ['--what-if=FALSE', true],
    ['--whatIf=True', false],
  ])('takes %s as PowerShell writes it', (option, writes) => {
    const { status, stdout } = engine('sync', option, '--json', '--config', settings);
    expect([status, (JSON.parse(stdout) as { whatIf: boolean }).whatIf]).toEqual([0, !writes]);
  });

  it.each([
    [['sync', '--what-if=yes'], '--what-if is on or off'],
    [['sync', '--what-if=1'], '--what-if is on or off'],
    [['sync', '--whatIf=1'], '--what-if is on or off'],
    [['enable', 'Pax8', '--config', ''], '--config was given without a value'],
    [['sync', '--config'], '--config was given without a value'],
    [['AUTO', ''], 'without a value'],
    [['enable', 'Pax8', '--config', 'a', '--config', 'b'], '--config was given 2 times'],
    [['AUTO', 'a', '--config', 'b'], 'two settings files'],
    [['logs', '--run', 'a', '--run', 'b'], '--run was given 2 times'],
    [['runs', '--last', 'abc'], '--last must be a number'],
    [['instance', 'new', 'x', '--copy-from'], '--copy-from was given without a value'],
  ])('refuses %j rather than guess', (args, said) => {
    const { status, stderr } = engine(...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(said)]);
  });

  it.each([['--json'], ['--json=true'], ['--json=True'], ['--json', 'true']])(
    'answers %s %s with errors in JSON',
    (...json) => {
      const { status, stderr } = engine('runs', 'zzzz', ...json.filter(Boolean), '--config', settings);
      expect([status, JSON.parse(stderr)]).toEqual([2, { error: expect.objectContaining({ code: 'RunNotFound' }) }]);
      expect(engine('runs', 'zzzz', '--json=false', '--config', settings).stderr).toContain('Fix: ');
    },
  );

  it('says that there is no run of an id, and where the settings are that were meant', () => {
    expect(engine('AUTO', settings).status).toBe(0);
    const { status, stderr } = engine('runs', 'zzzz', '--config', settings);
    expect([status, stderr]).toEqual([2, expect.stringContaining('RunNotFound')]);
    const wrong = engine('integrations', '--config', join(folder, 'appsettings.jsn'));
    expect(wrong.stderr).toContain('Give the path of that one');
  });

  it('finds in a test that the state folder cannot be used, as the run would', () => {
    writeFileSync(join(folder, 'state'), '');
    const { status, stdout } = engine('test', '--json', '--config', settings);
    const { checks } = JSON.parse(stdout) as { checks: { name: string; passed: boolean }[] };
    expect([status, checks.find(({ name }) => name === 'State')?.passed]).toEqual([2, false]);
  });

  it('names every fault of a bad file and the nearest key, exit 2', () => {
    save({ Loging: {}, Sync: { BatchSize: 'many' } });
    const { status, stderr } = engine('test', '--config', settings);
    const { stdout } = engine('test', '--config', settings);
    expect(status).toBe(2);
    expect(stdout + stderr).toContain('Logging');
    expect(stdout + stderr).toContain('Sync.BatchSize');
  });

  it('takes AUTO in any case, and only a file named appsettings.json', () => {
    expect(engine('auto', settings).status).toBe(0);
    expect(engine('AUTO', join(folder, 'other.json')).status).toBe(2);
  });

  it('does not take an entity without a name for all of them', () => {
    for (const command of ['sync', 'enable', 'disable']) {
      const { status, stderr } = engine(command, 'Pax8', '--entity', '--config', settings);
      expect([command, status, stderr]).toEqual([command, 2, expect.stringContaining('entity')]);
    }
  });

  it('switches an entity on and says why it still does not run', () => {
    expect(engine('enable', 'pax8', '--entity', 'subscriptions', '--config', settings).status).toBe(0);
    const { stdout } = engine('integrations', '--json', '--config', settings);
    const { integrations } = JSON.parse(stdout) as {
      integrations: { entity: string; enabledHere: boolean; reason: string }[];
    };
    expect(integrations.find((one) => one.entity === 'Subscriptions')).toMatchObject({
      enabledHere: true,
      reason: expect.stringContaining('no Pax8 connection'),
    });
  });

  it('names the server it cannot reach, never the password, and refuses unknown words', () => {
    save({ Database: { Server: '127.0.0.1,1', Name: 'Halo', Username: 'u', Password: 'p-secret' } });
    const { status, stderr } = engine('api', 'GET', '/Client', '--config', settings);
    expect(status).toBe(3);
    expect(stderr).toContain('127.0.0.1');
    expect(stderr).not.toContain('p-secret');
    expect(engine('frobnicate').status).toBe(2);
  });
});

describe('the bridge', () => {
  it('answers requests, refuses what breaks the protocol, and ends when stdin closes', async () => {
    const child = spawn(process.execPath, ['--no-warnings', engineMain, 'serve'], { cwd: folder });
    const messages: Record<string, unknown>[] = [];
    const read = (async () => {
      for await (const line of createInterface({ input: child.stdout })) {
        messages.push(JSON.parse(line) as Record<string, unknown>);
        if (messages.length === 5) child.stdin.end();
      }
    })();
    const ended = new Promise((resolve) => child.on('exit', resolve));
    const send = (message: unknown): boolean => child.stdin.write(`${JSON.stringify(message)}\n`);
    child.stdin.write('this is not JSON\n');
    send({ type: 'request', id: 9, method: 'test' });
    send({ type: 'hello', protocol: 1, client: 'test', config: settings });
    send({ type: 'request', id: 1, method: 'nonsense' });
    send({ type: 'request', id: 2, method: 'api', params: { method: 'GET', path: '/Client?count=1' } });
    await read;
    expect(await ended).toBe(0);
    expect(messages[0]).toMatchObject({ type: 'hello', protocol: 1 });
    expect(messages[1]).toMatchObject({ type: 'error', error: { code: 'BridgeProtocol' } });
    expect(messages[2]).toMatchObject({ type: 'error', error: { code: 'BridgeProtocol' } });
    expect(messages).toContainEqual(expect.objectContaining({ type: 'error', id: 1 }));
    expect(messages).toContainEqual({ type: 'result', id: 2, data: { record_count: 0, clients: [] }, exitCode: 0 });
  });

  it('tells warnings to who watches, over the bridge and on the command line', async () => {
    const { clock } = systemEnvironment(folder);
    const database = openEmbeddedDatabase({ path: join(folder, 'halo.db'), clock, fs });
    await database.connect();
    await fillDemoContent(database, clock);
    {
      await using session = await database.session('test');
      await session.transaction((transaction) =>
        transaction.update('Pax8Details', { PA8ImportEntities: '["nonsense"]' }, { all: [] }),
      );
    }
    await database.close();
    const warning = expect.stringContaining('holds "nonsense", whose meaning is not known');
    expect(engine('integrations', '--config', settings).stderr).toEqual(warning);

    const hello = { type: 'hello', protocol: 1, client: 'test', config: settings };
    const { stdout } = spawnSync(process.execPath, ['--no-warnings', engineMain, 'serve'], {
      encoding: 'utf8',
      input: [hello, { type: 'request', id: 1, method: 'integrations' }]
        .map((one) => `${JSON.stringify(one)}\n`)
        .join(''),
    });
    const [, first] = stdout.trim().split('\n');
    expect(JSON.parse(first ?? '')).toEqual({ type: 'warning', id: 1, message: warning });
  });
});
