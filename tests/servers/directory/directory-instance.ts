import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database, Row } from '../../../node/src/database/database.ts';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import { syncAll } from '../../../node/src/sync/run.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { haloTestDatabase } from '../../engine/halo-database.ts';
import { instanceParts } from '../../engine/instance-parts.ts';
import type { DirectoryServer } from '../../sandbox/directory/directory-server.ts';

/** An instance with demo content and one connection to a directory. */
export interface DirectoryInstance extends AsyncDisposable {
  readonly database: Database;
  add(table: string, ...rows: Row[]): Promise<void>;
  change(table: string, key: Row, values: Row): Promise<void>;
  /** Runs a sync and answers what came of the entity. */
  sync(entity?: 'Users' | 'Agents', settings?: Record<string, unknown>): Promise<SyncedEntity>;
  /** Halo's users of the directory by their names. */
  users(): Promise<ReadonlyMap<string, Row>>;
  logged(): Promise<string>;
}

type SyncedEntity = Awaited<ReturnType<typeof syncAll>>['results'][number];

/** Makes it; what the connection's row says is added. */
export async function directoryInstance(server: DirectoryServer, connection: Row = {}): Promise<DirectoryInstance> {
  const environment = systemEnvironment(tmpdir());
  const folder = await fs.mkdtemp(join(tmpdir(), 'halo-directory-'));
  const made = await haloTestDatabase(folder, environment.clock);
  const { database } = made;
  await fillDemoContent(database, environment.clock);
  const path = join(folder, 'appsettings.json');
  const parts = instanceParts(path, made.engine, environment);
  const write = async (work: Parameters<Awaited<ReturnType<Database['session']>>['transaction']>[0]): Promise<void> => {
    await using session = await database.session('test');
    await session.transaction(work);
  };
  const add = (table: string, ...rows: Row[]): Promise<void> => write((transaction) => transaction.insert(table, rows));
  await add('MODULESETUP', { MSid: 70, MSName: 'Active Directory', MSActualName: 'Active Directory' });
  await add('LDAPConnection', {
    ...{ LCID: 1, LCName: 'Fernbrook', LCHostName: server.host, LCPort: String(server.port), LCBaseDN: server.base },
    ...{ LCUsername: server.username, LCType: 'Basic', LCHaloIntegratorEnabled: true, LCPageSize: 100 },
    ...connection,
  });
  return {
    ...{ database, add, logged: parts.logged },
    change: (table, key, values) =>
      write(async (transaction) => {
        const [[column, value]] = Object.entries(key) as [[string, Row[string]]];
        await transaction.update(table, values, { column, is: 'equal', value });
      }),
    async sync(entity = 'Users', settings = {}) {
      const Entities = { [entity]: true };
      const Settings = { Password: server.password, ...settings };
      await fs.writeFile(
        path,
        JSON.stringify({ Database: made.settings, Integrations: { ActiveDirectory: { Entities, Settings } } }),
      );
      const request = { integration: 'ActiveDirectory', whatIf: false };
      const report = await syncAll(request, await parts.open(), () => {}, new AbortController().signal);
      const [result] = report.results;
      if (!result) throw new Error('Nothing ran.');
      return result;
    },
    async users() {
      const columns = [
        'Uid',
        'uusername',
        'Usite',
        'uemail',
        'uinactive',
        'UActGuid',
        'uadconnection',
        'USamAccountName',
      ];
      const rows = await database.read({
        from: 'USERS',
        columns: [...columns, 'UADManager', 'UTitle', 'uother1'],
        where: { column: 'uadconnection', is: 'equal', value: 1 },
      });
      return new Map(rows.map((row) => [String(row['uusername']), row]));
    },
    async [Symbol.asyncDispose]() {
      await parts[Symbol.asyncDispose]();
      await made.close();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}
