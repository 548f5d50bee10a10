import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as fs from 'node:fs/promises';
import { fillDemoContent } from '../../node/src/database/demo-content/demo-content.ts';
import { openEmbeddedDatabase } from '../../node/src/database/embedded/embedded-database.ts';
import { systemEnvironment } from '../../node/src/system-environment.ts';
import { prompt, showCmdlets, withoutCmdlets } from './cmdlets.ts';
import { title } from './title.ts';
import { startGraphSandbox } from '../../tests/sandbox/graph/graph-sandbox.ts';
import { contract as ninjaOne } from '../../tests/sandbox/ninjaone/contract.ts';
import { startPax8Sandbox } from '../../tests/sandbox/pax8/pax8-sandbox.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: asked } = parseArgs({
  options: { stay: { type: 'boolean', default: false }, folder: { type: 'string', default: 'demo' } },
});
/** As it is typed behind --config, from the project's folder. */
const named = asked.folder;
const folder = resolve(root, named);
const settingsPath = join(folder, 'appsettings.json');
const { clock } = systemEnvironment(root);

/** Runs the engine as an admin would, and answers its exit code. */
function engine(...args: string[]): Promise<number> {
  console.log(`> halo-db-integrator ${args.join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--no-warnings', join(root, 'node/src/main.ts'), ...args, '--config', settingsPath],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** The row an admin makes in Halo's web app: one tenant whose users belong to the first client's site, read by delta. */
async function connectEntra(database: ReturnType<typeof openEmbeddedDatabase>): Promise<void> {
  await using session = await database.session('demo');
  await session.transaction((transaction) =>
    transaction.insert('AzureADConnection', [
      {
        ACName: 'Contoso',
        ACDirectoryID: graph.tenants[0]?.id ?? '',
        ACGUID: randomUUID(),
        ACHaloIntegratorEnabled: true,
        ACDefaultSite: 1,
        accreateunmatchedusers: true,
        acdeactivateentities: true,
        aclicenceimportclient: 1,
        ACUseDeltaQueries: true,
      },
    ]),
  );
}

/** Halo's switches and mappings for NinjaOne, as an admin sets them. */
async function connectNinjaOne(database: ReturnType<typeof openEmbeddedDatabase>): Promise<void> {
  await using session = await database.session('demo');
  await ninjaOne.prepare(database, async (table, ...rows) => {
    await session.transaction((transaction) => transaction.insert(table, rows));
  });
}

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const sandbox = await startPax8Sandbox({ companies: 60, subscriptions: 2_500, products: 120, contactsPerCompany: 4, seed: 7 });
const graph = await startGraphSandbox({ users: 400, devices: 60, seed: 7 });
const ninja = await ninjaOne.start();
await writeFile(
  settingsPath,
  JSON.stringify(
    {
      HaloUrl: 'https://halo.example.com',
      Database: { Server: '(embedded)', Name: 'halo.db' },
      Integrations: {
        Pax8: {
          Entities: { Customers: true, Contacts: true, Products: true, Subscriptions: true },
          Settings: { BaseUrl: sandbox.url, ClientId: sandbox.clientId, ClientSecret: sandbox.clientSecret },
        },
        EntraId: {
          Entities: { Users: true, Licences: true, LicenceUsers: true },
          Settings: {
            ClientId: graph.clientId,
            ClientSecret: graph.clientSecret,
            LoginUrl: graph.url,
            GraphUrl: graph.url,
          },
        },
        NinjaOne: {
          Entities: { Organisations: true, Devices: true, Software: true },
          Settings: ninja.settings(ninja.url),
        },
      },
      Halo: { ModuleIds: { EntraId: 2 } },
    },
    undefined,
    2,
  ),
);
const database = openEmbeddedDatabase({ path: join(folder, 'halo.db'), clock, fs });
await database.connect();
await fillDemoContent(database, clock);
await connectEntra(database);
await connectNinjaOne(database);
await database.close();

const codes: number[] = [];
title('1. Is everything set up?');
codes.push(await engine('test'));
title('2. Pax8 into the database, the first time');
codes.push(await engine('sync', 'Pax8'));
title('3. Once more: nothing has changed, so nothing is written');
codes.push(await engine('sync', 'Pax8'));
title('4. Read it back through the built-in Halo API');
codes.push(await engine('api', 'GET', '/SoftwareLicence?count=3'));
title('5. Entra ID: users, licences and who holds them');
codes.push(await engine('sync', 'EntraId'));
graph.tenants[0]?.change('users', 1, { jobTitle: 'Director' });
graph.tenants[0]?.change('users', 2, null);
title('6. One changed and one left since then: only they are read, by the delta link kept in Halo');
codes.push(await engine('sync', 'EntraId', '--entity', 'Users'));
title('7. NinjaOne: organisations with their locations, devices with their fields, and the software on them');
codes.push(await engine('sync', 'NinjaOne'));
codes.push(await engine('api', 'GET', '/Asset?count=1'));
const cmdlets = await showCmdlets(folder);
if (cmdlets !== undefined) codes.push(cmdlets);

title('To look further');
console.log(`  node scripts/halo-db-integrator.mjs api GET "/Client?search=a&count=5" --config ${named}
  node scripts/halo-db-integrator.mjs runs --config ${named}
  sqlite3 ${named}/halo.db "SELECT LDesc, LCount, lstatus FROM Licence LIMIT 5"`);
console.log(cmdlets === undefined ? withoutCmdlets : `  ${prompt(named)}\n    then: Get-HaloIntegration; Get-HaloSyncLog 5; Export-HaloSyncReport ${named}/report.html`);
if (asked.stay) {
  console.log(
    `  node scripts/halo-db-integrator.mjs sync Pax8 --config ${named}   (in the prompt above: Invoke-HaloSync Pax8)`,
  );
  title("The vendors' sandboxes stay up, for more syncs from another window, until Ctrl-C");
  await new Promise((end) => {
    // Told twice (by the terminal, and by what started this) it still puts its sandboxes away.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const) process.on(signal, end);
  });
} else console.log('  npm start -- --stay   keeps the vendors\' sandboxes up, so that more can be synced');
await sandbox.close();
await graph.close();
await ninja.close();
process.exitCode = codes.find((code) => code !== 0) ?? 0;
// Who started this hears how it ended before it does: told to end twice, it may die of the second time while it ends.
process.send?.(process.exitCode);
