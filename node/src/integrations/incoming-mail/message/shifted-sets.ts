/** Sets that shift into a table of two bytes a letter within seven bits, and the table (RFC 1557, RFC 1843, RFC 1922). */
const sets: Readonly<Record<string, { readonly table: string; readonly marks: 'control' | 'tilde' }>> = {
  'iso-2022-kr': { table: 'euc-kr', marks: 'control' },
  csiso2022kr: { table: 'euc-kr', marks: 'control' },
  'iso-2022-cn': { table: 'gbk', marks: 'control' },
  'hz-gb-2312': { table: 'gbk', marks: 'tilde' },
  hz: { table: 'gbk', marks: 'tilde' },
};

/** How a set shifts, and the set whose bytes its text has with the upper half of them; undefined for a set that does not shift. */
export function shiftedSet(
  label: string,
): { readonly table: string; readonly bytes: (text: Buffer) => Buffer } | undefined {
  const found = Object.hasOwn(sets, label) ? sets[label] : undefined;
  return found && { table: found.table, bytes: (text) => unshifted(text, found.marks) };
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
