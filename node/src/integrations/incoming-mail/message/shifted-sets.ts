/** Sets that shift into a table of two bytes a letter within seven bits, and the table (RFC 1468, RFC 1557, RFC 1843, RFC 1922). */
const sets: Readonly<Record<string, { readonly table: string; readonly marks: 'control' | 'tilde' | 'escape' }>> = {
  'iso-2022-jp': { table: 'euc-jp', marks: 'escape' },
  csiso2022jp: { table: 'euc-jp', marks: 'escape' },
  'iso-2022-kr': { table: 'euc-kr', marks: 'control' },
  csiso2022kr: { table: 'euc-kr', marks: 'control' },
  'iso-2022-cn': { table: 'gbk', marks: 'control' },
  'hz-gb-2312': { table: 'gbk', marks: 'tilde' },
  hz: { table: 'gbk', marks: 'tilde' },
};
const escape = 0x1b;
/** What EUC-JP puts before a letter of half width, and one of JIS X 0212. */
const halfWidth = 0x8e;
const supplement = 0x8f;

/** How a set shifts, and the set whose bytes its text has with the upper half of them; undefined for a set that does not shift. */
export function shiftedSet(
  label: string,
): { readonly table: string; readonly bytes: (text: Buffer) => Buffer } | undefined {
  const found = Object.hasOwn(sets, label) ? sets[label] : undefined;
  if (!found) return undefined;
  const { table, marks } = found;
  return { table, bytes: marks === 'escape' ? japanese : (text) => unshifted(text, marks) };
}

/** Moves what is shifted into the upper half of the bytes, where its table is. A line begins unshifted. */
function unshifted(bytes: Buffer, marks: 'control' | 'tilde'): Buffer {
  const moved = Buffer.alloc(bytes.length);
  let end = 0;
  let shift = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const next = bytes[at + 1];
    if (byte === 0x0a) shift = false;
    if (marks === 'control' && (byte === 0x0e || byte === 0x0f)) shift = byte === 0x0e;
    else if (marks === 'control' && byte === 0x1b && next === 0x24) at += 3;
    else if (marks === 'tilde' && byte === 0x7e && (next === 0x7b || next === 0x7d)) {
      shift = next === 0x7b;
      at++;
    } else if (marks === 'tilde' && byte === 0x7e && !shift && (next === 0x7e || next === 0x0a)) {
      if (next === 0x7e) moved[end++] = byte;
      at++;
    } else moved[end++] = shift && byte > 0x20 ? byte | 0x80 : byte;
  }
  return moved.subarray(0, end);
}

/** How many bytes a letter has that is not ASCII, and what EUC-JP puts before it. */
interface Designated {
  readonly bytes: 1 | 2;
  readonly before?: number;
}

/**
 * ISO-2022-JP with the sets of Japan that mail has in it, as EUC-JP; half of a letter at the end of a line is left out. An escape behind
 * another, where two texts were put together, is nothing odd.
 */
function japanese(bytes: Buffer): Buffer {
  // A letter of half width takes two bytes, one of JIS X 0212 three in place of two.
  const moved = Buffer.alloc(bytes.length * 2);
  let end = 0;
  let shift: Designated | undefined;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === escape) {
      const [length, designated] = designation(bytes, at + 1);
      shift = designated;
      at += length;
    } else if (byte === 0x0e || byte === 0x0f) {
      shift = byte === 0x0e ? { bytes: 1, before: halfWidth } : undefined;
    } else if (!shift || byte <= 0x20) {
      if (byte === 0x0a) shift = undefined;
      moved[end++] = byte;
    } else {
      const second = bytes[at + 1] ?? 0;
      if (shift.bytes === 2 && second <= 0x20) continue;
      if (shift.before !== undefined) moved[end++] = shift.before;
      moved[end++] = byte | 0x80;
      if (shift.bytes === 1) continue;
      moved[end++] = second | 0x80;
      at++;
    }
  }
  return moved.subarray(0, end);
}

/** The set that an escape turns to, and the bytes of the escape; undefined for ASCII, and for what is none. */
function designation(bytes: Buffer, at: number): readonly [length: number, designated: Designated | undefined] {
  const sequence = bytes.toString('latin1', at, at + 3);
  if (sequence.startsWith('$(D')) return [3, { bytes: 2, before: supplement }];
  if (/^\$\([@B]/.test(sequence)) return [3, { bytes: 2 }];
  if (/^\$[@B]/.test(sequence)) return [2, { bytes: 2 }];
  if (sequence.startsWith('(I')) return [2, { bytes: 1, before: halfWidth }];
  return [/^\([A-Z]/.test(sequence) ? 2 : 0, undefined];
}
