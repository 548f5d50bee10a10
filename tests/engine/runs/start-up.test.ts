import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { logFileName } from '../../../node/src/logging/log-files.ts';
import { start, run } from './engine-runs.ts';
import { needsWindows } from '../wine.ts';

let root: string;
let folder: string;
let temporary: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'halo-start-'));
  folder = join(root, '5min');
  temporary = join(root, 'temporary');
  mkdirSync(folder);
  mkdirSync(temporary);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const auto = (...words: string[]) =>
  start(['AUTO', ...words], { TMPDIR: temporary, TEMP: temporary, TMP: temporary }).ended;
/** As an account that owns nothing there, where the test may take one on; file rights do not bind an administrator. */
const asNobody = (...words: string[]) => {
  chmodSync(root, 0o755);
  for (const open of [folder, temporary]) chmodSync(open, 0o777);
  return start(['AUTO', ...words], { TMPDIR: temporary }, process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {})
    .ended;
};
const linesIn = (place: string): { level: string; message: string; error: { code: string; advice: string } }[] =>
  readFileSync(join(place, 'logs', logFileName(new Date())), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ReturnType<typeof linesIn>[number]);
const save = (content: string): void => writeFileSync(join(folder, 'appsettings.json'), content);
const good = JSON.stringify({ Database: { Server: '(embedded)', Name: 'halo.db' } });

describe('a scheduled run that cannot start leaves one clear line and the right exit code', () => {
  it.each([
    ['settings that are not there', undefined, 'SettingsNotFound'],
    ['settings with a fault', '{ "Loging": {} }', 'SettingsInvalid'],
    ['settings that are not JSON', '{ broken', 'SettingsInvalid'],
  ])('%s: in the folder', async (_, content, code) => {
    if (content !== undefined) save(content);
    const { status, stderr } = await auto(folder);
    expect(status).toBe(2);
    expect(stderr).toContain(code);
    expect(linesIn(folder)).toEqual([
      expect.objectContaining({ level: 'error', error: expect.objectContaining({ code }) }),
    ]);
  });

  it('a misnamed file: in the folder it is in', async () => {
    writeFileSync(join(folder, 'settings.json'), good);
    expect((await auto(join(folder, 'settings.json'))).status).toBe(2);
    expect(linesIn(folder)[0]?.error.code).toBe('SettingsName');
  });

  it.each([
    ['a file that holds no settings', 'notes.txt', 'buy milk'],
    ['JSON that is none', 'package.json', '{"name":"something else"}'],
    ['a file that is not there', 'nothing.json', undefined],
  ])('%s: nothing is made beside it', async (_, name, content) => {
    if (content !== undefined) writeFileSync(join(folder, name), content);
    expect((await auto(join(folder, name))).status).toBe(2);
    expect(readdirSync(folder)).toEqual(content === undefined ? [] : [name]);
    expect(linesIn(join(temporary, 'HaloDBIntegrator'))[0]?.message).toContain(join(folder, name));
  });

  it('a misnamed file in the folder: its name is said', async () => {
    for (const name of ['appsetings.json', 'appsettings.json.txt', 'AppSetting.json']) {
      writeFileSync(join(folder, name), good);
      expect((await auto(folder)).status).toBe(2);
      expect(linesIn(folder).at(-1)).toMatchObject({
        message: expect.stringContaining(`but there is ${name}`),
        error: { code: 'SettingsNotFound', advice: expect.stringContaining(`Rename ${name}`) },
      });
      rmSync(join(folder, name));
    }
    expect((await run('logs', '--config', folder)).stdout).toContain('Rename AppSetting.json');
  });

  it('a folder in the place of the file', async () => {
    mkdirSync(join(folder, 'appsettings.json'));
    expect((await auto(join(folder, 'appsettings.json'))).status).toBe(2);
    expect(linesIn(folder)).toEqual([expect.objectContaining({ message: expect.stringContaining('it is a folder') })]);
  });

  it('a folder with a dot in its name is not taken for a file', async () => {
    const dotted = join(root, 'v1.5min');
    mkdirSync(dotted);
    writeFileSync(join(dotted, 'appsettings.json'), '{ broken');
    expect((await auto(dotted)).status).toBe(2);
    expect(linesIn(dotted)[0]?.error.code).toBe('SettingsInvalid');
    expect(readdirSync(root).sort()).toEqual(['5min', 'temporary', 'v1.5min']);
  });

  it('a path with spaces and no quotes: in the folder meant', async () => {
    const spaced = join(root, 'Halo Sync & Co');
    mkdirSync(spaced);
    writeFileSync(join(spaced, 'appsettings.json'), good);
    expect((await auto(...join(spaced, 'appsettings.json').split(' '))).status).toBe(2);
    expect(linesIn(spaced)[0]?.error).toMatchObject({
      code: 'Usage',
      advice: expect.stringContaining('double quotes'),
    });
  });

  it('over the bridge, as Invoke-HaloSync -Auto does: the same line', async () => {
    const { child, ended } = start(['serve'], { TMPDIR: temporary, TEMP: temporary, TMP: temporary });
    child.stdin.write(`${JSON.stringify({ type: 'hello', protocol: 1, client: 'test', config: folder })}\n`);
    child.stdin.end(`${JSON.stringify({ type: 'request', id: 1, method: 'sync', params: { auto: true } })}\n`);
    expect((await ended).stdout).toContain('SettingsNotFound');
    expect(linesIn(folder)[0]?.error.code).toBe('SettingsNotFound');
  });

  if (process.platform !== 'win32') {
    it('settings that the account may not read: in the folder', async () => {
      save(good);
      chmodSync(join(folder, 'appsettings.json'), 0o000);
      expect((await asNobody(folder)).status).toBe(2);
      expect(linesIn(folder)[0]?.error.code).toBe('SettingsUnreadable');
    });

    it.each(['the logs folder', 'the log of the day'])(
      '%s belongs to somebody else: in the temporary folder',
      async (what) => {
        save(good);
        const logs = join(folder, 'logs');
        mkdirSync(logs);
        if (what === 'the logs folder') chmodSync(logs, 0o555);
        else {
          chmodSync(logs, 0o777);
          writeFileSync(join(logs, logFileName(new Date())), '', { mode: 0o400 });
        }
        expect((await asNobody(folder)).status).toBe(2);
        expect(linesIn(join(temporary, 'HaloDBIntegrator'))[0]?.error.code).toBe('LogFolder');
      },
    );
  }

  if (process.platform === 'linux')
    it('a log on a full disk does not stop the sync, and the temporary folder says so', async () => {
      save(good);
      mkdirSync(join(folder, 'logs'));
      symlinkSync('/dev/full', join(folder, 'logs', logFileName(new Date())));
      expect((await auto(folder)).status).toBe(0);
      const [line] = linesIn(join(temporary, 'HaloDBIntegrator'));
      expect(line?.message).toContain('takes no more lines');
      expect(line?.message).toContain('the disk is full');
    });

  it('a folder that is not there: in the temporary folder, and nothing is made in its stead', async () => {
    expect((await auto(join(root, '5mni'))).status).toBe(2);
    expect(linesIn(join(temporary, 'HaloDBIntegrator'))[0]?.message).toContain('5mni');
    expect(readdirSync(root).sort()).toEqual(['5min', 'temporary']);
  });

  needsWindows('a folder that cannot be written as a file')(
    'a log that cannot be written: in the temporary folder',
    async () => {
      save(good);
      mkdirSync(join(folder, 'logs', logFileName(new Date())), { recursive: true });
      expect((await auto(folder)).status).toBe(2);
      expect(linesIn(join(temporary, 'HaloDBIntegrator'))[0]?.error.code).toBe('LogFolder');
    },
  );

  needsWindows('a folder that cannot be written as a file')(
    'a log that cannot be written keeps nobody from reading, which says so, but from writing',
    async () => {
      save(good);
      mkdirSync(join(folder, 'logs', logFileName(new Date())), { recursive: true });
      const read = await run('integrations', '--json', '--config', folder);
      expect([read.status, read.stderr]).toEqual([0, expect.stringContaining('What is read here is not logged.')]);
      const { child, ended } = start(['serve'], { TMPDIR: temporary, TEMP: temporary, TMP: temporary });
      const ask = (line: object): boolean => child.stdin.write(`${JSON.stringify(line)}\n`);
      ask({ type: 'hello', protocol: 1, client: 'test', config: folder });
      ask({ type: 'request', id: 1, method: 'api', params: { path: '/Client?count=1' } });
      ask({ type: 'request', id: 2, method: 'sync', params: { auto: true } });
      child.stdin.end();
      const { stdout } = await ended;
      const answers = stdout
        .split('\n')
        .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as { id?: number; type: string }]));
      expect(answers.filter(({ id }) => id === 1).map((one) => one.type)).toEqual(['warning', 'result']);
      expect(answers.filter(({ id }) => id === 2).at(-1)).toMatchObject({
        type: 'error',
        error: { code: 'LogFolder' },
      });
    },
  );

  it('no place at all: the exit code and stderr still say it', async () => {
    save(good);
    writeFileSync(join(folder, 'logs'), '');
    rmSync(temporary, { recursive: true });
    writeFileSync(temporary, '');
    const { status, stderr } = await auto(folder);
    expect([status, stderr]).toEqual([2, expect.stringContaining('LogFolder')]);
  });

  it('a database that is not there: in the log, on record, and exit 3', async () => {
    save(
      JSON.stringify({
        Database: { Server: '(embedded)', Name: 'appsettings.json/halo.db' },
        Integrations: { Pax8: { Entities: { Products: true } } },
      }),
    );
    const { status } = await auto(folder);
    expect(status).toBe(3);
    expect(linesIn(folder).at(-1)?.error.code).toBe('DatabaseNotFound');
    expect((await run('runs', '--config', folder)).stdout).toContain('DatabaseNotFound');
  });
});
