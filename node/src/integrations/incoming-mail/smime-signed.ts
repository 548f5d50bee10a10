const Tag = { sequence: 0x30, objectId: 0x06, explicit0: 0xa0, octets: 0x04, octetsInParts: 0x24 } as const;
/** DER of the object ids signedData and data (RFC 5652). */
const signedData = '2a864886f70d010702';
const plainData = '2a864886f70d010701';
const deepest = 20;

interface Element {
  readonly tag: number;
  readonly content: Buffer;
  /** Where the next element begins. */
  readonly end: number;
}

/**
 * The message inside an S/MIME message that is signed with its content inside (application/pkcs7-mime, RFC 8551); undefined for an
 * encrypted one and anything else. The signature is not checked: Halo would not, and the words are the same.
 */
export function signedContent(bytes: Uint8Array): Buffer | undefined {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const info = children(read(whole, 0, 0));
  if (!isId(info[0], signedData) || info[1]?.tag !== Tag.explicit0) return undefined;
  const signed = children(children(info[1])[0]);
  const inner = children(signed.find((one) => one.tag === Tag.sequence && isId(children(one)[0], plainData)));
  return inner[1]?.tag === Tag.explicit0 ? octets(children(inner[1])[0]) : undefined;
}

function isId(element: Element | undefined, id: string): boolean {
  return element?.tag === Tag.objectId && element.content.toString('hex') === id;
}

/** The bytes of an OCTET STRING, put together where it comes in parts. */
function octets(element: Element | undefined): Buffer | undefined {
  if (element?.tag === Tag.octets) return element.content;
  if (element?.tag !== Tag.octetsInParts) return undefined;
  return Buffer.concat(children(element).flatMap((part) => octets(part) ?? []));
}

function children(parent: Element | undefined): readonly Element[] {
  const found: Element[] = [];
  for (let at = 0; parent && at < parent.content.length;) {
    const child = read(parent.content, at, 0);
    if (!child) break;
    found.push(child);
    at = child.end;
  }
  return found;
}

/** One element of BER, of definite or indefinite length; undefined where it is cut off or nested beyond reason. */
function read(data: Buffer, at: number, depth: number): Element | undefined {
  const tag = data[at];
  const first = data[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f || depth > deepest) return undefined;
  if (first === 0x80) return readIndefinite(data, at, tag, depth);
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 4 || at + 2 + lengthBytes > data.length) return undefined;
  const length = lengthBytes === 0 ? first : data.readUIntBE(at + 2, lengthBytes);
  const begin = at + 2 + lengthBytes;
  if (begin + length > data.length) return undefined;
  return { tag, content: data.subarray(begin, begin + length), end: begin + length };
}

/** An element that ends where two zero bytes stand in the place of the next one. */
function readIndefinite(data: Buffer, at: number, tag: number, depth: number): Element | undefined {
  let next = at + 2;
  while (!(data[next] === 0 && data[next + 1] === 0)) {
    const child = read(data, next, depth + 1);
    if (!child) return undefined;
    next = child.end;
  }
  return { tag, content: data.subarray(at + 2, next), end: next + 2 };
}
