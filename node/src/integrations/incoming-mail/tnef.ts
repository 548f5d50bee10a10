import { createRichTextReader, type RichText, type RichTextReader } from './rich-text.ts';
import { decodeText, setInHtml } from './message/character-sets.ts';
import { readProperties, setOfCodePage, type TnefProperties, type TnefValue } from './tnef-properties.ts';

/** Whether bytes begin as a winmail.dat does, whatever it is called. */
export function isTnef(bytes: Uint8Array): boolean {
  return bytes[0] === 0x78 && bytes[1] === 0x9f && bytes[2] === 0x3e && bytes[3] === 0x22;
}

/** A file inside a winmail.dat. */
export interface TnefFile {
  readonly filename: string;
  readonly content: Uint8Array;
}

/** What Outlook put into a winmail.dat (application/ms-tnef). */
export interface TnefContent {
  readonly files: readonly TnefFile[];
  /** HTML of the message, where it is kept as such or in rich text. */
  readonly html: string;
  /** Its words, where they are kept as such or in rich text. */
  readonly text: string;
  /** The rich text that it was written in, where there is no HTML. */
  readonly rich?: Uint8Array;
  /** Whether all that is in it is here. */
  readonly whole: boolean;
}

const signature = 0x223e9f78;
const Attribute = {
  codePage: 0x00069007,
  body: 0x0002800c,
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

/** A file as it is put together from several attributes. */
interface GrowingFile {
  title: TnefValue | undefined;
  data: Buffer | undefined;
  properties: TnefProperties;
}

/** What a winmail.dat has of the message itself. */
interface GrowingMessage {
  readonly files: GrowingFile[];
  properties: TnefProperties;
  body: TnefValue | undefined;
  /** Character set of the texts that are not in UTF-16; '' where it is not said. */
  set: string;
  /** Whether it ends where it should. */
  complete: boolean;
}

/** Words of a message, in the best form that could be read. */
interface Words {
  readonly html: string;
  readonly text: string;
  /** Rich text that nothing else stands for. */
  readonly rich: RichText | undefined;
  readonly lost: boolean;
}

/**
 * Reads a winmail.dat as MS-OXTNEF describes it; undefined where it is none. What is cut off or odd ends the reading, and then, or
 * where something in it has no form that a file has, it is not whole. One reader of rich text serves all of one mail.
 */
export function readTnef(bytes: Uint8Array, readRich = createRichTextReader()): TnefContent | undefined {
  return readEnvelope(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, readRich);
}

function readEnvelope(view: Buffer, depth: number, readRich: RichTextReader): TnefContent | undefined {
  if (view.length < 6 || view.readUInt32LE(0) !== signature) return undefined;
  const message = readAttributes(view);
  const words = wordsOf(message, readRich);
  const read = message.files.map((file) => filesOf(file, message.set, depth, readRich));
  return {
    html: words.html,
    text: words.text,
    ...(words.rich && { rich: words.rich.rtf }),
    files: read.flatMap(({ files }) => files),
    whole: message.complete && !words.lost && read.every(({ whole }) => whole),
  };
}

function readAttributes(view: Buffer): GrowingMessage {
  const message: GrowingMessage = { files: [], properties: new Map(), body: undefined, set: '', complete: false };
  let at = 6;
  for (; at + 9 <= view.length;) {
    const id = view.readUInt32LE(at + 1);
    const length = view.readUInt32LE(at + 5);
    const data = view.subarray(at + 9, at + 9 + length);
    if (data.length < length) break;
    at += 9 + length + 2;
    addAttribute(message, id, data);
  }
  return { ...message, complete: at + 9 > view.length && at >= view.length };
}

function addAttribute(message: GrowingMessage, id: number, data: Buffer): void {
  const file = message.files.at(-1);
  if (id === Attribute.attachmentStart)
    message.files.push({ title: undefined, data: undefined, properties: new Map() });
  else if (id === Attribute.messageProperties) message.properties = readProperties(data);
  else if (id === Attribute.body) message.body = { kind: 'narrow', bytes: data };
  else if (id === Attribute.codePage && data.length >= 4) message.set = setOfCodePage(data.readUInt32LE(0));
  else if (file && id === Attribute.attachmentTitle) file.title = { kind: 'narrow', bytes: data };
  else if (file && id === Attribute.attachmentData) file.data = data;
  else if (file && id === Attribute.attachmentProperties) file.properties = readProperties(data);
}

/** HTML and text as they stand; where the message is in rich text alone, what that holds. */
function wordsOf({ properties, body, set }: GrowingMessage, readRich: RichTextReader): Words {
  const html = htmlOf(properties);
  const text = textOf(properties.get(Property.body), set) || textOf(body, set);
  const compressed = properties.get(Property.richText)?.bytes;
  if (html !== '' || !compressed) return { html, text, rich: undefined, lost: false };
  const rich = readRich(compressed);
  if (rich?.kind === 'html') return { html: rich.words, text, rich: undefined, lost: false };
  return { html, text: text || (rich?.words ?? ''), rich, lost: !rich && text === '' };
}

/** The file an attachment is; of a mail attached to the mail, its files and its words as files. */
function filesOf(
  { title, data, properties }: GrowingFile,
  set: string,
  depth: number,
  readRich: RichTextReader,
): { readonly files: readonly TnefFile[]; readonly whole: boolean } {
  const name =
    textOf(properties.get(Property.longFilename), set) ||
    textOf(properties.get(Property.filename), set) ||
    textOf(properties.get(Property.displayName), set) ||
    textOf(title, set);
  const object = properties.get(Property.data)?.bytes;
  const method = properties.get(Property.method)?.bytes;
  const embedded = method?.length === 4 && method.readUInt32LE(0) === embeddedMessage;
  if (embedded && object) {
    const inner = depth < deepest ? readEnvelope(object.subarray(interfaceId), depth + 1, readRich) : undefined;
    // What stands in the place of its content is a picture, and says nothing.
    if (!inner) return { files: [{ filename: `${name}.msg`, content: new Uint8Array(object) }], whole: false };
    return { files: [...wordsAsFiles(name, inner), ...inner.files], whole: inner.whole };
  }
  const content = data ?? object;
  if (content === undefined) return { files: [], whole: false };
  return { files: [{ filename: name, content: new Uint8Array(content) }], whole: true };
}

/** The words of an attached mail as the file that has most of them. */
function wordsAsFiles(name: string, { html, text, rich }: TnefContent): readonly TnefFile[] {
  if (html.trim() !== '') return [{ filename: `${name}.html`, content: Buffer.from(html) }];
  if (rich) return [{ filename: `${name}.rtf`, content: rich }];
  return text.trim() === '' ? [] : [{ filename: `${name}.txt`, content: Buffer.from(text) }];
}

/** HTML in the code page that is told, or in the set that it names itself. */
function htmlOf(properties: TnefProperties): string {
  const body = properties.get(Property.html);
  if (!body) return '';
  if (body.kind !== 'bytes') return textOf(body, '');
  const page = properties.get(Property.codePage)?.bytes;
  const set = page?.length === 4 ? setOfCodePage(page.readUInt32LE(0)) : '';
  return decodeText(body.bytes, set, setInHtml(body.bytes));
}

function textOf(value: TnefValue | undefined, set: string): string {
  if (!value) return '';
  const text = value.kind === 'narrow' ? decodeText(value.bytes, set) : value.bytes.toString('utf16le');
  // What stands behind its end is left from another text.
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
