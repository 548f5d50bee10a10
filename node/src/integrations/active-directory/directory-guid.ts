/**
 * An object's id as one text, whichever form it was read in: 32 hexadecimal digits in groups, in lower case. Active Directory's
 * objectGUID are 16 bytes, the first three groups of which are little-endian (MS-DTYP 2.3.4); entryUUID is text (RFC 4530).
 */
export function guidOf(value: string | Buffer | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') {
    const digits = value
      .replaceAll(/[{}()-]/g, '')
      .trim()
      .toLowerCase();
    return /^[0-9a-f]{32}$/.test(digits) ? grouped(digits) : undefined;
  }
  if (value.length !== 16) return undefined;
  const bytes = Buffer.from(value);
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return grouped(bytes.toString('hex'));
}

/** The forms in which an id may stand in Halo: plain, in braces, digits alone, and the bytes as ADSI's NativeGuid writes them. */
export function guidForms(guid: string): readonly string[] {
  return [guid, `{${guid}}`, guid.replaceAll('-', ''), native(guid)];
}

/** The id a text of Halo's stands for, be it the bytes as ADSI writes them; only one of `known` is found that way. */
export function knownGuid(text: unknown, known: ReadonlySet<string>): string | undefined {
  const guid = typeof text === 'string' ? guidOf(text) : undefined;
  if (guid === undefined || known.has(guid)) return guid;
  const swapped = grouped(native(guid));
  return known.has(swapped) ? swapped : guid;
}

/** Its own inverse: the first three groups with their bytes turned round. */
function native(guid: string): string {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes.toString('hex');
}

function grouped(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
