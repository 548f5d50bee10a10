import type { IntegrationContract } from '../kit/contract.ts';

/** Active Directory. */
export const contract: IntegrationContract = {
  integration: 'ActiveDirectory',
  apart: 'Directories are searched by LDAP, not read by requests: tests/directory.',
};
