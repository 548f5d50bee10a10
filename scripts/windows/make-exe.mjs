// HaloDBIntegrator.exe: Node for Windows with the start of the engine in it (Node's single executable), an icon and a version.
import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Data, NtExecutable, NtExecutableResource, Resource } from 'resedit';

/** What says that a Node has a program in it: https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const rawData = 10;
const english = 1033;
const unicode = 1200;

/** Writes the program for a node.exe to a path; `builder` is a Node of the same version for this system. */
export function makeExe({ node, builder, flags, version, path }) {
  const bytes = Buffer.from(readFileSync(node));
  const at = bytes.indexOf(`${fuse}:0`);
  if (at < 0) throw new Error(`${node} takes no program into it.`);
  bytes[at + fuse.length + 1] = '1'.charCodeAt(0);
  // Its signature is Node's and would no longer be true.
  const program = NtExecutable.from(bytes, { ignoreCert: true });
  const resources = NtExecutableResource.from(program);
  resources.entries.push({
    type: rawData,
    id: 'NODE_SEA_BLOB',
    lang: english,
    codepage: unicode,
    bin: toArrayBuffer(blobOf(builder, flags)),
  });
  const icon = Data.IconFile.from(icons());
  const [group] = Resource.IconGroupEntry.fromEntries(resources.entries);
  Resource.IconGroupEntry.replaceIconsForResource(
    resources.entries,
    group?.id ?? 1,
    group?.lang ?? english,
    icon.icons.map((one) => one.data),
  );
  for (const info of Resource.VersionInfo.fromEntries(resources.entries)) {
    info.setFileVersion(`${version}.0`);
    info.setProductVersion(`${version}.0`);
    for (const language of info.getAllLanguagesForStringValues()) {
      info.removeAllStringValues(language);
      info.setStringValues(language, {
        CompanyName: 'Halo DB Integrator contributors',
        FileDescription: 'Halo DB Integrator',
        FileVersion: version,
        InternalName: 'HaloDBIntegrator',
        LegalCopyright: '(c) Halo DB Integrator contributors. MIT licence. With Node.js, (c) its contributors.',
        OriginalFilename: 'HaloDBIntegrator.exe',
        ProductName: 'Halo DB Integrator',
        ProductVersion: version,
      });
    }
    info.outputToResourceEntries(resources.entries);
  }
  resources.outputResource(program);
  writeFileSync(path, Buffer.from(program.generate()));
}

/** The start of the engine in the form Node takes in. Without a snapshot or compiled code it is the same for every system. */
function blobOf(builder, flags) {
  const folder = mkdtempSync(join(tmpdir(), 'halo-exe-'));
  try {
    const settings = join(folder, 'sea.json');
    const output = join(folder, 'blob');
    const main = fileURLToPath(new URL('start-engine.cjs', import.meta.url));
    // Only what is given when it is made counts, and no variable of whoever runs it.
    const fixed = { execArgv: flags, execArgvExtension: 'none', useSnapshot: false, useCodeCache: false };
    writeFileSync(settings, JSON.stringify({ main, output, disableExperimentalSEAWarning: true, ...fixed }));
    execFileSync(builder, ['--experimental-sea-config', settings], { stdio: 'ignore' });
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const toArrayBuffer = (buffer) => buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);

/** A ring on a square, in the sizes Windows shows: drawn here, so that no picture has to be kept. */
function icons() {
  const sizes = [16, 32, 48, 256];
  const pictures = sizes.map(picture);
  const header = Buffer.alloc(6 + 16 * sizes.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(sizes.length, 4);
  let offset = header.length;
  sizes.forEach((size, index) => {
    const at = 6 + 16 * index;
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(pictures[index].length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += pictures[index].length;
  });
  return Buffer.concat([header, ...pictures]);
}

/** A picture of an icon file: a bitmap of 32 bits a point, from below, and its mask of what is seen through. */
function picture(size) {
  const head = Buffer.alloc(40);
  head.writeUInt32LE(40, 0);
  head.writeInt32LE(size, 4);
  head.writeInt32LE(size * 2, 8);
  head.writeUInt16LE(1, 12);
  head.writeUInt16LE(32, 14);
  const points = Buffer.alloc(size * size * 4);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const distance = Math.hypot(x + 0.5 - size / 2, y + 0.5 - size / 2) / size;
      const ring = distance > 0.22 && distance < 0.36;
      // Blue, green, red, how far it covers.
      points.set(ring ? [255, 255, 255, 255] : [0x8a, 0x4b, 0x1f, 255], (y * size + x) * 4);
    }
  const mask = Buffer.alloc(Math.ceil(size / 32) * 4 * size);
  return Buffer.concat([head, points, mask]);
}
