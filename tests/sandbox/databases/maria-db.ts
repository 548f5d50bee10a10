import { execFile, spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import mysql from 'mysql2/promise';
import { needPrograms } from '../directory/directory-server.ts';
import { freePort, type DatabaseServer } from './database-server.ts';

/** A MariaDB of the test's own, with a database `estate` and an account that may only read it. Needs root. */
export async function startMariaDb(): Promise<DatabaseServer> {
  needPrograms({ '/usr/sbin/mariadbd': 'mariadb-server', '/usr/bin/mariadb-install-db': 'mariadb-server' });
  const folder = await fs.mkdtemp(join(tmpdir(), 'mariadb-'));
  await fs.chmod(folder, 0o755);
  const data = join(folder, 'data');
  const own = ['--no-defaults', `--datadir=${data}`, '--user=root'];
  await promisify(execFile)('/usr/bin/mariadb-install-db', [...own, '--auth-root-authentication-method=normal']);
  const port = await freePort();
  const socket = join(folder, 'socket');
  const server = spawn(
    '/usr/sbin/mariadbd',
    [...own, `--port=${port}`, '--bind-address=127.0.0.1', `--socket=${socket}`, `--pid-file=${folder}/pid`],
    { stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  let root: mysql.Connection | undefined;
  while (!root) {
    root = await mysql
      .createConnection({ socketPath: socket, user: 'root', multipleStatements: true })
      .catch(() => undefined);
    if (!root && server.exitCode !== null) throw new Error('MariaDB ended before it was ready.');
    if (!root) await sleep(100);
  }
  const admin = root;
  const password = 'estate-Reader-1';
  await admin.query(
    `CREATE DATABASE estate; DROP USER IF EXISTS ''@'localhost'; CREATE USER reader@'%' IDENTIFIED BY '${password}'; GRANT ALL ON estate.* TO reader@'%'; USE estate`,
  );
  return {
    ...{ host: '127.0.0.1', port, database: 'estate', username: 'reader', password },
    run: async (text) => void (await admin.query(text)),
    count: async (table) => {
      const [rows] = await admin.query<mysql.RowDataPacket[]>(`SELECT count(*) AS n FROM ${table}`);
      return Number(rows[0]?.['n']);
    },
    async [Symbol.asyncDispose]() {
      await admin.end();
      server.kill('SIGTERM');
      await ended;
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}
