import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from '@jest/globals';
import sanitizeHtml from 'sanitize-html';
import { RunStore } from '../../../node/src/runs/run-store.ts';
import { run, start } from './engine-runs.ts';

const steering = '\u001b[2K\u009b2J\u0007\u0000\u007f\r';
const nasty = '</style><script>alert("&amp;")</script><img src=x onerror=alert(1)>';

const known = [
  ...[
    'lang',
    'charset',
    'http-equiv',
    'name',
    'content',
    'class',
    'id',
    'scope',
    'colspan',
    'href',
    'hidden',
    'open',
    'role',
  ],
  ...['type', 'autocomplete', 'value', 'datetime'],
  ...[
    'data-at-',
    'data-of-',
    'data-runs-',
    'data-unit-',
    'data-zone-',
    'aria-hidden-',
    'aria-labelledby-',
    'aria-live-',
  ],
];
const steered = /(?![\n\t])\p{Cc}/u;
const report = { code: 'X', category: 'data', retryable: false, advice: 'none', exitCode: 1 } as const;

describe('the HTML page of runs', () => {
  it('shows every run and entity with its reasons, needs nothing else, and takes no text for HTML', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'halo-report-'));
    writeFileSync(join(folder, 'appsettings.json'), '{}');
    const facts = { auto: true, whatIf: false, processId: process.pid, host: nasty, settingsFingerprint: 'abcdef' };
    const counts = { read: 9, created: 1, updated: 2, unchanged: 6, rejected: 1, deactivated: 0, seconds: 1.5 };
    {
      using store = RunStore.open(folder);
      store.begin({ ...facts, id: 'good', startedAt: new Date('2026-11-24T10:00:00Z') }, new Date(0));
      store.end('good', new Date('2026-11-24T10:00:03Z'), 0);
      store.begin({ ...facts, id: 'bad', startedAt: new Date('2026-11-24T11:00:00Z') }, new Date(0));
      const names = { integration: 'Pax8', connection: nasty, entity: 'Contacts' } as const;
      const rejections = [{ record: nasty, reason: 'no client' }];
      store.entityDone('bad', { ...names, ...counts, status: 'succeeded-with-rejections', note: nasty, rejections });
      const error = { ...report, message: `${steering}all is well` };
      store.entityDone('bad', { ...names, ...counts, entity: 'Products', status: 'failed', error, rejections: [] });
      store.end('bad', new Date('2026-11-24T11:00:03Z'), 5);
    }
    const batch = { batch: 1, at: '2026-11-24T11:00:01Z', integration: 'Pax8', connection: nasty, entity: 'Contacts' };
    const change = { table: 'USERS', name: nasty, vendorId: nasty, action: 'updated', key: { Uid: 1 } };
    const lines = [
      { version: 1, run: 'bad' },
      batch,
      { ...change, before: {}, after: { [nasty]: nasty, uemail: null } },
    ];
    mkdirSync(join(folder, 'state', 'changes'));
    writeFileSync(join(folder, 'state', 'changes', 'bad.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
    const path = join(folder, 'report & co.html');
    const { status, stdout } = await run('runs', '--html', path, '--config', folder);
    expect([status, stdout]).toEqual([0, `2 runs written to ${path}.\n`]);
    const page = readFileSync(path, 'utf8');
    expect(page.startsWith('<!DOCTYPE html>\n<html lang="en">')).toBe(true);
    // An HTML parser finds no element but the page's own, and no address to load from.
    expect(page).not.toMatch(steered);
    expect(page).toContain('all is well');
    const list = await run('runs', '--config', folder);
    expect(list.stdout).toContain('all is well');
    expect(list.stdout).not.toMatch(steered);
    const tags: string[] = [];
    sanitizeHtml(page, {
      allowedTags: false,
      allowedAttributes: false,
      allowVulnerableTags: true,
      transformTags: {
        '*': (tagName, attribs) => {
          tags.push(tagName);
          for (const name of Object.keys(attribs)) expect(known).toContain(name.replace(/^(?:data|aria)-.*/, '$&-'));
          if (tagName === 'a') expect(attribs['href']).toMatch(/^#/);
          return { tagName, attribs };
        },
      },
    });
    expect(tags.filter((tag) => ['script', 'img', 'link', 'iframe', 'object'].includes(tag))).toEqual(['script']);
    expect(page).not.toMatch(/https?:|url\(/);
    const text = sanitizeHtml(page, { allowedTags: [], textFilter: (one) => one.replace(/\s+/g, ' ') });
    for (const words of [
      'Exit code 5: done, with records or entities failed',
      'Pax8 Contacts',
      'no client',
      'from 2 runs.',
      'entities failing',
      'Fix: none',
      '1 row changed in Halo',
      'The run ended while this was committed.',
    ])
      expect(text).toContain(words);
    expect(page.indexOf('id="run-bad"')).toBeLessThan(page.indexOf('id="run-good"'));

    const failed = await run('runs', '--failed', '--html', path, '--json', '--config', folder);
    expect(JSON.parse(failed.stdout)).toEqual({ path, runs: 1, fitting: 1 });
    const refused = await run('runs', '--html', join(folder, 'nowhere', 'x.html'), '--config', folder);
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('ReportNotSaved')]);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it('has the newest thousand unless more are asked for, says so, and takes little memory', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'halo-report-'));
    writeFileSync(join(folder, 'appsettings.json'), '{}');
    RunStore.open(folder)[Symbol.dispose]();
    const file = new DatabaseSync(join(folder, 'state', 'runs.db'));
    file.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
      INSERT INTO run (id, startedAt, endedAt, seenAt, auto, whatIf, processId, host, settingsFingerprint, exitCode)
        SELECT 'run' || i, '2026-11-24T10:00:00Z', '2026-11-24T10:00:01Z', '2026-11-24T10:00:01Z', 1, 0, 1, 'here', 'f', i % 2 FROM n;
      WITH e (i) AS (VALUES (1), (2), (3), (4), (5), (6), (7))
      INSERT INTO entity SELECT id, i, 'Pax8', 'Main', 'Entity' || i, 'succeeded', 1, 1, 1, 1, 1, 1, NULL, 1, NULL, NULL, '[]'
        FROM run, e`);
    file.close();
    const path = join(folder, 'report.html');
    const usual = await run('runs', '--html', path, '--config', folder);
    expect(usual.stdout).toContain('These are the newest of 4000; ask for more with --last.');
    expect(readFileSync(path, 'utf8')).toContain('from 1,000 runs. These are the newest of 4,000');
    const little = start(['runs', '--html', path, '--last', '4000', '--config', folder], {
      NODE_OPTIONS: '--max-old-space-size=64',
    });
    expect(await little.ended).toMatchObject({ status: 0, stdout: `4000 runs written to ${path}.\n` });
    expect(readFileSync(path, 'utf8').match(/<details class="run /g)).toHaveLength(4000);
    rmSync(folder, { recursive: true });
  });

  it('replaces no file of another kind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'halo-report-'));
    const path = join(folder, 'appsettings.json');
    writeFileSync(path, '{}');
    const { status, stderr } = await run('runs', '--html', path, '--config', folder);
    expect([status, stderr]).toEqual([2, expect.stringContaining('ends in .html or .htm')]);
    expect(readFileSync(path, 'utf8')).toBe('{}');
    rmSync(folder, { recursive: true });
  });
});
