import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Attribute, Change } from 'ldapts';
import { fillDemoContent } from '../node/src/database/demo-content/demo-content.ts';
import { openEmbeddedDatabase } from '../node/src/database/embedded/embedded-database.ts';
import { systemEnvironment } from '../node/src/system-environment.ts';
import { engineFlags } from '../scripts/node-24.mjs';
import type { DirectoryServer } from '../tests/sandbox/directory/directory-server.ts';
import { startOpenLdap } from '../tests/sandbox/directory/open-ldap.ts';

// People of a real OpenLDAP (Debian's slapd): the first read, one with nothing changed, one with a hundredth changed; see README.md.
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'bench/tmp/directory');
const settingsFile = join(folder, 'appsettings.json');
const people = Number(process.argv[2] ?? 20_000);

async function instance(server: DirectoryServer): Promise<void> {
  await fs.rm(folder, { recursive: true, force: true });
  await fs.mkdir(folder, { recursive: true });
  await fs.writeFile(
    settingsFile,
    JSON.stringify({
      HaloUrl: 'https://halo.example.com',
      Database: { Server: '(embedded)', Name: 'halo.db' },
      Integrations: { ActiveDirectory: { Entities: { Users: true }, Settings: { Password: server.password } } },
    }),
  );
  const { clock } = systemEnvironment(folder);
  const database = openEmbeddedDatabase({ path: join(folder, 'halo.db'), clock, fs });
  await database.connect();
  await fillDemoContent(database, clock);
  {
    await using session = await database.session('bench');
    await session.transaction(async (transaction) => {
      await transaction.insert('MODULESETUP', [
        { MSid: 70, MSName: 'Active Directory', MSActualName: 'Active Directory' },
      ]);
      await transaction.insert('LDAPConnection', [
        {
          ...{ LCID: 1, LCName: 'Fernbrook', LCHostName: server.host, LCPort: String(server.port) },
          ...{ LCBaseDN: server.base, LCUsername: server.username, LCType: 'Basic', LCHaloIntegratorEnabled: true },
        },
      ]);
      await transaction.insert('LDAPSTRING', [
        { LDid: 1, LDConnectionID: 1, LDDn: `ou=people,${server.base}`, LDsite: 1 },
      ]);
    });
  }
  await database.close();
}

/** One run of the shipped engine, and what its process took. */
function engine() {
  const begun = performance.now();
  const args = [...engineFlags, join(root, 'node/dist/main.mjs'), 'sync', 'ActiveDirectory'];
  const command = [process.execPath, ...args, '--config', settingsFile, '--json'];
  const done = spawnSync('/usr/bin/time', ['-f', '%M %U %S', ...command], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (done.status !== 0) throw new Error(`ended with ${done.status}: ${done.stderr}${done.stdout.slice(0, 2000)}`);
  const [kilobytes = 0, user = 0, system = 0] = (done.stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  const told = JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '{}') as {
    readonly results?: readonly Readonly<Record<string, unknown>>[];
  };
  const { created, updated, unchanged, deactivated, rejected } = told.results?.[0] ?? {};
  return {
    ...{ seconds: ((performance.now() - begun) / 1000).toFixed(2), CPU: (user + system).toFixed(2) },
    ...{ MB: (kilobytes / 1024).toFixed(0), created, updated, unchanged, deactivated, rejected },
  };
}

spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
await using server = await startOpenLdap();
await server.client.add(`ou=people,${server.base}`, { objectClass: 'organizationalUnit' });
const nameOf = (at: number): string => `cn=Person ${at},ou=people,${server.base}`;
for (let at = 0; at < people; at++)
  await server.client.add(nameOf(at), {
    ...{ objectClass: 'inetOrgPerson', cn: `Person ${at}`, sn: `No ${at}`, givenName: 'Person' },
    ...{ displayName: `Person ${at}`, mail: `person${at}@fernbrook.example`, title: 'Clerk', telephoneNumber: `${at}` },
  });
try {
  await instance(server);
  const passes: Record<string, unknown> = { first: engine(), unchanged: engine() };
  for (let at = 0; at < people; at += 100)
    await server.client.modify(
      nameOf(at),
      new Change({
        operation: 'replace',
        modification: new Attribute({ type: 'displayName', values: [`Renamed ${at}`] }),
      }),
    );
  passes['a hundredth changed'] = engine();
  console.table(passes);
} finally {
  await fs.rm(folder, { recursive: true, force: true });
}
