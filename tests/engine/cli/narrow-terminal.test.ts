import { execFile } from 'node:child_process';
import { promisify, stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../runs/engine-runs.ts';
import { pax8Instance, type Pax8Instance } from '../sync/pax8-instance.ts';
import { engineMain } from '../engine-main.ts';

const columns = 80;

describe('a terminal of 80 columns', () => {
  if (process.platform !== 'linux') {
    it.skip('takes no word apart (needs Linux: a terminal that Node can make)', () => {});
    return;
  }
  let instance: Pax8Instance;
  let runId = '';

  beforeAll(async () => {
    // Without customers every subscription is rejected.
    instance = await pax8Instance({ entities: { Products: true, Subscriptions: true } });
    await run('sync', 'Pax8', '--config', instance.settingsPath);
    const { stdout } = await run('runs', '--json', '--config', instance.settingsPath);
    runId = (JSON.parse(stdout) as { runs: { id: string }[] }).runs[0]?.id ?? '';
  });
  afterAll(async () => instance[Symbol.asyncDispose]());

  /** What a command shows there, line by line. */
  async function shown(words: readonly string[]): Promise<readonly string[]> {
    const line = [process.execPath, '--no-warnings', engineMain, ...words, '--config', instance.settingsPath];
    const command = `stty cols ${columns} rows 50; ${line.map((word) => `'${word}'`).join(' ')}`;
    const terminal = promisify(execFile)('script', ['-qc', command, '/dev/null'], { maxBuffer: 100_000_000 });
    terminal.child.stdin?.end();
    const { stdout } = await terminal;
    // What a line that is rewritten held before is no longer seen.
    const lines = stdout.split('\n').map((one) => one.replace(/\r$/, '').split('\r').at(-1) ?? '');
    return lines.map((one) => stripVTControlCharacters(one)).filter((one) => one.trim() !== '');
  }

  it.each([
    ['sync', 'Pax8', '--entity', 'Subscriptions'],
    ['sync', 'Pax8', '--what-if'],
    ['sync', 'Pax8', '--what-if', '--summary'],
    ['runs'],
    ['rejections'],
    ['changes', '<run>'],
    ['undo', '<run>', '--what-if'],
    ['logs'],
    ['test'],
    ['integrations'],
    ['synk'],
    ['changes', 'none-such'],
    ['sync', 'Pax9'],
  ])('is kept to by %s %s %s', async (...words) => {
    const lines = await shown(words.filter(Boolean).map((word) => (word === '<run>' ? runId : word)));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
  });
});
