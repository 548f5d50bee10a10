import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import { testCertificate } from '../imap/test-certificate.ts';
import { MessageReader, packet, packetType } from './tds-packets.ts';

const applicationData = 0x17;

/** The handshake travels in PRELOGIN packets, everything after it bare. */
class HandshakeChannel extends Duplex {
  readonly #socket: Socket;
  readonly #reader = new MessageReader();

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => {
      if (bytes[0] !== packetType.prelogin) this.push(bytes);
      else for (const { payload } of this.#reader.add(bytes)) this.push(payload);
    });
    socket.on('close', () => this.push(null));
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(bytes[0] === applicationData ? bytes : packet(packetType.prelogin, bytes), done);
  }
}

/** The server's end of an encrypted TDS connection, with a certificate nobody trusts. */
export function encrypted(socket: Socket): TLSSocket {
  return new TLSSocket(new HandshakeChannel(socket), {
    isServer: true,
    secureContext: createSecureContext({ ...testCertificate, maxVersion: 'TLSv1.2' }),
  });
}
