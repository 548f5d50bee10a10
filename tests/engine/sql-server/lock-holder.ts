// Takes a lock on the server its argument describes, says so, and holds it until it is killed.
import type { DatabaseSettings } from '../../../node/src/config/settings.ts';
import { openSqlServerDatabase } from '../../../node/src/database/sql-server/sql-server-database.ts';

const settings = JSON.parse(process.argv[2] ?? '') as DatabaseSettings;
const clock = { now: () => new Date(), sleep: () => Promise.resolve() };
const database = openSqlServerDatabase({ settings, clock, password: String(settings.Password) });
const session = await database.session('holding');
process.stdout.write(`${JSON.stringify(await session.lock('held elsewhere'))}\n`);
setInterval(() => {}, 1000);
