import { databaseContract } from '../database/contract.ts';
import { makeTestDatabase } from './test-database.ts';

databaseContract('SQL Server', async () => {
  const made = await makeTestDatabase();
  return { database: made.open(), close: () => made.close() };
});
