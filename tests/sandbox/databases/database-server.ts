import { createServer, type AddressInfo } from 'node:net';

/** A database server of the test's own on the loopback. */
export interface DatabaseServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** An account that may write as well, so that what an import must not do is not kept from it by rights. */
  readonly username: string;
  readonly password: string;
  /** Runs statements. */
  run(text: string): Promise<void>;
  count(table: string): Promise<number>;
}

/** A port nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
