import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from '@jest/globals';
import { Engine } from '../../../node/src/commands/engine.ts';
import { configSet } from '../../../node/src/commands/config.ts';
import { taskCommands } from '../../../node/src/commands/tasks.ts';
import { test } from '../../../node/src/commands/test.ts';
import type { Check } from '../../../node/src/commands/check.ts';
import { nhserverAdvice, neededUntil } from '../../../node/src/nhserver/nhserver-advice.ts';
import { nhserverInHalo } from '../../../node/src/nhserver/nhserver-in-halo.ts';
import { nhserverNotices } from '../../../node/src/nhserver/nhserver-notices.ts';
import { nhserverOnWindows } from '../../../node/src/nhserver/nhserver-on-windows.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { haloTestDatabase } from '../halo-database.ts';
import { recordingScheduler } from '../schedule/recording-scheduler.ts';
import { pax8Instance, type Pax8Instance } from '../sync/pax8-instance.ts';
import { needsWindows } from '../wine.ts';

const on = (date: string): Date => new Date(`${date}T12:00:00Z`);
const enabled = { lookedHere: true, here: { name: 'the task \\NHserver', enabled: true } };
const disabled = { lookedHere: true, here: { name: 'the task \\NHserver', enabled: false } };
const upgraded = '2026-11-01';

describe('what is said of NHserver', () => {
  it('is needed for 30 days', () => expect(neededUntil(upgraded)).toBe('2026-12-01'));

  it.each([
    ['enabled within the 30 days', '2026-12-01', enabled, true, 'until 2026-12-01'],
    ['disabled within the 30 days', '2026-11-20', disabled, false, 'Enable'],
    ['nowhere here within the 30 days', '2026-11-20', { lookedHere: true }, false, 'Enable'],
    ['elsewhere, as its log tells', '2026-11-20', { lookedHere: true, lastLog: on('2026-11-19') }, true, 'until'],
    ['not looked at', '2026-11-20', { lookedHere: false }, true, 'must stay scheduled'],
    ['enabled afterwards', '2026-12-02', enabled, false, 'Disable the task'],
    ['disabled afterwards', '2026-12-02', disabled, true, 'should be disabled'],
    [
      'still writing afterwards',
      '2027-01-02',
      { lookedHere: false, lastLog: on('2027-01-01') },
      false,
      'where it runs',
    ],
    ['long silent afterwards', '2027-01-02', { lookedHere: false, lastLog: on('2026-12-01') }, true, '2026-12-01'],
  ])('%s', (_, today, signs, passed, words) => {
    const advice = nhserverAdvice(upgraded, signs, on(today));
    expect(advice.passed).toBe(passed);
    expect(`${advice.detail} ${advice.fix}`).toContain(words);
  });

  it('asks for the date where it is not recorded, and fails where there is a sign of it', () => {
    expect(nhserverAdvice(undefined, { lookedHere: false }, on('2026-11-20')).passed).toBe(true);
    // Without a sign it is asked, too, but nothing is wrong.
    expect(nhserverAdvice(undefined, { lookedHere: true }, on('2026-11-20')).detail).toContain('NhserverUpgradeDate');
    const asked = nhserverAdvice(undefined, { lookedHere: false, configurations: 1 }, on('2026-11-20'));
    expect(asked).toMatchObject({ passed: false, fix: expect.stringContaining('NhserverUpgradeDate') });
  });
});

describe('the day', () => {
  const advised = (zone: string, now: string): string =>
    spawnSync(
      process.execPath,
      ['--no-warnings', '--input-type=module', '-e', script, JSON.stringify([upgraded, { lookedHere: false }]), now],
      { env: { ...process.env, TZ: zone }, encoding: 'utf8' },
    ).stdout;
  const script = `
    const { nhserverAdvice } = await import(${JSON.stringify(import.meta.resolve('../../../node/src/nhserver/nhserver-advice.ts'))});
    const [given, now] = process.argv.slice(-2);
    console.log(nhserverAdvice(...JSON.parse(given), new Date(now)).detail);`;

  it('is that of this machine, on the last of the 30 days', () => {
    expect(advised('America/New_York', '2026-12-02T03:00:00Z')).toContain('must stay scheduled');
    expect(advised('Pacific/Auckland', '2026-12-01T13:00:00Z')).toContain('has not been needed');
  });

  it('of an upgrade that is yet to come is a slip', () => {
    const advice = nhserverAdvice('2027-11-01', { lookedHere: false }, on('2026-11-20'));
    expect(advice).toMatchObject({ passed: false, detail: expect.stringContaining('yet to come') });
  });
});

describe('looking on Windows', () => {
  const look = (tasks: string, services = '', configuration = '') =>
    nhserverOnWindows({ platform: 'win32', variables: {} }, async (_, args) =>
      args[0] === '/Query'
        ? tasks
        : args[0] === 'qc'
          ? configuration
          : args[0] === '/groups'
            ? 'S-1-5-32-544 S-1-16-12288'
            : services,
    );
  const task = (name: string, command: string, settings: string): string =>
    `<Tasks>\n<!-- \\${name} -->\n<Task version="1.2"><Triggers><T><Enabled>false</Enabled></T></Triggers><Settings>${settings}</Settings><Actions><Exec><Command>${command}</Command></Exec></Actions></Task>\n</Tasks>`;

  it('finds its task by name or program, and its service', async () => {
    expect(await look(task('NHServer scan', 'x.exe', ''))).toMatchObject({ here: { enabled: true } });
    expect(await look(task('Mail', 'C:\\Halo\\NHServer.exe', '<Enabled>false</Enabled>'))).toMatchObject({
      here: { name: 'the task \\Mail', enabled: false },
    });
    const services = 'SERVICE_NAME: Spooler\r\nDISPLAY_NAME: Spooler\r\n\r\nSERVICE_NAME: NHServerService\r\n';
    expect(await look('', services, '        START_TYPE         : 2   AUTO_START\r\n')).toMatchObject({
      here: { name: 'the service NHServerService', enabled: true },
    });
    expect(await look('', services, '        START_TYPE         : 4   DISABLED\r\n')).toMatchObject({
      here: { enabled: false },
    });
    expect(await look(task('Backup', 'y.exe', ''), 'SERVICE_NAME: Spooler')).toEqual({ lookedHere: true });
  });

  it('does not say that there is none where the account may not see the tasks of others', async () => {
    const ask = (groups: string) =>
      nhserverOnWindows({ platform: 'win32', variables: {} }, (program) =>
        Promise.resolve(
          program.includes('schtasks')
            ? task('Backup', 'y.exe', '')
            : program.includes('whoami')
              ? groups
              : 'SERVICE_NAME: Spooler',
        ),
      );
    const administrators = 'BUILTIN\\Administratoren Alias S-1-5-32-544 Nur verweigern';
    for (const groups of ['', `${administrators} S-1-16-8192`, 'S-1-16-16384 S-1-5-11'])
      expect(await ask(groups)).toEqual({ lookedHere: false, tasksHidden: true });
    for (const integrity of ['S-1-16-12288', 'S-1-16-16384'])
      expect(await ask(`${administrators} ${integrity}`)).toEqual({ lookedHere: true });
    const advice = nhserverAdvice(upgraded, { lookedHere: false, tasksHidden: true }, on('2026-11-20'));
    expect(advice).toMatchObject({ passed: true, detail: expect.stringContaining('ask as administrator') });
  });

  it('does not say that there is none where tasks or services could not be listed', async () => {
    expect(await look('', 'SERVICE_NAME: Spooler')).toEqual({ lookedHere: false });
    expect(await look(task('Backup', 'y.exe', ''), '[SC] OpenSCManager FAILED 5:')).toEqual({ lookedHere: false });
  });

  if (process.platform === 'win32')
    needsWindows('the lists of schtasks and sc')("lists this machine's tasks and services", async () =>
      expect(await nhserverOnWindows({ platform: 'win32', variables: process.env })).toEqual({ lookedHere: true }),
    );
  else
    it('reads what a program said before it failed', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'halo-nhserver-'));
      await mkdir(join(folder, 'System32'));
      const script = `#!/bin/sh\nprintf '%s' '${task('NHServer scan', 'x.exe', '')}'\nexit 1\n`;
      for (const name of ['schtasks.exe', 'sc.exe'])
        await writeFile(join(folder, 'System32', name), script, { mode: 0o755 });
      const found = await nhserverOnWindows({ platform: 'win32', variables: { SystemRoot: folder } });
      expect(found).toMatchObject({ here: { name: 'the task \\NHServer scan' } });
      await rm(folder, { recursive: true });
    });

  it('looks at nothing elsewhere', async () =>
    expect(await nhserverOnWindows({ platform: 'linux', variables: {} })).toEqual({ lookedHere: false }));
});

describe('the check and the tasks', () => {
  const quiet = { progress: () => {}, items: async () => {} };
  const never = (): AbortSignal => new AbortController().signal;
  async function checkOf(instance: Pax8Instance): Promise<Check | undefined> {
    await using engine = new Engine(systemEnvironment(tmpdir()), instance.settingsPath);
    const { data } = await test.run(engine, {}, quiet, never());
    return (data as { checks: Check[] }).checks.find((one) => one.name === 'NHserver');
  }
  async function record(instance: Pax8Instance, date: string): Promise<void> {
    await using engine = new Engine(systemEnvironment(tmpdir()), instance.settingsPath);
    await configSet.run(engine, { changes: { 'Nhserver.UpgradeDate': date } }, quiet, never());
  }

  it("reads Halo's own tables, asks for the date, and keeps it", async () => {
    await using instance = await pax8Instance({ entities: {} });
    expect(await checkOf(instance)).toMatchObject({ passed: true });
    await using session = await instance.database.session('test');
    await session.transaction((transaction) =>
      transaction.insert('NHServerLogs', [{ NLTimestamp: new Date(), NLName: 'scan', NLMessage: 'done' }]),
    );
    expect(await checkOf(instance)).toMatchObject({ passed: false, detail: expect.stringContaining('NHServerLogs') });
    await expect(record(instance, '24.11.2026')).rejects.toMatchObject({ code: 'SettingsInvalid' });
    await record(instance, new Date(Date.now() - 86_400_000).toISOString().slice(0, 10));
    expect(await checkOf(instance)).toMatchObject({ passed: true, detail: expect.stringContaining('must stay') });
    await record(instance, '2020-01-01');
    expect(await checkOf(instance)).toMatchObject({ passed: false, fix: expect.stringContaining('Disable') });
  });

  it('takes a column that this Halo lacks for no sign', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'halo-nhserver-'));
    const made = await haloTestDatabase(folder, systemEnvironment(folder).clock, ['NHServerLogs.NLTimestamp']);
    expect(await nhserverInHalo(made.database)).toEqual({});
    await made.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['NHServerConfig', 'NHserver', 'Pax8 reached'],
    ['Pax8Details', 'Switches', 'NHserver'],
  ])('a check that fails on %s as a whole is one of the checks, beside the others', async (table, name, other) => {
    await using instance = await pax8Instance({ entities: { Products: true } });
    const file = new DatabaseSync(join(instance.folder, 'halo.db'));
    const columns = file.prepare(`PRAGMA table_info(${table})`).all();
    // There and described like the table, and no row can be read.
    file.exec(`ALTER TABLE ${table} RENAME TO aside; CREATE VIEW ${table} AS SELECT
      ${columns.map(({ name }) => `"${String(name)}"`).join()} FROM aside WHERE abs(-9223372036854775807 - 1) > 0`);
    file.close();
    await using engine = new Engine(systemEnvironment(tmpdir()), instance.settingsPath);
    const { data, exitCode } = await test.run(engine, {}, quiet, never());
    const { checks } = data as { checks: Check[] };
    expect(checks.find((one) => one.name === name)).toMatchObject({ passed: false });
    expect(checks.map((one) => one.name)).toEqual(expect.arrayContaining(['Settings', 'Database', other]));
    expect(exitCode).not.toBe(0);
  });

  it('listing tasks asks for the date where NHserver is on this machine and no instance records one', async () => {
    const environment = systemEnvironment(tmpdir());
    expect(await nhserverNotices([], environment, async () => enabled)).toEqual([
      expect.stringMatching(/not recorded.*enabled on this machine.*NhserverUpgradeDate/),
    ]);
    expect(await nhserverNotices([], environment, async () => ({ lookedHere: true }))).toEqual([]);
  });

  it('listing tasks says it, too', async () => {
    await using instance = await pax8Instance({ entities: {} });
    await record(instance, '2020-01-01');
    const scheduler = recordingScheduler();
    const commands = taskCommands(async () => scheduler);
    const ask = async (method: string, params: Record<string, unknown>): Promise<unknown> => {
      await using engine = new Engine(systemEnvironment(tmpdir()), instance.settingsPath);
      return (await commands.find((one) => one.name === method)?.run(engine, params, quiet, never()))?.data;
    };
    await ask('task-register', { paths: [instance.folder], every: 'hourly', name: 'one' });
    expect(await ask('task-list', {})).toMatchObject({
      notices: [expect.stringContaining('NHserver has not been needed since 2020-01-31')],
    });
  });
});
