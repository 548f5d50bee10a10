import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../node/src/environment.ts';
import { databaseContract } from '../database/contract.ts';
import { makeTestDatabase } from './test-database.ts';

databaseContract('SQL Server', async () => {
  const made = await makeTestDatabase();
  let passed = 0;
  const clock: Clock = {
    now: () => new Date(Date.now() + passed),
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  };
  return {
    database: made.open(clock),
    close: () => made.close(),
    letMinutePass: () => {
      passed += 60_000;
    },
  };
});
