import type { TableHolder } from './busy-cause.ts';
import type { Driver } from './driver.ts';
import { tableHolder } from './sql-text/facts.ts';
import { run, type Channel } from './statement-runner.ts';

/** Who has locks on one of these tables, by name; undefined where nobody has. Throws where the login may not ask. */
export async function holderOfTables(
  driver: Driver,
  channel: Channel,
  tables: readonly string[],
): Promise<TableHolder | undefined> {
  const [row] = await run(driver, channel, tableHolder(tables));
  if (!row) return undefined;
  return {
    table: String(row['table']),
    host: String(row['host'] ?? 'an unnamed host'),
    program: String(row['program'] ?? 'a program'),
    login: String(row['login']),
    process: String(row['process'] ?? 'unknown'),
    seconds: typeof row['seconds'] === 'number' ? row['seconds'] : undefined,
  };
}
