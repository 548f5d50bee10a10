import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as a server took it. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body. */
  readonly text: string;
  readonly encrypted: boolean;
  readonly user: string | undefined;
}

/** A mail server on loopback; its certificate is one that nobody vouches for. */
export interface MailServer extends AsyncDisposable {
  readonly port: number;
  readonly mails: TakenMail[];
}

/** Starts it; it takes the user `halo` with this password. */
export async function mailServer(password: string, options: SMTPServerOptions = {}): Promise<MailServer> {
  const mails: TakenMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    ...options,
    onAuth: (auth, _session, done) =>
      auth.username === 'halo' && auth.password === password
        ? done(null, { user: auth.username })
        : done(new Error(`${auth.password ?? ''} is not the password`)),
    onData: (stream, session, done) => {
      void text(stream).then((whole) => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: whole.replace(/=\r?\n/g, '').replaceAll('=20', ' '),
          encrypted: session.secure,
          user: session.user as string | undefined,
        });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    [Symbol.asyncDispose]: () => new Promise<void>((closed) => server.close(() => closed())),
  };
}

/** A webhook on loopback. */
export interface Webhook extends AsyncDisposable {
  readonly url: string;
  readonly posts: unknown[];
  /** The status of its answers from now on. */
  answer(status: number): void;
}

/** Starts it at an address that ends in this. */
export async function webhook(path: string): Promise<Webhook> {
  const posts: unknown[] = [];
  let status = 202;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (status < 300) posts.push(JSON.parse(body));
      // As some do, it quotes its own address.
      response.writeHead(status).end(`at ${request.url ?? ''}`);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    posts,
    answer: (next) => {
      status = next;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}
