import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { needPrograms, startServer, type DirectoryServer } from './directory-server.ts';

const programs = {
  '/usr/sbin/samba': 'samba-ad-dc',
  '/usr/bin/samba-tool': 'samba-common-bin',
  '/usr/share/samba/setup/provision.ldif': 'samba-ad-provision',
};
/** LDAP's port is a domain controller's own, so each test file's has an address of its own. */
const host = `127.0.0.${2 + (process.pid % 200)}`;
const password = 'Fernbrook-2026!';

/** A domain controller of Active Directory: Samba, provisioned anew. Needs root. */
export async function startSambaDomain(): Promise<DirectoryServer> {
  needPrograms(programs);
  const folder = await fs.mkdtemp(join(tmpdir(), 'samba-'));
  const options = [
    ...['interfaces=lo', 'bind interfaces only=yes', 'server services=ldap', 'dcerpc endpoint servers='],
    ...['ldap server require strong auth=no', `log file=${folder}/log`, `pid directory=${folder}`],
    ...[`posix:eadb=${folder}/eadb.tdb`, 'dsdb:schema update allowed=yes'],
  ].map((option) => `--option=${option}`);
  await promisify(execFile)('/usr/bin/samba-tool', [
    ...['domain', 'provision', `--targetdir=${folder}`, '--realm=FERNBROOK.TEST', '--domain=FERNBROOK'],
    ...['--server-role=dc', '--dns-backend=NONE', `--adminpass=${password}`, '--host-name=dc1', '--host-ip=127.0.0.1'],
    ...options,
  ]);
  const server = await startServer(
    '/usr/sbin/samba',
    [
      ...['-i', '-M', 'single', '-s', join(folder, 'etc', 'smb.conf'), ...options],
      ...[`--option=interfaces=${host}/8`],
    ],
    { host, port: 389, base: 'DC=fernbrook,DC=test', username: 'administrator@fernbrook.test', password },
  );
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}
