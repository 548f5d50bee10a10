// A library for Windows that takes functions from a program by the name of its file, made one that takes them from another.
import { Buffer } from 'node:buffer';
import { Format, NtExecutable } from 'resedit';

/** Of an entry of the import table: its length, and where in it the address of the name is (https://learn.microsoft.com/windows/win32/debug/pe-format#import-directory-table). */
const entryLength = 20;
const nameAt = 12;

/** A copy of the library that imports from the program `to` what it imports from `from`. */
export function renameImport(library, from, to) {
  const bytes = Buffer.from(library);
  const program = NtExecutable.from(bytes);
  const { info } = program.getSectionByEntry(Format.ImageDirectoryEntry.Import);
  const table = program.newHeader.optionalHeaderDataDirectory.get(Format.ImageDirectoryEntry.Import);
  const inFile = (address) => address - info.virtualAddress + info.pointerToRawData;
  // Behind what a section holds, its last page has room.
  const room = info.virtualAddress + info.virtualSize;
  const name = Buffer.from(`${to}\0`, 'latin1');
  const free = bytes.subarray(inFile(room), inFile(room) + name.length);
  if (info.virtualSize + name.length > info.sizeOfRawData || free.some((byte) => byte !== 0))
    throw new Error(`There is no room for the name ${to}.`);
  for (let at = inFile(table.virtualAddress); bytes.readUInt32LE(at + nameAt) !== 0; at += entryLength) {
    const start = inFile(bytes.readUInt32LE(at + nameAt));
    if (bytes.toString('latin1', start, bytes.indexOf(0, start)).toLowerCase() !== from) continue;
    bytes.writeUInt32LE(room, at + nameAt);
    name.copy(bytes, inFile(room));
    bytes.writeUInt32LE(info.virtualSize + name.length, sizeOfSection(bytes, info));
    return bytes;
  }
  throw new Error(`It imports nothing from ${from}.`);
}

/** Where in the file the header of a section says how much the section holds. */
function sizeOfSection(bytes, { virtualAddress }) {
  const header = bytes.readUInt32LE(0x3c);
  const optionalHeader = header + 24;
  for (let at = optionalHeader + bytes.readUInt16LE(header + 20); ; at += 40)
    if (bytes.readUInt32LE(at + 12) === virtualAddress) return at + 8;
}
