/** Kinds of TDS packets ([MS-TDS] 2.2.3.1.1) that a sign-in takes. */
export const packetType = { response: 0x04, login7: 0x10, sspi: 0x11, prelogin: 0x12 } as const;

/** A TDS packet: header and payload, the only one of its message. */
export function packet(type: number, payload: Buffer): Buffer {
  const header = Buffer.from([type, 1, 0, 0, 0, 0, 1, 0]);
  header.writeUInt16BE(payload.length + header.length, 2);
  return Buffer.concat([header, payload]);
}

/** Messages out of bytes as they come; a message may be several packets. */
export class MessageReader {
  #bytes = Buffer.alloc(0);
  #message: Buffer[] = [];

  /** Adds bytes and answers the messages that are whole. */
  add(bytes: Buffer): { readonly type: number; readonly payload: Buffer }[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const messages: { type: number; payload: Buffer }[] = [];
    while (this.#bytes.length >= 8 && this.#bytes.length >= this.#bytes.readUInt16BE(2)) {
      const length = this.#bytes.readUInt16BE(2);
      const [type = 0, status = 0] = this.#bytes;
      this.#message.push(this.#bytes.subarray(8, length));
      this.#bytes = this.#bytes.subarray(length);
      if ((status & 1) === 0) continue;
      messages.push({ type, payload: Buffer.concat(this.#message) });
      this.#message = [];
    }
    return messages;
  }
}

/** The answer to PRELOGIN: a version, and whether there is encryption (1 on, 2 not supported). */
export function preloginAnswer(encryption: 1 | 2): Buffer {
  const version = Buffer.from([15, 0, 16, 0, 0, 0]);
  const options = Buffer.from([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff]);
  return packet(packetType.response, Buffer.concat([options, version, Buffer.from([encryption])]));
}

/** An error a server tells of. */
export interface TdsError {
  readonly number: number;
  readonly message: string;
}

/** A refused sign-in: ERROR tokens and DONE. */
export function refusal(errors: readonly TdsError[]): Buffer {
  const tokens = errors.map(({ number, message }) => {
    const head = Buffer.alloc(8);
    head.writeInt32LE(number, 0);
    head.writeUInt8(1, 4);
    head.writeUInt8(14, 5);
    head.writeUInt16LE(message.length, 6);
    const body = Buffer.concat([head, Buffer.from(message, 'utf16le'), Buffer.from([0, 0, 1, 0, 0, 0])]);
    const length = Buffer.alloc(2);
    length.writeUInt16LE(body.length, 0);
    return Buffer.concat([Buffer.from([0xaa]), length, body]);
  });
  const done = Buffer.concat([Buffer.from([0xfd, 2, 0]), Buffer.alloc(10)]);
  return packet(packetType.response, Buffer.concat([...tokens, done]));
}
