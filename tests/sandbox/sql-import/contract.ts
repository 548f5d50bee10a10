import type { IntegrationContract } from '../kit/contract.ts';

/** Imports by SQL. */
export const contract: IntegrationContract = {
  integration: 'SqlImport',
  apart: 'Other databases are queried, not read by requests: tests/engine/sql-import.',
};
