import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { run } from '../runs/engine-runs.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('npm start -- --stay', () => {
  if (process.platform === 'win32') {
    it.skip('keeps the sandboxes up until Ctrl-C (needs Linux: signals that Node can send)', () => {});
    return;
  }

  it('keeps the sandboxes up for who tries what it says, until Ctrl-C, and leaves nothing at work', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'halo-demo-'));
    const args = ['scripts/demo.mjs', '--stay', '--folder', folder];
    // As a terminal starts it: all that it starts is in one group.
    const demo = spawn(process.execPath, args, { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = once(demo, 'exit');
    let said = '';
    try {
      for await (const text of demo.stdout.setEncoding('utf8')) {
        said += String(text);
        if (said.includes('until Ctrl-C')) break;
      }
      expect(said).toContain('until Ctrl-C');
      // What colours a terminal is none of a file's or a pipe's.
      expect(said).not.toContain('\x1b');
      // The page's own words, with the folder that was named.
      expect(said).toContain(`node scripts/halo-db-integrator.mjs sync Pax8 --config ${folder}`);
      const { status, stdout } = await run('sync', 'Pax8', '--json', '--config', folder);
      expect(status).toBe(0);
      const { results } = JSON.parse(stdout) as { results: { entity: string; status: string; read: number }[] };
      expect(results).toHaveLength(4);
      for (const one of results) expect([one.entity, one.status]).toEqual([one.entity, 'succeeded']);
      const settings = JSON.parse(readFileSync(join(folder, 'appsettings.json'), 'utf8')) as {
        Integrations: { Pax8: { Settings: { BaseUrl: string } } };
      };
      const { BaseUrl } = settings.Integrations.Pax8.Settings;
      process.kill(-(demo.pid ?? 0), 'SIGINT');
      expect(await ended).toEqual([0, null]);
      await expect(fetch(BaseUrl)).rejects.toThrow();
      expect(membersOf(demo.pid ?? 0)).toEqual([]);
      expect(existsSync(join(folder, 'halo.db'))).toBe(true);
    } finally {
      if (demo.exitCode === null && demo.signalCode === null) process.kill(-(demo.pid ?? 0), 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** What is left of a group of processes. */
function membersOf(group: number): readonly string[] {
  const list = execFileSync('ps', ['-eo', 'pgid=,args='], { encoding: 'utf8' });
  return list.split('\n').filter((line) => Number.parseInt(line, 10) === group);
}
