import { incomingMail } from './incoming-mail/index.ts';
import { entraId } from './entra-id/index.ts';
import { activeDirectory } from './active-directory/index.ts';
import type { Integration } from './integration.ts';
import { pax8 } from './pax8/index.ts';
import { sqlImport } from './sql-import/index.ts';

/** Every integration there is; a new one is a folder and a line here. */
export const integrations: readonly Integration[] = [pax8, entraId, incomingMail, activeDirectory, sqlImport];
