import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { messageLines } from '../../../node/src/bridge/message-lines.ts';
import { runsOf, until } from '../runs/engine-runs.ts';
import { holdRequests, pax8Instance } from '../sync/pax8-instance.ts';
import { engineMain } from '../engine-main.ts';

type Message = Readonly<Record<string, unknown>>;

let folder: string;
let child: ChildProcessWithoutNullStreams;
let messages: Message[];
let errors: string;
let ended: Promise<number | null>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'halo-bridge-'));
  writeFileSync(join(folder, 'appsettings.json'), '{"Database":{"Server":"(embedded)","Name":"halo.db"}}');
  child = spawn(process.execPath, ['--no-warnings', engineMain, 'serve'], { cwd: folder });
  messages = [];
  errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  // The engine may end before it has read what is written here.
  child.stdin.on('error', () => {});
  ended = new Promise((resolve) => child.on('exit', resolve));
});
afterEach(() => {
  child.kill('SIGKILL');
  // Windows keeps the folder in which a process ran for a moment after its end.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
});

function read(): void {
  void (async () => {
    for await (const line of messageLines(child.stdout)) messages.push(JSON.parse(String(line)) as Message);
  })().catch(() => {});
}
const send = (message: unknown): boolean => child.stdin.write(`${JSON.stringify(message)}\n`);
const hello = (config = folder): boolean => send({ type: 'hello', protocol: 1, client: 'test', config });
const found = (wanted: (message: Message) => boolean): Promise<Message> =>
  until(async () => messages.find((one) => wanted(one)));
const refused = (words: string): Promise<Message> =>
  found(({ type, error, id }) => {
    const { code, message } = (error ?? {}) as { code?: string; message?: string };
    return type === 'error' && id === undefined && code === 'BridgeProtocol' && message?.includes(words) === true;
  });
/** What hangs is to fail, and not to wait for jest. */
const endedWithin = (seconds: number): Promise<number | null | string> =>
  Promise.race([ended, new Promise<string>((resolve) => setTimeout(resolve, seconds * 1000, 'still there').unref())]);

describe('the bridge', () => {
  it('refuses an id that is in use, and closing the input cancels all that runs', async () => {
    await using instance = await pax8Instance({ entities: { Products: true } });
    const release = holdRequests(instance);
    read();
    hello(instance.settingsPath);
    send({ type: 'request', id: 1, method: 'sync', params: {} });
    await found(({ type }) => type === 'progress');
    send({ type: 'request', id: 1, method: 'config-get', params: {} });
    await refused('id 1 is still at work');
    child.stdin.end();
    expect(await endedWithin(20)).toBe(0);
    expect(messages.filter(({ id, type }) => id === 1 && type === 'result')).toEqual([
      expect.objectContaining({ exitCode: 130 }),
    ]);
    release();
  });

  it('cancels what runs when the client reads no more', async () => {
    await using instance = await pax8Instance({ entities: { Products: true } });
    const release = holdRequests(instance);
    read();
    hello(instance.settingsPath);
    send({ type: 'request', id: 1, method: 'sync', params: { auto: true } });
    await found(({ type }) => type === 'progress');
    child.stdout.destroy();
    send({ type: 'request', id: 2, method: 'config-get', params: {} });
    expect(await endedWithin(20)).toBe(1);
    expect(errors).toBe('');
    release();
    expect((await runsOf(instance.settingsPath))[0]).toMatchObject({ state: 'ended', exitCode: 130 });
  });

  it('does not wait for ever for a client that has left and reads nothing', async () => {
    hello();
    for (let id = 0; id < 5000; id++) send({ type: 'request', id, method: 'no such method', params: {} });
    child.stdin.end();
    expect(await endedWithin(20)).toBe(1);
    expect(errors).toBe('');
  });

  it('answers a line that is far too long, and goes on', async () => {
    read();
    const part = Buffer.alloc(1024 * 1024, 'x');
    for (let megabytes = 0; megabytes < 40; megabytes++) child.stdin.write(part);
    child.stdin.write('\n');
    await refused('longer than');
    hello();
    send({ type: 'request', id: 1, method: 'config-get', params: {} });
    await found(({ type, id }) => type === 'result' && id === 1);
    child.stdin.end();
    expect(await endedWithin(20)).toBe(0);
  });

  it('takes a separator of lines that JSON leaves as it is for a part of the text', async () => {
    read();
    hello();
    send({ type: 'request', id: 1, method: 'no\u2028thing', params: {} });
    await found(({ type, id }) => type === 'error' && id === 1);
    expect(messages).toHaveLength(2);
  });

  it.each([
    [{ config: 7 }, 'config of the hello'],
    [{ secrets: { 'Database.Password': 7 } }, 'Secrets are not texts'],
    [{ secrets: 'all' }, 'Secrets are not texts'],
  ])('refuses a hello with %j rather than take it for left out', async (given, words) => {
    read();
    send({ type: 'hello', protocol: 1, client: 'test', ...given });
    await refused(words);
    send({ type: 'request', id: 1, method: 'config-get', params: {} });
    await refused('before the hello');
  });

  it('refuses a request without an id', async () => {
    read();
    hello();
    send({ type: 'request', method: 'config-get', params: {} });
    await refused('no id');
  });
});
