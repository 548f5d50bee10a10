import type { ApartIntegration } from '../kit/contract.ts';

/** SQL import under the contract. */
export const contract: ApartIntegration = {
  integration: 'SqlImport',
  apart: 'A database is no HTTP API: its own tests read real MariaDB and PostgreSQL servers (tests/servers).',
};
