import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../../node/src/logging/log.ts';
import { KnownSecrets } from '../../../node/src/secrets/known-secrets.ts';
import { logFileName } from '../../../node/src/logging/log-files.ts';

let folder: string;
beforeEach(async () => (folder = await fs.mkdtemp(join(tmpdir(), 'halo-log-'))));
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

async function written(): Promise<string> {
  const names = (await fs.readdir(join(folder, 'logs'))).filter((name) => name.endsWith('.log'));
  const texts = await Promise.all(names.map((name) => fs.readFile(join(folder, 'logs', name), 'utf8')));
  return texts.join('');
}

describe('the instance’s log', () => {
  it('writes one JSON object a line with time, level and fields', async () => {
    const log = await createLog({ folder, level: 'info', retentionDays: 1, secrets: new KnownSecrets() });
    log.child({ run: 'r1' }).warn('two\nlines', { rejected: 3 });
    log.debug('not at this level');
    await log.close();
    const lines = (await written()).trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', message: 'two\nlines', run: 'r1', rejected: 3 });
  });

  it('hides secrets by key and by value, however they are written', async () => {
    const secret = 'p@ss "w0rd" ü';
    const log = await createLog({ folder, level: 'debug', retentionDays: 1, secrets: new KnownSecrets([secret]) });
    log.error(`login failed for ${secret}`, {
      url: `https://vendor.example/?key=${encodeURIComponent(secret)}`,
      nested: [{ ClientSecret: 'another one', text: Buffer.from(secret).toString('base64') }],
      quoted: JSON.stringify({ secret }),
    });
    await log.close();
    const text = await written();
    expect(text).toContain('login failed for ***');
    for (const form of ['w0rd', encodeURIComponent(secret), Buffer.from(secret).toString('base64'), 'another one'])
      expect(text).not.toContain(form);
  });

  it('tells who watches the warnings that speak for themselves, without secrets', async () => {
    const told: string[] = [];
    const warned = (message: string): void => void told.push(message);
    const log = await createLog({
      folder,
      level: 'warn',
      retentionDays: 1,
      secrets: new KnownSecrets(['s3cr3t-9']),
      warned,
    });
    log.child({ run: 'r1' }).warn('The tenant of s3cr3t-9 could not be read, with Bearer abcdef.ghi-123.');
    log.warn('Record rejected', { record: 'Microsoft 365 Basic Subscription' });
    await log.close();
    expect(told).toEqual(['The tenant of *** could not be read, with Bearer ***']);
    // A product's name is no credential.
    expect(await written()).toContain('Microsoft 365 Basic Subscription');
  });

  it('forgets files of ours that are too old, however they came there, and no others', async () => {
    await fs.mkdir(join(folder, 'logs'));
    const names = [
      'halo-db-integrator-2020-01-01.log',
      'halo-db-integrator-2020-01-02.log.3',
      'halo-db-integrator-2020-01-03.log.gz',
      logFileName(new Date(Date.now() - 86_400_000)),
      'notes-2020-01-01.log',
    ];
    for (const name of names) await fs.writeFile(join(folder, 'logs', name), '');
    await (await createLog({ folder, level: 'info', retentionDays: 30, secrets: new KnownSecrets() })).close();
    const left = (await fs.readdir(join(folder, 'logs'))).filter((name) => names.includes(name));
    expect(left.sort()).toEqual(names.slice(3).sort());
  });

  it('forgets at midnight, too, and nothing in another folder', async () => {
    const dayBefore = logFileName(new Date(Date.now() - 86_400_000));
    const other = join(folder, 'original', 'logs');
    await fs.mkdir(other, { recursive: true });
    await fs.writeFile(join(other, dayBefore), '');
    const logs = join(folder, 'logs');
    await fs.mkdir(logs);
    // As an earlier release left it in the folder this one was copied from.
    const file = { date: Date.now() - 9 * 86_400_000, name: join(other, dayBefore) };
    const hash = createHash('sha256').update(`${file.name}LOG_FILE${file.date}`).digest('hex');
    await fs.writeFile(
      join(logs, '.rotation.json'),
      JSON.stringify({ hashType: 'sha256', files: [{ ...file, hash }] }),
    );
    const log = await createLog({ folder, level: 'info', retentionDays: 1, secrets: new KnownSecrets() });
    await fs.writeFile(join(logs, dayBefore), '');
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout', 'setInterval'] });
    try {
      jest.setSystemTime(Date.now() + 86_400_000);
      log.info('the next day');
    } finally {
      jest.useRealTimers();
    }
    const left = (): Promise<string[]> => fs.readdir(logs);
    for (let looks = 0; looks < 50 && (await left()).includes(dayBefore); looks++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await log.close();
    const today = logFileName(new Date());
    expect((await left()).sort()).toEqual([today, logFileName(new Date(Date.now() + 86_400_000))]);
    expect(await fs.readdir(other)).toEqual([dayBefore]);
  });

  it.each(['{}', '[1]', 'null', '{"files":7}'])('writes though %s is what an earlier release left', async (left) => {
    await fs.mkdir(join(folder, 'logs'));
    await fs.writeFile(join(folder, 'logs', '.rotation.json'), left);
    const log = await createLog({ folder, level: 'info', retentionDays: 1, secrets: new KnownSecrets() });
    log.info('written');
    await log.close();
    expect(await written()).toContain('written');
  });

  it('says which folder cannot be written', async () => {
    await fs.writeFile(join(folder, 'logs'), 'a file in the way');
    const opening = createLog({ folder, level: 'info', retentionDays: 1, secrets: new KnownSecrets() });
    await expect(opening).rejects.toMatchObject({ code: 'LogFolder', exitCode: 2 });
  });
});

describe('a log that a vendor would fill', () => {
  it('takes so much a day, says so once, and still takes errors for a while', async () => {
    const mostBytesADay = 20_000;
    const options = { folder, level: 'info', retentionDays: 1, mostBytesADay, secrets: new KnownSecrets() } as const;
    for (const process of [1, 2]) {
      const log = await createLog(options);
      for (let line = 0; line < 500; line++) log.warn(`line ${line} of process ${process}`, { name: 'n'.repeat(100) });
      log.error('what a human must know');
      await log.close();
    }
    const text = await written();
    expect(text.length).toBeLessThan(mostBytesADay * 1.1 + 1000);
    expect(text.match(/as large as it may be/g)).toHaveLength(2);
    expect(text.match(/what a human must know/g)).toHaveLength(2);
  });

  it('cuts what is longer than a page', async () => {
    const log = await createLog({ folder, level: 'info', retentionDays: 1, secrets: new KnownSecrets() });
    log.info('m'.repeat(1_000_000), { list: ['n'.repeat(1_000_000)], when: new Date(0) });
    await log.close();
    expect((await written()).length).toBeLessThan(10_000);
  });
});
