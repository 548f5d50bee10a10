import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { testCertificate } from './test-certificate.ts';

const program = '/usr/sbin/dovecot';

/** Whether Dovecot can be started here: it is installed, and we are root, which it wants to be started by. */
export const dovecotRuns = existsSync(program) && process.getuid?.() === 0;

/** A Dovecot of our own on the loopback. */
export interface Dovecot {
  readonly host: string;
  /** TLS from the start. */
  readonly port: number;
  readonly user: string;
  readonly password: string;
  close(): Promise<void>;
}

/** Starts it with an empty mailbox. */
export async function startDovecot(): Promise<Dovecot> {
  const folder = await fs.mkdtemp(join(tmpdir(), 'dovecot-'));
  const nobody = 65534;
  await fs.chmod(folder, 0o755);
  await fs.mkdir(join(folder, 'mail'));
  await fs.chown(join(folder, 'mail'), nobody, nobody);
  await fs.writeFile(join(folder, 'key.pem'), testCertificate.key, { mode: 0o600 });
  await fs.writeFile(join(folder, 'cert.pem'), testCertificate.cert);
  const [user, password, port] = ['support@msp.example', 'dovecot-password', await freePort()];
  await fs.writeFile(join(folder, 'dovecot.conf'), configuration(folder, password, port, nobody));
  const server = spawn(program, ['-F', '-c', join(folder, 'dovecot.conf')], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const close = async (): Promise<void> => {
    server.kill('SIGTERM');
    await ended;
    await fs.rm(folder, { recursive: true, force: true });
  };
  for (let attempt = 0; attempt < 100 && server.exitCode === null; attempt++) {
    if (await answers(port)) return { host: '127.0.0.1', port, user, password, close };
    await sleep(50);
  }
  const log = await fs.readFile(join(folder, 'log'), 'utf8').catch(() => 'it left no log');
  await close();
  throw new Error(`Dovecot does not start: ${log}`);
}

function configuration(folder: string, password: string, port: number, uid: number): string {
  return `
base_dir = ${folder}/run
log_path = ${folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
mail_location = maildir:${folder}/mail/%u
first_valid_uid = 1
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${uid} gid=${uid} home=${folder}/mail/%u
}
service imap-login {
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = ${port}
    ssl = yes
  }
}
namespace inbox {
  inbox = yes
  mailbox Trash {
    special_use = \\Trash
    auto = create
  }
}
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
