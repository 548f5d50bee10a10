/** Properties of a message or an attachment in a winmail.dat (MS-OXTNEF 2.1.3.4), by their id. */
export type TnefProperties = ReadonlyMap<number, TnefValue>;

/** A value as it stands there; a text in the code page of the whole is `narrow`, one in UTF-16 `wide`. */
export interface TnefValue {
  readonly kind: 'narrow' | 'wide' | 'bytes';
  readonly bytes: Buffer;
}

/** Bytes of property types that have a fixed size, padded to four. */
const fixedSizes: Readonly<Record<number, number>> = {
  0x0002: 4,
  0x0003: 4,
  0x0004: 4,
  0x0005: 8,
  0x0006: 8,
  0x0007: 8,
  0x000a: 4,
  0x000b: 4,
  0x0014: 8,
  0x0040: 8,
  0x0048: 16,
};
const kinds: Readonly<Record<number, TnefValue['kind']>> = { 0x001e: 'narrow', 0x001f: 'wide' };

/** Values of the properties with one value of variable size, or of four bytes; the others are passed over. */
export function readProperties(data: Buffer): TnefProperties {
  const found = new Map<number, TnefValue>();
  const count = data.length >= 4 ? data.readUInt32LE(0) : 0;
  let at = 4;
  for (let number = 0; number < count && at + 4 <= data.length; number++) {
    const type = data.readUInt16LE(at);
    const id = data.readUInt16LE(at + 2);
    at += 4;
    if (id >= 0x8000) at = afterName(data, at);
    const fixed = fixedSizes[type];
    if (fixed !== undefined) {
      if (fixed === 4 && at + 4 <= data.length) found.set(id, { kind: 'bytes', bytes: data.subarray(at, at + 4) });
      at += fixed;
      continue;
    }
    // Several values, or one of variable size: a count, then each with its length, padded to four.
    if (at + 4 > data.length) break;
    const values = data.readUInt32LE(at);
    at += 4;
    const element = (type & 0x1000) === 0 ? undefined : fixedSizes[type & 0x0fff];
    for (let value = 0; value < values && at + 4 <= data.length; value++) {
      if (element !== undefined) {
        at += element;
        continue;
      }
      const length = data.readUInt32LE(at);
      const bytes = data.subarray(at + 4, at + 4 + length);
      if (bytes.length < length) return found;
      if (value === 0) found.set(id, { kind: kinds[type & 0x0fff] ?? 'bytes', bytes });
      at += 4 + length + ((4 - (length % 4)) % 4);
    }
  }
  return found;
}

/** Skips the name of a named property: a GUID, then a number or a text. */
function afterName(data: Buffer, at: number): number {
  const kind = at + 20 <= data.length ? data.readUInt32LE(at + 16) : 0;
  if (kind === 0) return at + 24;
  const length = at + 24 <= data.length ? data.readUInt32LE(at + 20) : 0;
  return at + 24 + length + ((4 - (length % 4)) % 4);
}

/** Code pages of other names (Microsoft, Code Page Identifiers). */
const otherCodePages: Readonly<Record<number, string>> = {
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  10000: 'macintosh',
  20866: 'koi8-r',
  21866: 'koi8-u',
  50220: 'iso-2022-jp',
  50221: 'iso-2022-jp',
  50222: 'iso-2022-jp',
  51932: 'euc-jp',
  51949: 'euc-kr',
  54936: 'gb18030',
  38598: 'iso-8859-8',
  50225: 'iso-2022-kr',
  51936: 'gbk',
  52936: 'hz-gb-2312',
  65000: 'utf-7',
  65001: 'utf-8',
};

/** The name of the character set that a Windows code page is; '' for one that is not known. */
export function setOfCodePage(number: number): string {
  if (number >= 1250 && number <= 1258) return `windows-${number}`;
  if (number > 28590 && number <= 28606 && number !== 28602) return `iso-8859-${number - 28590}`;
  return otherCodePages[number] ?? (number > 0 && number < 1000 ? `cp${number}` : '');
}
