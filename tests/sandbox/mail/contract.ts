import type { IntegrationContract } from '../kit/contract.ts';

/** Incoming mail. */
export const contract: IntegrationContract = {
  integration: 'IncomingMail',
  apart: 'Mail is taken message by message from folders, and moved there when it is done: tests/engine/incoming-mail.',
};
