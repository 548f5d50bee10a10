import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { RunStore } from '../../../node/src/runs/run-store.ts';
import { run } from './engine-runs.ts';

const program = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const needed = program ? it : it.skip;
const counts = { read: 50, created: 0, updated: 0, unchanged: 50, rejected: 0, deactivated: 0, seconds: 1 } as const;
const names = { integration: 'Pax8', connection: 'Main' } as const;
const hours = 36;

/** A file of what a run changed: so many clients made, and one that got another name. */
function changesFile(folder: string, id: string, made: number): void {
  const at = { at: '2026-11-20T00:00:01.000Z', integration: 'Pax8', connection: '1', entity: 'Subscriptions' };
  const client = (key: number) => ({
    table: 'AREA',
    vendorId: `v-${key}`,
    name: `Seats of ${id}`,
    key: { Aarea: key },
  });
  const lines = [
    { version: 1, run: id },
    { batch: 1, ...at },
    { ...client(1), action: 'updated', before: { aareadesc: 'Old' }, after: { aareadesc: 'New' } },
    ...Array.from({ length: made }, (_, key) => ({
      ...client(key + 2),
      action: 'created',
      after: { aareadesc: `<b>Seat ${key} & co</b>`, amemo: 'x'.repeat(300) },
    })),
    { committed: 1 },
  ];
  mkdirSync(join(folder, 'state', 'changes'), { recursive: true });
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(join(folder, 'state', 'changes', `${id}.jsonl`), text);
}

/** An instance with a run each hour; the last three of them fail for one entity, every sixth rejects records. */
function instance(runs: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'halo-report-'));
  writeFileSync(join(folder, 'appsettings.json'), '{}');
  using store = RunStore.open(folder);
  store.rows('BEGIN');
  for (let at = 0; at < runs; at++) {
    const id = `run${at}`;
    const startedAt = new Date(Date.parse('2026-11-20T00:00:00Z') + at * 3_600_000);
    const facts = { auto: true, whatIf: false, processId: 1, host: 'srv', settingsFingerprint: 'abc' };
    store.begin({ id, startedAt, ...facts }, new Date(0));
    const rejections = [{ record: `Licence ${at}`, reason: 'The company has no client in Halo.' }];
    const rejecting = at % 6 === 0 ? { rejected: 184, rejections, status: 'succeeded-with-rejections' as const } : {};
    store.entityDone(id, {
      ...names,
      ...counts,
      entity: 'Subscriptions',
      status: 'succeeded',
      rejections: [],
      created: at,
      ...rejecting,
    });
    changesFile(folder, id, at === runs - 1 ? 120 : at % 3);
    const failing = at >= runs - 3;
    const error = { code: 'VendorAuth', category: 'sign-in', retryable: false, exitCode: 3 } as const;
    store.entityDone(id, {
      ...{ ...counts, integration: 'EntraID', connection: 'contoso', entity: 'Users', rejections: [] },
      ...(failing
        ? {
            status: 'failed',
            error: { ...error, message: 'The secret has expired.', advice: 'Make a new one.' } as never,
          }
        : { status: 'succeeded' }),
    });
    store.end(id, new Date(startedAt.getTime() + 2000), failing || at % 6 === 0 ? 5 : 0);
  }
  store.rows('COMMIT');
  return folder;
}

describe('the HTML page of runs in a browser', () => {
  let browser: Browser;
  let folder: string;
  let path: string;

  beforeAll(async () => {
    if (!program) return;
    const quiet = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
    browser = await chromium.launch({ executablePath: program, args: quiet });
    folder = instance(hours);
    path = join(folder, 'report.html');
    expect((await run('runs', '--html', path, '--config', folder)).status).toBe(0);
  });
  afterAll(async () => {
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true });
  });

  async function opened(
    width: number,
    colorScheme: 'light' | 'dark',
    file = path,
  ): Promise<{ page: Page; told: string[] }> {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    page.setDefaultTimeout(100_000);
    const told: string[] = [];
    page.on('console', (message) => told.push(message.text()));
    page.on('pageerror', (error) => told.push(error.message));
    page.on('request', (request) => request.url().startsWith('file:') || told.push(request.url()));
    await page.goto(`file://${file}`);
    return { page, told };
  }

  needed.each([
    [1400, 'light'],
    [1400, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)('fits %i pixels, %s, is accessible and asks for nothing (needs Chromium)', async (width, scheme) => {
    const { page, told } = await opened(width, scheme);
    await page
      .locator('details.run')
      .first()
      .evaluate((one) => [one, ...one.querySelectorAll('details')].forEach((each) => each.setAttribute('open', '')));
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(await page.locator('#chart canvas').count()).toBe(1);
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([]);
    expect(told).toEqual([]);
    await page.context().close();
  });

  needed('says what fails since when, leads there, and finds runs by words (needs Chromium)', async () => {
    const { page, told } = await opened(1400, 'light');
    const failing = page.locator('.entities li', { hasText: 'EntraID Users' });
    expect(await failing.textContent()).toContain('3 runs in a row');
    await failing.locator('a').click();
    await page.locator(`#run-run${hours - 1}[open]`).waitFor();
    expect(await page.locator(`#run-run${hours - 1}`).textContent()).toContain('Make a new one.');

    const visible = page.locator('details.run:not([hidden])');
    await page.getByLabel('Only failed').check();
    await page.locator('output', { hasText: `9 of ${hours} runs` }).waitFor();
    expect(await visible.count()).toBe(9);
    await page.getByLabel('Only failed').uncheck();
    await page.getByLabel('Search').fill('licence 30');
    await page.locator('output', { hasText: `1 of ${hours} runs` }).waitFor();
    expect(await visible.textContent()).toContain(
      '184 rejected; the first 1 are here, all of them in the log of this run',
    );
    // By keyboard alone: from the search field to the run, which opens.
    await visible.locator('> summary').focus();
    await page.keyboard.press('Enter');
    expect(await visible.getAttribute('open')).toBe('');
    expect(told).toEqual([]);
    await page.context().close();
  });

  needed('opens a run to what it changed, and finds it by that (needs Chromium)', async () => {
    const { page, told } = await opened(1400, 'light');
    const newest = page.locator(`#run-run${hours - 1}`);
    await newest.locator('> summary').click();
    await newest.locator('.changes > summary').click();
    expect(await newest.locator('.changes > summary').textContent()).toBe(
      `The first 50 rows changed in Halo; 71 more are shown by Get-HaloSyncChange run${hours - 1}`,
    );
    const rows = newest.locator('.changes li:visible');
    expect(await rows.count()).toBe(50);
    const [first = '', second = ''] = await rows.allTextContents();
    expect(first.replaceAll(/\s+/g, ' ').trim()).toBe(
      `updated Client 1 “Seats of run${hours - 1}” Pax8 Subscriptions, v-1 name: Old → New`,
    );
    expect(second).toContain('<b>Seat 0 & co</b>');
    expect(second).not.toContain('x'.repeat(90));
    await page.getByLabel('Search').fill('seats of run4');
    await page.locator('output', { hasText: `1 of ${hours} runs` }).waitFor();
    const found = page.locator('details.run:not([hidden])');
    expect(await found.locator('.changes > summary').textContent()).toBe('2 rows changed in Halo');
    expect(told).toEqual([]);
    await page.context().close();
  });

  needed('holds ten thousand runs, and finds one of the oldest (needs Chromium)', async () => {
    const large = instance(10_000);
    const file = join(large, 'report.html');
    expect((await run('runs', '--html', file, '--last', '10000', '--config', large)).status).toBe(0);
    // Of older runs there would be more than anybody looks for.
    expect(readFileSync(file, 'utf8').match(/class="fields"/g)?.length).toBe(5000);
    const { page, told } = await opened(1400, 'light', file);
    expect(await page.locator('details.run').count()).toBeLessThan(1100);
    await page.getByLabel('Search').fill('licence 12');
    await page.locator('output', { hasText: / of 10000 runs/ }).waitFor();
    await page.evaluate('location.hash = "run-run12"');
    await page.locator('#run-run12[open]').waitFor();
    expect(told).toEqual([]);
    await page.context().close();
    rmSync(large, { recursive: true });
  });
});
