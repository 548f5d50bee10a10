import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import type { Database, Row } from '../../../node/src/database/database.ts';
import type { HaloSession } from '../../../node/src/halo-api/halo-api.ts';
import { syncAll } from '../../../node/src/sync/run.ts';
import type { SyncParts, SyncReport } from '../../../node/src/sync/sync.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { startImapSandbox, type ImapSandbox } from '../../sandbox/imap/imap-sandbox.ts';
import { haloTestDatabase, type HaloTestDatabase } from '../halo-database.ts';
import { instanceParts } from '../instance-parts.ts';
import { fillMailSetUp } from '../../sandbox/mail/mail-set-up.ts';

/** A Halo with a support mailbox, and an IMAP server it is read from. */
export interface MailInstance extends AsyncDisposable {
  readonly folder: string;
  readonly settingsPath: string;
  readonly imap: ImapSandbox;
  readonly database: Database;
  readonly refuse: HaloTestDatabase['refuse'];
  readonly now: Date;
  parts(): Promise<SyncParts>;
  sync(request?: { readonly whatIf?: boolean }): Promise<SyncReport>;
  /** A writing session of the built-in API. */
  api(): Promise<HaloSession>;
  tickets(): Promise<Row[]>;
  actions(ticket?: number): Promise<Row[]>;
  /** Changes the integration's settings. */
  change(settings: Record<string, unknown>): Promise<void>;
  /** Changes columns of a row of Halo's set-up. */
  set(table: string, row: Row, where?: { readonly column: string; readonly value: number }): Promise<void>;
}

/** Types, statuses and the mailbox that the tests start with. */
export interface MailInstanceOptions {
  readonly mailbox?: Row;
  readonly settings?: Record<string, unknown>;
  readonly tls?: boolean;
  /** Columns of an older Halo that are not there, as `TABLE.Column`. */
  readonly lacking?: readonly string[];
}

/** Makes such an instance in a temporary folder. */
export async function mailInstance(options: MailInstanceOptions = {}): Promise<MailInstance> {
  const environment = systemEnvironment(tmpdir());
  const folder = await fs.mkdtemp(join(tmpdir(), 'halo-mail-'));
  const imap = await startImapSandbox({ tls: options.tls !== false });
  const settingsPath = join(folder, 'appsettings.json');
  const made = await haloTestDatabase(folder, environment.clock, options.lacking);
  const { database } = made;
  const written: Record<string, unknown> = {
    Passwords: { Support: imap.password },
    TrustServerCertificate: true,
    ...options.settings,
  };
  const change = (settings: Record<string, unknown>): Promise<void> =>
    fs.writeFile(
      settingsPath,
      JSON.stringify({
        HaloUrl: 'https://halo.example.com',
        Database: made.settings,
        Integrations: {
          IncomingMail: { Entities: { Messages: true }, Settings: Object.assign(written, settings) },
        },
      }),
    );
  await change({});
  await fillDemoContent(database, environment.clock);
  await fillMailSetUp(database, imap, options.mailbox ?? {});
  const parts = instanceParts(settingsPath, made.engine, environment);
  return {
    folder,
    settingsPath,
    imap,
    database,
    refuse: made.refuse,
    now: environment.clock.now(),
    parts: parts.open,
    change,
    async sync({ whatIf = false } = {}) {
      return syncAll(
        { integration: 'IncomingMail', whatIf },
        await parts.open(),
        () => undefined,
        new AbortController().signal,
      );
    },
    api: async () => (await parts.open()).api.write('test'),
    tickets: () => readAll(database, 'FAULTS', 'Faultid'),
    async actions(ticket) {
      const all = await readAll(database, 'ACTIONS', 'id');
      return ticket === undefined ? all : all.filter((row) => row['Faultid'] === ticket);
    },
    async set(table, row, where) {
      await using session = await database.session('test');
      await session.transaction((transaction) =>
        transaction.update(table, row, where ? { ...where, is: 'equal' } : { all: [] }),
      );
    },
    async [Symbol.asyncDispose]() {
      await parts[Symbol.asyncDispose]();
      await made.close();
      await imap.close();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}

async function readAll(database: Database, table: string, key: string): Promise<Row[]> {
  const columns = [...((await database.describe([table])).get(table)?.columns.keys() ?? [])];
  return database.read({ from: table, columns, orderBy: [{ column: key }] });
}
