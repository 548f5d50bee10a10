import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../databases/database-server.ts';
import { needPrograms, startServer, type DirectoryServer } from './directory-server.ts';

const programs = { '/usr/sbin/slapd': 'slapd', '/usr/sbin/slapadd': 'slapd' };
const base = 'dc=fernbrook,dc=test';
const username = `cn=admin,${base}`;
const password = 'Fernbrook-2026!';

/** A directory that is no Active Directory: OpenLDAP. `sizeLimit` is how many entries a search of others gives. */
export async function startOpenLdap({ sizeLimit = 500 }: { sizeLimit?: number } = {}): Promise<DirectoryServer> {
  needPrograms(programs);
  const folder = await fs.mkdtemp(join(tmpdir(), 'slapd-'));
  await fs.mkdir(join(folder, 'data'));
  const configuration = [
    ...['core', 'cosine', 'inetorgperson', 'nis'].map((name) => `include /etc/ldap/schema/${name}.schema`),
    ...['modulepath /usr/lib/ldap', 'moduleload back_mdb'],
    `sizelimit size.soft=${sizeLimit} size.hard=${sizeLimit} size.prtotal=${sizeLimit === 500 ? 'unlimited' : sizeLimit}`,
    ...['database mdb', `suffix "${base}"`, `rootdn "${username}"`, `rootpw ${password}`],
    ...[`directory ${join(folder, 'data')}`, 'index objectClass eq', 'dbnosync', 'maxsize 268435456'],
    // The root is bound by no limit, so searches are made by another.
    'access to * by * read',
  ];
  await fs.writeFile(join(folder, 'slapd.conf'), `${configuration.join('\n')}\n`);
  const top = [
    `dn: ${base}`,
    'objectClass: dcObject',
    'objectClass: organization',
    'o: Fernbrook',
    'dc: fernbrook',
    '',
  ];
  const reader = [
    `dn: cn=reader,${base}`,
    ...[
      'objectClass: organizationalRole',
      'objectClass: simpleSecurityObject',
      'cn: reader',
      `userPassword: ${password}`,
      '',
    ],
  ];
  await fs.writeFile(join(folder, 'top.ldif'), [...top, ...reader].join('\n'));
  await promisify(execFile)('/usr/sbin/slapadd', ['-f', join(folder, 'slapd.conf'), '-l', join(folder, 'top.ldif')]);
  const port = await freePort();
  const url = `ldap://127.0.0.1:${port}/`;
  const server = await startServer('/usr/sbin/slapd', ['-d', '0', '-f', join(folder, 'slapd.conf'), '-h', url], {
    ...{ host: '127.0.0.1', port, base, username, password },
  });
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}
