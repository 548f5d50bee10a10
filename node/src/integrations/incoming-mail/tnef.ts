/** A file inside a winmail.dat. */
export interface TnefFile {
  readonly filename: string;
  readonly content: Uint8Array;
}

/** What Outlook put into a winmail.dat (application/ms-tnef). */
export interface TnefContent {
  readonly files: readonly TnefFile[];
  /** HTML of the message, where it is kept as such. */
  readonly html: string;
  /** Its words, where they are kept as such. */
  readonly text: string;
  /** Whether all that is in it is here. */
  readonly whole: boolean;
}

const signature = 0x223e9f78;
const Attribute = {
  messageProperties: 0x00069003,
  attachmentStart: 0x00069002,
  attachmentTitle: 0x00018010,
  attachmentData: 0x0006800f,
  attachmentProperties: 0x00069005,
} as const;
const Property = {
  longFilename: 0x3707,
  filename: 0x3704,
  displayName: 0x3001,
  method: 0x3705,
  data: 0x3701,
  html: 0x1013,
  body: 0x1000,
  richText: 0x1009,
  codePage: 0x3fde,
} as const;
/** PidTagAttachMethod of a message, whose data is the id of an interface and then a winmail.dat of its own. */
const embeddedMessage = 5;
const interfaceId = 16;
const deepest = 5;
/** Code pages of other names (Microsoft, Code Page Identifiers). */
const otherCodePages: Readonly<Record<number, string>> = {
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  20866: 'koi8-r',
  21866: 'koi8-u',
  50220: 'iso-2022-jp',
  51932: 'euc-jp',
  54936: 'gb18030',
};
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

/** A file as it is put together from several attributes. */
interface GrowingFile {
  title: string;
  data: Buffer | undefined;
  properties: ReadonlyMap<number, Buffer>;
}

/**
 * Reads a winmail.dat as MS-OXTNEF describes it; undefined where it is none. What is cut off or odd ends the reading, and then, or
 * where something in it has no form that a file has, it is not whole.
 */
export function readTnef(bytes: Uint8Array, depth = 0): TnefContent | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < 6 || view.readUInt32LE(0) !== signature) return undefined;
  const growing: GrowingFile[] = [];
  let message: ReadonlyMap<number, Buffer> = new Map();
  let at = 6;
  for (; at + 9 <= view.length;) {
    const id = view.readUInt32LE(at + 1);
    const length = view.readUInt32LE(at + 5);
    const data = view.subarray(at + 9, at + 9 + length);
    if (data.length < length) break;
    at += 9 + length + 2;
    const file = growing.at(-1);
    if (id === Attribute.attachmentStart) growing.push({ title: '', data: undefined, properties: new Map() });
    else if (id === Attribute.messageProperties) message = readProperties(data);
    else if (file && id === Attribute.attachmentTitle) file.title = narrow(data);
    else if (file && id === Attribute.attachmentData) file.data = data;
    else if (file && id === Attribute.attachmentProperties) file.properties = readProperties(data);
  }
  const html = htmlOf(message);
  const read = growing.map((file) => filesOf(file, depth));
  const onlyRich = html === '' && depth > 0 && !message.has(Property.body) && message.has(Property.richText);
  return {
    html,
    text: wide(message.get(Property.body)),
    files: read.flatMap(({ files }) => files),
    whole: at + 9 > view.length && at >= view.length && !onlyRich && read.every(({ whole }) => whole),
  };
}

/** The file an attachment is; of a mail attached to the mail, its files and its words as files. */
function filesOf(
  { title, data, properties }: GrowingFile,
  depth: number,
): { readonly files: readonly TnefFile[]; readonly whole: boolean } {
  const name =
    wide(properties.get(Property.longFilename)) ||
    wide(properties.get(Property.filename)) ||
    wide(properties.get(Property.displayName)) ||
    title;
  const object = properties.get(Property.data);
  const method = properties.get(Property.method);
  const embedded = method?.length === 4 && method.readUInt32LE(0) === embeddedMessage;
  if (embedded && object) {
    const inner = depth < deepest ? readTnef(object.subarray(interfaceId), depth + 1) : undefined;
    // What stands in the place of its content is a picture, and says nothing.
    if (!inner) return { files: [{ filename: `${name}.msg`, content: new Uint8Array(object) }], whole: false };
    const words = (ending: string, text: string): readonly TnefFile[] =>
      text.trim() === '' ? [] : [{ filename: `${name}.${ending}`, content: Buffer.from(text) }];
    const own = inner.html === '' ? words('txt', inner.text) : words('html', inner.html);
    return { files: [...own, ...inner.files], whole: inner.whole };
  }
  const content = data ?? object;
  if (content === undefined) return { files: [], whole: false };
  return { files: [{ filename: name, content: new Uint8Array(content) }], whole: true };
}

function htmlOf(message: ReadonlyMap<number, Buffer>): string {
  const body = message.get(Property.html);
  return body ? inCodePage(body, message.get(Property.codePage)) : '';
}

/** Values of the properties with one value of variable size, or of four bytes, by id; the others are passed over. */
function readProperties(data: Buffer): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  const count = data.length >= 4 ? data.readUInt32LE(0) : 0;
  let at = 4;
  for (let number = 0; number < count && at + 4 <= data.length; number++) {
    const type = data.readUInt16LE(at);
    const id = data.readUInt16LE(at + 2);
    at += 4;
    if (id >= 0x8000) at = afterName(data, at);
    const fixed = fixedSizes[type];
    if (fixed !== undefined) {
      if (fixed === 4 && at + 4 <= data.length) found.set(id, data.subarray(at, at + 4));
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
      const content = data.subarray(at + 4, at + 4 + length);
      if (content.length < length) return found;
      if (value === 0) found.set(id, textOf(type, content));
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

/** Bytes in a Windows code page as text; in one that is not known, as UTF-8. */
function inCodePage(bytes: Buffer, codePage: Buffer | undefined): string {
  const number = codePage?.length === 4 ? codePage.readUInt32LE(0) : 65001;
  const iso = number > 28590 && number <= 28606 && number !== 28602 ? `iso-8859-${number - 28590}` : undefined;
  const windows = number >= 1250 && number <= 1258 ? `windows-${number}` : undefined;
  const label = iso ?? windows ?? otherCodePages[number] ?? 'utf-8';
  return new TextDecoder(label).decode(bytes);
}

/** Texts as UTF-16, whichever of the two kinds they are; bytes as they are. */
function textOf(type: number, content: Buffer): Buffer {
  return (type & 0x0fff) === 0x001e ? Buffer.from(narrow(content), 'utf16le') : content;
}

function narrow(data: Buffer): string {
  return data.toString('latin1').replace(/\0+$/, '');
}

function wide(data: Buffer | undefined): string {
  return data === undefined ? '' : data.toString('utf16le').replace(/\0+$/, '');
}
