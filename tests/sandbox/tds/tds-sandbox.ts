import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { MessageReader, packetType, preloginAnswer, refusal, type TdsError } from './tds-packets.ts';
import { encrypted } from './tds-tls.ts';

/** How the server answers. */
export interface TdsSandboxOptions {
  /** Offers encryption. */
  readonly tls?: boolean;
  /** Takes connections and says nothing, or breaks them off. */
  readonly mute?: 'silent' | 'reset';
  /** What each sign-in is refused with; the last one counts for all that follow. */
  readonly refusals?: readonly (readonly TdsError[])[];
}

/** A server that speaks enough TDS to refuse a sign-in as SQL Server does. */
export interface TdsSandbox extends AsyncDisposable {
  readonly port: number;
  /** The LOGIN7 messages that came. */
  readonly logins: Buffer[];
}

/** Starts one on loopback. */
export async function startTdsSandbox(options: TdsSandboxOptions = {}): Promise<TdsSandbox> {
  const logins: Buffer[] = [];
  const sockets = new Set<Socket>();
  const signIn = (channel: Duplex): void => {
    const reader = new MessageReader();
    channel.on('error', () => undefined);
    channel.on('data', (bytes: Buffer) => {
      for (const { type, payload } of reader.add(bytes)) {
        if (type !== packetType.login7) continue;
        logins.push(payload);
        channel.end(refusal(options.refusals?.[logins.length - 1] ?? options.refusals?.at(-1) ?? []));
      }
    });
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    if (options.mute === 'reset') socket.resetAndDestroy();
    if (options.mute) return;
    socket.once('data', () => {
      socket.write(preloginAnswer(options.tls ? 1 : 2));
      signIn(options.tls ? encrypted(socket) : socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    logins,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** SQL Server Browser: says on UDP 1434 which port a named instance has. */
export async function startBrowser(instances: Readonly<Record<string, number>>): Promise<AsyncDisposable> {
  const socket = createSocket('udp4');
  socket.on('message', (_message, { address, port }) => {
    const said = Object.entries(instances)
      .map(([name, tcp]) => `ServerName;SQL01;InstanceName;${name};IsClustered;No;Version;15.0.2000.5;tcp;${tcp};;`)
      .join('');
    const head = Buffer.from([5, 0, 0]);
    head.writeUInt16LE(said.length, 1);
    socket.send(Buffer.concat([head, Buffer.from(said, 'ascii')]), port, address);
  });
  socket.bind(1434, '127.0.0.1');
  await once(socket, 'listening');
  return {
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, 'close');
    },
  };
}
