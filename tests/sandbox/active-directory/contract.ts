import type { ApartIntegration } from '../kit/contract.ts';

/** Active Directory under the contract. */
export const contract: ApartIntegration = {
  integration: 'ActiveDirectory',
  apart: 'A directory is no HTTP API: its own tests read a real domain controller and a real OpenLDAP (tests/servers).',
};
