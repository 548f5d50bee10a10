/** One attribute of a winmail.dat: of the message (level 1) or of an attachment (level 2). */
export function attribute(level: number, id: number, data: Buffer): Buffer {
  const frame = Buffer.alloc(9);
  frame.writeUInt8(level, 0);
  frame.writeUInt32LE(id, 1);
  frame.writeUInt32LE(data.length, 5);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(data.reduce((total, byte) => (total + byte) & 0xffff, 0));
  return Buffer.concat([frame, data, sum]);
}

/** A property with one value of variable size. */
export function property(type: number, id: number, value: Buffer): Buffer {
  const top = Buffer.alloc(12);
  top.writeUInt16LE(type, 0);
  top.writeUInt16LE(id, 2);
  top.writeUInt32LE(1, 4);
  top.writeUInt32LE(value.length, 8);
  return Buffer.concat([top, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

/** The attribute that has properties of the message (1) or of an attachment (2). */
export function properties(level: 1 | 2, ...all: readonly Buffer[]): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32LE(all.length);
  return attribute(level, level === 1 ? 0x00069003 : 0x00069005, Buffer.concat([count, ...all]));
}

/** PidTagAttachMethod. */
export function method(number: number): Buffer {
  return Buffer.from([3, 0, 0x05, 0x37, number, 0, 0, 0]);
}

/** A file in a winmail.dat, with a name in the code page of the whole. */
export function attachment(title: string, data: Buffer, ...more: readonly Buffer[]): Buffer {
  return Buffer.concat([
    attribute(2, 0x00069002, Buffer.alloc(14)),
    attribute(2, 0x00018010, Buffer.from(`${title}\0`, 'latin1')),
    attribute(2, 0x0006800f, data),
    ...(more.length > 0 ? [properties(2, ...more)] : []),
  ]);
}

/** A winmail.dat (MS-OXTNEF) of these attributes. */
export function tnef(...attributes: readonly Buffer[]): Buffer {
  const signature = Buffer.alloc(6);
  signature.writeUInt32LE(0x223e9f78, 0);
  signature.writeUInt16LE(1, 4);
  return Buffer.concat([signature, attribute(1, 0x00089006, Buffer.from([0, 0, 1, 0])), ...attributes]);
}

/** A winmail.dat as Outlook sends it: a body in HTML and one file with a long name. */
export function winmail(
  file = { name: 'a long report name.txt', content: Buffer.from('inside the envelope') },
): Buffer {
  const number = Buffer.from([3, 0, 0x0b, 0x37, 1, 0, 0, 0]);
  const html = property(0x0102, 0x1013, Buffer.from('<p>hidden <b>words</b></p>'));
  const long = property(0x001f, 0x3707, Buffer.from(`${file.name}\0`, 'utf16le'));
  return tnef(properties(1, number, html), attachment('SHORT~1.TXT', file.content, number, long));
}

/** RTF as compressed RTF that repeats nothing (MS-OXRTFCP). */
export function compressedRtf(rtf: string): Buffer {
  const raw = Buffer.from(rtf, 'latin1');
  const groups: Buffer[] = [];
  for (let at = 0; at < raw.length; at += 8) groups.push(Buffer.from([0]), raw.subarray(at, at + 8));
  const body = Buffer.concat(groups);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(body.length + 12, 0);
  head.writeUInt32LE(raw.length, 4);
  head.write('LZFu', 8, 'latin1');
  return Buffer.concat([head, body]);
}

/** The property that has a message's rich text. */
export function richText(compressed: Buffer): Buffer {
  return property(0x0102, 0x1009, compressed);
}
