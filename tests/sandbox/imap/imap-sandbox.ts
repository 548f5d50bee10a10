import { createServer as createPlainServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { ImapSession } from './imap-session.ts';
import { ImapFolder } from './imap-store.ts';
import { testCertificate } from './test-certificate.ts';

/** What sessions share. */
export interface ImapServerState {
  readonly user: string;
  password: string;
  /** What XOAUTH2 is let in with. */
  accessToken: string;
  /** Capabilities that servers have or lack. */
  extensions: string;
  readonly folders: ImapFolder[];
  /** Every command a client sent, by its verb. */
  readonly commands: string[];
  /** Called before a command of that verb is carried out; true when it is answered, or nothing is to be answered. */
  readonly faults: Map<string, (socket: Socket, line: string) => boolean>;
  folder(path: string, create?: boolean): ImapFolder | undefined;
}

/** An IMAP server (RFC 3501, MOVE, UIDPLUS) on the loopback, for what a mail reader asks. */
export interface ImapSandbox extends ImapServerState {
  readonly host: string;
  readonly port: number;
  readonly inbox: ImapFolder;
  readonly trash: ImapFolder;
  close(): Promise<void>;
}

/** Starts it, with TLS unless told otherwise, with an inbox and a trash folder. */
export async function startImapSandbox(options: { readonly tls?: boolean } = {}): Promise<ImapSandbox> {
  const inbox = new ImapFolder('INBOX');
  const trash = new ImapFolder('Trash', ['\\Trash']);
  const folders = [inbox, trash];
  const state: ImapServerState = {
    user: 'support@msp.example',
    password: 'sandbox password',
    accessToken: 'sandbox-access-token',
    extensions: 'MOVE',
    folders,
    commands: [],
    faults: new Map(),
    folder(path, create = false) {
      const found = folders.find((one) => one.path.toLowerCase() === path.toLowerCase());
      if (found || !create) return found;
      folders.push(new ImapFolder(path));
      return folders.at(-1);
    },
  };
  const sockets = new Set<Socket>();
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    new ImapSession(socket, state);
  };
  const server = options.tls === false ? createPlainServer(serve) : createTlsServer(testCertificate, serve);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    host: '127.0.0.1',
    port,
    inbox,
    trash,
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        for (const socket of sockets) socket.destroy();
      }),
  });
}
