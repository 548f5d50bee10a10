import { execFile, spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort, type DatabaseServer } from './database-server.ts';

/** A PostgreSQL of the test's own, with a database `estate` and an account of its own. Needs root: PostgreSQL runs as its own user. */
export async function startPostgreSql(): Promise<DatabaseServer> {
  const [programs] = globSync('/usr/lib/postgresql/*/bin');
  if (programs === undefined) throw new Error('The import tests need PostgreSQL: apt-get install postgresql');
  const folder = await fs.mkdtemp(join(tmpdir(), 'postgresql-'));
  const { stdout } = await promisify(execFile)('/usr/bin/id', ['-u', 'postgres']);
  const uid = Number(stdout);
  await fs.chmod(folder, 0o755);
  const data = join(folder, 'data');
  await fs.mkdir(data);
  await fs.chown(data, uid, uid);
  const password = 'estate-Reader-1';
  await fs.writeFile(join(folder, 'password'), password);
  const as = { uid, cwd: folder, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' } };
  await promisify(execFile)(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'admin', '--auth=scram-sha-256', `--pwfile=${folder}/password`, '--no-sync', '-E', 'UTF8'],
    as,
  );
  const port = await freePort();
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${data}`, 'fsync=off'];
  const server = spawn(join(programs, 'postgres'), ['-D', data, ...settings.flatMap((one) => ['-c', one])], {
    ...as,
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const reached = { host: '127.0.0.1', port, user: 'admin', password };
  const connected = async (database: string): Promise<pg.Client> => {
    for (;;) {
      const client = new pg.Client({ ...reached, database });
      try {
        await client.connect();
        return client;
      } catch (error) {
        if (server.exitCode !== null) throw new Error('PostgreSQL ended before it was ready.', { cause: error });
        await sleep(100);
      }
    }
  };
  const first = await connected('postgres');
  await first.query('CREATE DATABASE estate');
  await first.end();
  const admin = await connected('estate');
  return {
    ...{ host: '127.0.0.1', port, database: 'estate', username: 'admin', password },
    run: async (text) => void (await admin.query(text)),
    count: async (table) => Number((await admin.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]?.n),
    async [Symbol.asyncDispose]() {
      await admin.end();
      server.kill('SIGINT');
      await ended;
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}
