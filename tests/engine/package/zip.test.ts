import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

let folder: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'halo zip '));
});
afterAll(async () => fs.rm(folder, { recursive: true, force: true }));

/** Makes a folder and its zip as a machine in a time zone does. */
async function zipped(name: string, timeZone: string): Promise<Buffer> {
  const product = join(folder, name, 'Product', '1.0.0');
  await fs.mkdir(join(product, 'für'), { recursive: true });
  await fs.writeFile(join(product, 'start'), '#!/bin/sh\n', { mode: 0o600 });
  await fs.writeFile(join(product, 'für', 'Müller & Söhne.txt'), 'ä'.repeat(1000));
  const zip = join(folder, name, 'product.zip');
  const made = { folder: product, inZip: join(folder, name), zip, executables: ['start'] };
  const script = new URL('../../../scripts/package/zip.mjs', import.meta.url).href;
  const program = `const { zipFolder } = await import(${JSON.stringify(script)});
    await zipFolder({ ...${JSON.stringify(made)}, date: new Date('2026-03-29T01:30:00Z') });`;
  const args = ['--no-warnings', '--input-type=module', '-e', program];
  execFileSync(process.execPath, args, { env: { ...process.env, TZ: timeZone } });
  return fs.readFile(zip);
}

/** The files that a zip's directory names: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12 */
function directoryOf(zip: Buffer): { name: string; mode: number; utf8: boolean }[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const file = {
      name: zip.toString('utf8', at + 46, at + 46 + name),
      mode: zip.readUInt32LE(at + 38) >>> 16,
      utf8: (zip.readUInt16LE(at + 8) & 0x800) !== 0,
    };
    at += 46 + name + extra + comment;
    return file;
  });
}

describe('The zip of a package', () => {
  it('has names as they are and what may be run as such, and is the same whenever and wherever it is made', async () => {
    const first = await zipped('first', 'Europe/Berlin');
    expect(directoryOf(first)).toEqual([
      { name: 'Product/1.0.0/für/Müller & Söhne.txt', mode: 0o100644, utf8: true },
      { name: 'Product/1.0.0/start', mode: 0o100755, utf8: expect.any(Boolean) },
    ]);
    // An hour that Berlin's clocks leave out.
    expect((await zipped('second', 'America/New_York')).equals(first)).toBe(true);
    expect((await zipped('third', 'UTC')).equals(first)).toBe(true);
  });

  it('is whole or not there', async () => {
    const { zipFolder } = (await import(pathToFileURL(join(process.cwd(), 'scripts/package/zip.mjs')).href)) as {
      zipFolder(parts: object): Promise<void>;
    };
    const zip = join(folder, 'none', 'product.zip');
    const nothing = { folder: join(folder, 'first'), inZip: folder, zip, executables: [], date: new Date(0) };
    await expect(zipFolder(nothing)).rejects.toThrow('ENOENT');
    await expect(fs.stat(zip)).rejects.toThrow('ENOENT');
  });
});
