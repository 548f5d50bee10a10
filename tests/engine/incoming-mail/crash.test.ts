import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { compose } from '../../sandbox/mail/compose.ts';
import { mailInstance, type MailInstance } from './mail-instance.ts';
import { engineMain } from '../engine-main.ts';

/** Runs the engine as a process of its own and kills it (SIGKILL) when the server is sent the verb for the nth time. */
async function runAndKill(instance: MailInstance, verb: string, nth: number): Promise<NodeJS.Signals | null> {
  const args = ['--no-warnings', engineMain, 'sync', 'IncomingMail', '--config', instance.settingsPath];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  let seen = 0;
  instance.imap.faults.set(verb, () => {
    if (++seen < nth) return false;
    child.kill('SIGKILL');
    return true;
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  instance.imap.faults.clear();
  return signal;
}

function fill(instance: MailInstance, count: number): void {
  for (let number = 0; number < count; number++) {
    const reply = number % 3 === 2;
    instance.imap.inbox.add(
      compose({
        subject: reply ? `Re: mail ${number - 1}` : `mail ${number}`,
        messageId: `<mail-${number}@crash.example>`,
        ...(reply && { inReplyTo: `<mail-${number - 1}@crash.example>` }),
        files: [{ filename: `${number}.txt`, content: 'x' }],
      }),
      new Date(Date.UTC(2026, 10, 20, 9, 0, number)),
    );
  }
}

/** What must hold once everything was taken in: every message once, and none left. */
async function expectAllOnce(instance: MailInstance, count: number): Promise<void> {
  const actions = await instance.actions();
  expect(new Set(actions.map((row) => row.AInternetMessageId)).size).toBe(count);
  expect(actions).toHaveLength(count);
  expect(await instance.tickets()).toHaveLength(count - Math.floor(count / 3));
  expect(await instance.database.count('ATTACHMENT')).toBe(count);
  expect(await instance.database.count('ATTACHMENTACTION')).toBe(count);
  expect(await instance.database.count('IncomingEmail')).toBe(count);
  expect(instance.imap.inbox.messages).toEqual([]);
  expect(instance.imap.trash.messages).toHaveLength(count);
}

describe('An engine that is killed', () => {
  it('between the commit and the move makes no ticket twice, and the message is moved at the next run', async () => {
    await using instance = await mailInstance();
    fill(instance, 3);
    expect(await runAndKill(instance, 'MOVE', 1)).toBe('SIGKILL');
    expect(await instance.actions()).toHaveLength(3);
    expect(instance.imap.inbox.messages).toHaveLength(3);
    expect((await instance.sync()).results[0]).toMatchObject({ created: 0, updated: 0, unchanged: 3 });
    await expectAllOnce(instance, 3);
  });

  it('in the midst of many messages leaves the rest to the next run', async () => {
    await using instance = await mailInstance();
    fill(instance, 150);
    expect(await runAndKill(instance, 'FETCH', 3)).toBe('SIGKILL');
    expect(await runAndKill(instance, 'MOVE', 2)).toBe('SIGKILL');
    const moved = instance.imap.trash.messages.length;
    expect(moved).toBeGreaterThan(0);
    expect(moved).toBeLessThan(150);
    expect((await instance.sync()).results[0]?.status).toBe('succeeded');
    await expectAllOnce(instance, 150);
  });

  it('or whose connection is lost before the move is in the same place', async () => {
    await using instance = await mailInstance();
    fill(instance, 3);
    instance.imap.faults.set('MOVE', (socket) => {
      socket.destroy();
      return true;
    });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'failed', error: { code: 'MailUnreachable' } });
    expect(await instance.actions()).toHaveLength(3);
    instance.imap.faults.clear();
    expect((await instance.sync()).results[0]).toMatchObject({ unchanged: 3 });
    await expectAllOnce(instance, 3);
  });
});

/** What ends an engine, without a word, as it decodes a set of characters: a fault of a library, or no memory. */
const endsAtKoi8 = `data:text/javascript,${encodeURIComponent(`
  const Decoder = TextDecoder;
  globalThis.TextDecoder = class extends Decoder {
    constructor(label, options) {
      if (label === 'koi8-r') process.kill(process.pid, 'SIGKILL');
      super(label, options);
    }
  };
`)}`;

describe('A message that ends the engine', () => {
  const run = async (instance: MailInstance): Promise<unknown[]> => {
    const args = ['--no-warnings', '--import', endsAtKoi8, engineMain, 'sync', 'IncomingMail'];
    return once(spawn(process.execPath, [...args, '--config', instance.settingsPath], { stdio: 'ignore' }), 'exit');
  };

  it('is set aside at the next start, and read again an hour later', async () => {
    await using instance = await mailInstance();
    instance.imap.inbox.add(compose({ subject: 'one' }));
    instance.imap.inbox.add(
      Buffer.from(
        'From: a@x.example\r\nSubject: two\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n\xd0\xd2\xc9\r\n',
        'latin1',
      ),
    );
    instance.imap.inbox.add(compose({ subject: 'three' }));
    const subjects = async () => (await instance.tickets()).map((row) => row.Symptom);
    expect(await run(instance)).toEqual([null, 'SIGKILL']);
    expect(await run(instance)).toEqual([5, null]);
    expect(await subjects()).toEqual(['one', 'three']);
    const [row] = await instance.database.read({
      from: 'IncomingEmail',
      columns: ['IELog', 'IERetryRemaining'],
      where: { column: 'IESubject', is: 'equal', value: 'two' },
    });
    expect(row).toEqual({ IELog: expect.stringContaining('Set aside: the engine ended'), IERetryRemaining: 2 });
    // It is not tried again at once, and the mailbox goes on.
    instance.imap.inbox.add(compose({ subject: 'four' }));
    expect(await run(instance)).toEqual([0, null]);
    expect(await subjects()).toEqual(['one', 'three', 'four']);
    await instance.set('IncomingEmail', { IELastAttemptDate: new Date(Date.now() - 3_600_000) });
    expect((await instance.sync()).results[0]).toMatchObject({ created: 1, rejected: 0 });
    expect(await subjects()).toEqual(['one', 'three', 'four', 'two']);
  });
});

describe('Two engines at one mailbox', () => {
  it('take nothing in twice: one says that the other is at it and ends', async () => {
    await using instance = await mailInstance();
    fill(instance, 60);
    let second: Promise<unknown[]> | undefined;
    instance.imap.faults.set('MOVE', (socket) => {
      if (second) return false;
      // The first holds the mailbox until the second has tried.
      socket.pause();
      const args = ['--no-warnings', engineMain, 'sync', 'IncomingMail', '--config', instance.settingsPath];
      second = once(spawn(process.execPath, args, { stdio: 'ignore' }), 'exit');
      void second.then(() => socket.resume());
      return false;
    });
    const args = ['--no-warnings', engineMain, 'sync', 'IncomingMail', '--config', instance.settingsPath];
    const [code] = (await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'exit')) as [number];
    expect(code).toBe(0);
    expect(await second).toEqual([4, null]);
    await expectAllOnce(instance, 60);
  });
});
