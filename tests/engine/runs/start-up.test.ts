import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { logFileName } from '../../../node/src/logging/log.ts';
import { start, run } from './engine-runs.ts';

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

const auto = (settings: string) =>
  start(['AUTO', settings], { TMPDIR: temporary, TEMP: temporary, TMP: temporary }).ended;
const linesIn = (place: string): { level: string; message: string; error: { code: string } }[] =>
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

  it('a folder that is not there: in the temporary folder, and nothing is made in its stead', async () => {
    expect((await auto(join(root, '5mni'))).status).toBe(2);
    expect(linesIn(join(temporary, 'HaloDBIntegrator'))[0]?.message).toContain('5mni');
    expect(readdirSync(root).sort()).toEqual(['5min', 'temporary']);
  });

  it('a log that cannot be written: in the temporary folder', async () => {
    save(good);
    mkdirSync(join(folder, 'logs', logFileName(new Date())), { recursive: true });
    expect((await auto(folder)).status).toBe(2);
    expect(linesIn(join(temporary, 'HaloDBIntegrator'))[0]?.error.code).toBe('LogFolder');
  });

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
