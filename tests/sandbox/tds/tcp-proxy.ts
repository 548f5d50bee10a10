import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be cut, blocked and closed. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Connections taken so far. */
  readonly connections: number;
  /** Breaks off all connections there are. */
  cut(): void;
  /** While true, new connections are broken off at once. */
  closed: boolean;
  /** While true, nothing goes through. */
  blocked: boolean;
}

/** Starts one on loopback in front of a server. */
export async function startTcpProxy(host: string, port: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let connections = 0;
  let blocked = false;
  const server = createServer((near) => {
    connections++;
    if (proxy.closed) return void near.resetAndDestroy();
    const far = connect(port, host);
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('error', () => undefined);
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
      from.pipe(to);
      if (blocked) from.unpipe(to).pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    closed: false,
    get blocked() {
      return blocked;
    },
    set blocked(value) {
      blocked = value;
      for (const [near, far] of pairs)
        for (const [from, to] of [[near, far] as const, [far, near] as const]) {
          if (value) from.unpipe(to).pause();
          else from.pipe(to);
        }
    },
    cut() {
      for (const [near, far] of pairs) {
        near.resetAndDestroy();
        far.resetAndDestroy();
      }
    },
    async [Symbol.asyncDispose]() {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
