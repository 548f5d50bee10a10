import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const page = readFileSync(join(root, 'docs/write-an-integration.md'), 'utf8').replaceAll('\r\n', '\n');
/** The files the page gives: a line with the path, and the block behind it. */
const given = [...page.matchAll(/^`([\w./-]+)`:\n\n```\w+\n([\s\S]*?)^```$/gm)].map(([, path = '', text = '']) => ({
  path,
  text,
}));

let copy: string;

function node(...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', ...words], {
    cwd: copy,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout + stderr;
}

const jest = (...words: string[]): string =>
  node(
    '--experimental-vm-modules',
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    'engine',
    '--runInBand',
    ...words,
  );

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'halo-new-integration-'));
  for (const part of [
    'node/src',
    'scripts',
    'docs',
    'module/completion.json',
    'package.json',
    'jest.config.mjs',
    'tsconfig.json',
    'README.md',
  ])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  for (const part of ['tests/engine', 'tests/sandbox', 'tests/facts'])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('docs/write-an-integration.md', () => {
  it('begins with an integration that works', () => {
    const said = node('scripts/new-integration.ts', 'AcmeRmm', 'Acme RMM');
    for (const { path } of given) expect(said).toContain(path);
    jest('tests/engine/acme-rmm');
  });

  it('comes to rows in Halo’s database, by the files it gives', () => {
    expect(given).toHaveLength(4);
    for (const { path, text } of given) writeFileSync(join(copy, path), text);
    node('node_modules/typescript/bin/tsc', '--noEmit', '-p', '.', '--incremental', 'false');
    jest('tests/engine/acme-rmm');
    jest('tests/engine/kit/contract.test.ts', '-t', 'AcmeRmm');
  });

  it('ends with its page, what is completed, and the rights', () => {
    node('scripts/docs-integrations.ts');
    node('scripts/completion.ts');
    node('scripts/grant-script.ts');
    expect(readFileSync(join(copy, 'docs/integrations/acme-rmm.md'), 'utf8')).toContain('GET /v1/machines/{id}/apps');
    jest(
      'tests/engine/package/integration-docs.test.ts',
      'tests/engine/package/completion.test.ts',
      'tests/engine/sql-server/grant-script.test.ts',
    );
  });

  it('refuses a name that is there, or is none', () => {
    expect(() => node('scripts/new-integration.ts', 'AcmeRmm', 'Acme RMM')).toThrow('is there already');
    expect(() => node('scripts/new-integration.ts', 'acme')).toThrow('usage');
  });
});
