import { describe, expect, it } from '@jest/globals';
import { loadSettings } from '../../../node/src/config/load-settings.ts';
import { integrations } from '../../../node/src/integrations/registry.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { openProtected } from '../../../node/src/windows/protected-secrets.ts';
import { writeRunEvent } from '../../../node/src/windows/run-event.ts';
import { asLine, libraryFor, windowsDoor, type WindowsDoor } from '../../../node/src/windows/windows-door.ts';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const library = 'C:\\Program Files\\x\\HaloDBIntegrator.dll';
const none = () => Promise.reject(new Error('It is not to be started.'));

/** A door that says what it is asked, and answers or fails by it. */
function doorWith(answer: (method: string, words: readonly string[]) => string[][]) {
  const asked: string[][] = [];
  const door: WindowsDoor = {
    detour: undefined,
    consoleCloses: () => undefined,
    call: async (method, words) => {
      asked.push([method, ...words]);
      return answer(method, words);
    },
  };
  return { asked, door };
}

describe('the way to .NET', () => {
  it('is this process where it can be', async () => {
    const inProcess = async (assembly: string, method: string) => async (words: readonly string[]) => [
      [assembly, method, ...words],
    ];
    const door = windowsDoor(library, 'C:\\Windows', { inProcess, run: none });
    expect(await door.call('Unprotect', ['a b'])).toEqual([[library, 'Unprotect', 'a b']]);
    expect(door.detour).toBeUndefined();
  });

  it('is a PowerShell where not, whatever the texts are written in, and it says so once', async () => {
    let loads = 0;
    const given: string[][] = [];
    const door = windowsDoor(library, 'C:\\Windows', {
      inProcess: async () => {
        loads++;
        throw new Error('There is no .NET Framework.');
      },
      run: async (program, args, input) => {
        given.push([program, ...args.slice(0, -1)], input.trim().split(' ').map(decoded));
        return `${asLine(['row', 'Grüße 日本', ''])}${asLine(['done'])}`.replaceAll('\n', '\r\n');
      },
    });
    expect(await door.call('Unprotect', ['x'])).toEqual([['Grüße 日本', '']]);
    expect(given).toEqual([
      [expect.stringMatching(/^C:\\Windows\\.*powershell\.exe$/), '-NoProfile', '-NonInteractive', '-EncodedCommand'],
      [library, 'Unprotect', 'x'],
    ]);
    await door.call('ListTasks', []);
    expect([loads, door.detour]).toEqual([1, 'edge-js did not load: There is no .NET Framework.']);
  });

  it('is not loaded any more while a console closes, and stays where it is', async () => {
    const inProcess = async () => async () => [['here']];
    const parts = { inProcess, run: async () => `${asLine(['row', 'there'])}${asLine(['done'])}` };
    const [fresh, used] = [windowsDoor(library, 'C:\\Windows', parts), windowsDoor(library, 'C:\\Windows', parts)];
    await used.call('Unprotect', ['x']);
    for (const door of [fresh, used]) door.consoleCloses();
    expect(await fresh.call('WriteEvent', ['x'])).toEqual([['there']]);
    expect(await used.call('WriteEvent', ['x'])).toEqual([['here']]);
    expect([fresh.detour, used.detour]).toEqual(['the console is being closed.', undefined]);
  });

  it('passes on what was refused, and says when nothing was said', async () => {
    const answering = (said: string) =>
      windowsDoor(library, 'C:\\Windows', { inProcess: none, run: async () => said }).call('StartTask', ['x']);
    await expect(answering(asLine(['refused', 'Zugriff verweigert']))).rejects.toThrow('Zugriff verweigert');
    await expect(answering('')).rejects.toThrow('PowerShell gave no answer.');
  });

  it('never lets Windows look for a node.exe for the single program, which has another name', () => {
    const edge = mkdtempSync(join(tmpdir(), 'halo-edge-'));
    const resolve = () => join(edge, 'package.json');
    expect(libraryFor('C:\\x\\module\\engine\\node.exe', resolve)).toBeUndefined();
    const single = 'C:\\x\\HaloDBIntegrator.exe';
    expect(() => libraryFor(single, resolve)).toThrow('no library for HaloDBIntegrator.exe');
    const [major = ''] = process.versions.node.split('.');
    const folder = join(edge, 'lib', 'native', 'win32', process.arch, major);
    mkdirSync(folder, { recursive: true });
    const library = join(folder, 'edge_nativeclr.HaloDBIntegrator.node');
    writeFileSync(library, '');
    expect(libraryFor(single, resolve)).toBe(library);
    rmSync(edge, { recursive: true });
  });

  function decoded(word: string): string {
    return Buffer.from(word, 'base64').toString();
  }
});

describe('secrets that Windows protects', () => {
  it('are opened where nobody supplied them, and one of another machine keeps none from being used', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'halo-door-'));
    const path = join(folder, 'appsettings.json');
    writeFileSync(
      path,
      JSON.stringify({
        HaloUrl: 'https://halo.example.com',
        Database: { Server: 'sql01', Name: 'Halo', Username: 'sync', Password: { Protected: 'here' } },
        Integrations: { Pax8: { Settings: { ClientId: '1', ClientSecret: { Protected: 'elsewhere' } } } },
      }),
    );
    const { asked, door } = doorWith((_, [text = '']) => {
      if (text === 'here') return [['pa55word']];
      throw new Error('The data is invalid.');
    });
    const open = (references: Parameters<typeof openProtected>[0]) => openProtected(references, door);
    const environment = systemEnvironment(tmpdir());
    const settings = await loadSettings(path, environment, integrations, {}, open);
    expect([settings.databasePassword, settings.secrets]).toEqual(['pa55word', ['pa55word']]);
    expect(() => settings.integrationSettings('Pax8')['ClientSecret']).toThrow(
      'Windows, which protects it, does not open it: The data is invalid.',
    );
    asked.length = 0;
    const supplied = { 'Database.Password': 'a', 'Integrations.Pax8.Settings.ClientSecret': 'b' };
    expect((await loadSettings(path, environment, integrations, supplied, open)).databasePassword).toBe('a');
    expect(asked).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});

describe('the entry of a scheduled run in the Event Log', () => {
  it.each([
    [0, '100', 'information'],
    [6, '106', 'information'],
    [4, '104', 'warning'],
    [5, '105', 'warning'],
    [2, '102', 'error'],
    [1, '101', 'error'],
  ] as const)('of exit code %d has the id %s (%s)', async (exitCode, id, kind) => {
    const { asked, door } = doorWith(() => []);
    const report = { message: 'What was wrong.', code: 'Code', category: 'bug', retryable: false, advice: 'Mend it.' };
    expect(await writeRunEvent('C:\\x', { ...report, exitCode } as never, { windows: door })).toBeUndefined();
    expect(asked).toEqual([['WriteEvent', id, kind, expect.stringContaining('Mend it. (Code)')]]);
  });

  it('keeps no run from its end where it cannot be written', async () => {
    const { door } = doorWith(() => {
      throw new Error('The log is full.');
    });
    const report = { runId: '1', startedAt: '', exitCode: 0, whatIf: false, results: [] } as never;
    expect(await writeRunEvent('C:\\x', report, { windows: door })).toBe('The log is full.');
    expect(await writeRunEvent('C:\\x', report, {})).toBeUndefined();
  });
});
