// Adds items to the database its first argument describes, so many sets of so many, named after its second argument.
import type { DatabaseSettings } from '../../../node/src/config/settings.ts';
import { openSqlServerDatabase } from '../../../node/src/database/sql-server/sql-server-database.ts';

const [described = '', name = '', sets = '1', size = '1'] = process.argv.slice(2);
const settings = JSON.parse(described) as DatabaseSettings;
const clock = {
  now: () => new Date(),
  sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
};
const database = openSqlServerDatabase({ settings, clock, password: String(settings.Password) });
await using session = await database.session(`items ${name}`);
for (let set = 0; set < Number(sets); set++)
  await session.transaction((transaction) =>
    transaction.upsert({
      table: 'ITEM',
      key: { column: 'Iid', kind: 'allocate' },
      columns: ['idesc'],
      rows: Array.from({ length: Number(size) }, (_, at) => ({ values: { idesc: `${name} ${set} ${at}` } })),
      match: [{ by: 'columns', columns: ['idesc'] }],
      onInsert: {},
      stamps: {},
    }),
  );
