import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run, start } from '../runs/engine-runs.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'halo-xml-'));
  for (const name of ['5min', 'hourly']) {
    mkdirSync(join(root, name));
    const settings = { HaloUrl: 'https://halo.example.com', Database: { Server: '(embedded)', Name: 'halo.db' } };
    writeFileSync(join(root, name, 'appsettings.json'), JSON.stringify(settings));
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('task xml', () => {
  it('gives the XML alone on stdout, and on stderr what is to be set for its runs to end in time', async () => {
    const folder = join(root, '5min');
    const { status, stdout, stderr } = await run('task', 'xml', folder);
    expect([status, stdout.match(/<\/Task>/g)?.length]).toEqual([0, 1]);
    const command = `config set Sync.TimeLimitMinutes 4 --config "${join(folder, 'appsettings.json')}"`;
    expect(stderr).toContain(command);
    expect((await run('config', 'set', 'Sync.TimeLimitMinutes', '4', '--config', folder)).status).toBe(0);
    expect(await run('task', 'xml', folder)).toMatchObject({ status: 0, stderr: '' });
  });

  it('tells it over the bridge among the warnings, unless the tasks there are were given', async () => {
    const { child, ended } = start(['serve']);
    const ask = (message: object): boolean => child.stdin.write(`${JSON.stringify(message)}\n`);
    const params = { paths: [join(root, '5min')] };
    ask({ type: 'hello', protocol: 1, client: 'test', config: join(root, '5min') });
    ask({ type: 'request', id: 1, method: 'task-plan', params });
    ask({ type: 'request', id: 2, method: 'task-plan', params: { ...params, registered: [] } });
    child.stdin.end();
    const answers = (await ended).stdout.split('\n').slice(1, 3).sort();
    expect(answers).toEqual([
      expect.stringMatching(/"id":1,.*"warnings":\["[^"]*Sync\.TimeLimitMinutes/),
      expect.stringMatching(/"id":2,.*"warnings":\[\]/),
    ]);
  });

  it('refuses several in one file', async () => {
    const { status, stdout, stderr } = await run('task', 'xml', root);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/There are 2 instances.*\nFix: Name the folder of one: .*5min/);
    const { tasks } = JSON.parse((await run('task', 'xml', root, '--json')).stdout) as { tasks: unknown[] };
    expect(tasks).toHaveLength(2);
  });
});
