import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Attribute } from 'ldapts';

/** A directory server of the test's own on the loopback. */
export interface DirectoryServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly base: string;
  readonly username: string;
  readonly password: string;
  /** A client that may do everything. */
  readonly client: Client;
}

/** Who changes the directory in a test. */
export type Values = Record<string, string | string[]> | Attribute[];

/** Throws where a program is missing, naming the Debian packages that bring it. */
export function needPrograms(programs: Readonly<Record<string, string>>): void {
  const missing = Object.entries(programs).filter(([path]) => !existsSync(path));
  if (missing.length === 0) return;
  throw new Error(
    `These tests need ${missing.map(([path]) => path).join(', ')}: apt-get install ${[...new Set(missing.map(([, name]) => name))].join(' ')}`,
  );
}

/** Starts a server and answers once an administrator can sign in; it is ended with the test. */
export async function startServer(
  program: string,
  args: readonly string[],
  reached: Omit<DirectoryServer, 'client' | keyof AsyncDisposable>,
): Promise<DirectoryServer> {
  const server = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  server.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  let gone = false;
  const ended = new Promise<void>((resolve) =>
    server.once('exit', () => {
      gone = true;
      resolve();
    }),
  );
  const { host, port, username, password } = reached;
  for (;;) {
    const client = new Client({ url: `ldap://${host}:${port}`, strictDN: false });
    try {
      await client.bind(username, password);
      return {
        ...reached,
        client,
        async [Symbol.asyncDispose]() {
          await client.unbind();
          server.kill('SIGTERM');
          await ended;
        },
      };
    } catch (error) {
      await client.unbind().catch(() => undefined);
      if (gone) throw new Error(`${program} ended: ${said.join('')}`, { cause: error });
      await sleep(100);
    }
  }
}
