import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Format, NtExecutable } from 'resedit';
import packageJson from '../../../package.json' with { type: 'json' };

const system = process.platform === 'win32' ? 'win' : process.platform;
let folder: string;
let packaged: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'halo package '));
  const args = [
    'scripts/package.mjs',
    '--built',
    '--platform',
    `${system}-${process.arch}`,
    '--out',
    folder,
    '--folder-only',
  ];
  execFileSync(process.execPath, args, { stdio: 'ignore' });
  packaged = join(folder, 'HaloDBIntegrator', packageJson.version);
  await fs.mkdir(join(folder, 'temporary'));
});
// Windows keeps the folder in which a process ran for a moment after its end.
afterAll(async () => fs.rm(folder, { recursive: true, force: true, maxRetries: 20 }));

/** A temporary folder of the test's own. */
const temporary = () => Object.fromEntries(['TMPDIR', 'TEMP', 'TMP'].map((name) => [name, join(folder, 'temporary')]));

describe('The package for a server', () => {
  function run(...args: string[]) {
    const command = join(packaged, system === 'win' ? 'halo-db-integrator.cmd' : 'halo-db-integrator');
    const { stdout, stderr, status } = spawnSync(`"${command}"`, [...args, '--json'], {
      cwd: folder,
      encoding: 'utf8',
      shell: true,
      env: { PATH: system === 'win' ? process.env['SystemRoot'] : '/usr/bin:/bin', ...temporary() },
    });
    return { status, stderr, data: JSON.parse(stdout) as Record<string, unknown> };
  }

  it('makes an instance and checks it by its own Node, with nothing else installed, from a folder with spaces', () => {
    const instance = `"${join(folder, 'hourly')}"`;
    expect(run('instance', 'new', instance)).toMatchObject({ status: 0, stderr: '' });
    const { status, stderr, data } = run('test', '--config', instance);
    const { checks } = data as { checks: { name: string; passed: boolean }[] };
    // All it lacks is something that is switched on.
    expect([status, stderr, checks.filter(({ passed }) => !passed)]).toEqual([
      2,
      '',
      [expect.objectContaining({ name: 'Switches' })],
    ]);
  });

  it('keeps its compiled code in its own folder, since others may write in the temporary one', async () => {
    expect(run('config', 'get').status).toBe(0);
    expect(await fs.readdir(join(folder, 'temporary'))).toEqual([]);
    expect(await fs.readdir(join(packaged, 'node', 'compile-cache'))).toHaveLength(1);
  });

  it('has every file the module names', async () => {
    const manifest = await fs.readFile(join(packaged, 'HaloDBIntegrator.psd1'), 'utf8');
    expect(manifest).toContain(`'${packageJson.version}'`);
    for (const [, file = ''] of manifest.matchAll(/'(module\/[^']+)'/g))
      expect([file, existsSync(join(packaged, file))]).toEqual([file, true]);
    expect(existsSync(join(packaged, 'module', 'bin', 'Newtonsoft.Json.dll'))).toBe(true);
  });

  it('brings its Node, its single program and the way to .NET to Windows, without an installation of theirs', async () => {
    const out = join(folder, 'windows');
    const args = ['scripts/package.mjs', '--built', '--platform', 'win-x64', '--out', out, '--folder-only'];
    execFileSync(process.execPath, args, { stdio: 'ignore' });
    const made = join(out, 'HaloDBIntegrator', packageJson.version);
    const native = 'node/node_modules/edge-js/lib/native/win32/x64/24';
    for (const file of ['edge_nativeclr.node', 'vcruntime140.dll'].map((name) => `${native}/${name}`))
      expect([file, existsSync(join(made, file))]).toEqual([file, true]);
    // Windows takes what a library imports from the program of that name, or looks for a file of it on PATH.
    expect(importsOf(await fs.readFile(join(made, native, 'edge_nativeclr.node')))).toContain('node.exe');
    const ofSingle = importsOf(await fs.readFile(join(made, native, 'edge_nativeclr.HaloDBIntegrator.node')));
    expect(ofSingle).toContain('HaloDBIntegrator.exe');
    expect(ofSingle).not.toContain('node.exe');
    const node = (await fs.stat(join(made, 'module/engine/node.exe'))).size;
    const single = await fs.readFile(join(made, 'HaloDBIntegrator.exe'));
    expect(single.length).toBeGreaterThan(node);
    expect(single.includes('NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:1')).toBe(true);
    expect(single.includes(Buffer.from('Halo DB Integrator', 'utf16le'))).toBe(true);
  });

  it('has the starters that its pages name, which take a word as it is', () => {
    const names = [`halo-db-integrator${system === 'win' ? '.cmd' : ''}`, 'halo-db-integrator.ps1'];
    for (const name of names) expect([name, existsSync(join(packaged, name))]).toEqual([name, true]);
    const starter = readFileSync(join(packaged, 'halo-db-integrator.ps1'), 'utf8');
    const [, ...paths] = starter.split('$PSScriptRoot').map((part) => part.slice(1).split('"')[0] ?? '');
    expect(paths.length).toBe(2);
    for (const path of paths) expect([path, existsSync(join(packaged, path))]).toEqual([path, true]);
  });

  it('is not written over one for another system', () => {
    const other = system === 'win' ? 'linux-x64' : 'win-x64';
    const args = ['scripts/package.mjs', '--built', '--platform', other, '--out', folder, '--folder-only'];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, expect.stringContaining('another system')]);
  });

  /** From which files a library for Windows takes functions. */
  function importsOf(library: Buffer): string[] {
    const program = NtExecutable.from(library);
    const { info, data } = program.getSectionByEntry(Format.ImageDirectoryEntry.Import) ?? {};
    const table = program.newHeader.optionalHeaderDataDirectory.get(Format.ImageDirectoryEntry.Import);
    const bytes = Buffer.from(data ?? new ArrayBuffer()).subarray(0, info?.virtualSize);
    const names: string[] = [];
    for (let at = table.virtualAddress; ; at += 20) {
      const name = bytes.readUInt32LE(at + 12 - (info?.virtualAddress ?? 0)) - (info?.virtualAddress ?? 0);
      if (name < 0) return names;
      names.push(bytes.toString('latin1', name, bytes.indexOf(0, name)));
    }
  }

  it('has every file its pages link to', async () => {
    const pages = (await fs.readdir(packaged, { recursive: true })).filter((name) => name.endsWith('.md'));
    expect(pages).toContain('README.md');
    for (const page of pages) {
      const text = await fs.readFile(join(packaged, page), 'utf8');
      for (const [, link = ''] of text.matchAll(/\]\((?![a-z]+:)([^)#]+)/g))
        expect([page, link, existsSync(join(packaged, dirname(page), link))]).toEqual([page, link, true]);
    }
  });
});
