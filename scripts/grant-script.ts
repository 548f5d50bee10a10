// Writes scripts/grant-halo-rights.sql from what the code reads and writes: npm run grant-script
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { grantScript } from '../node/src/commands/needed-rights.ts';
import { integrations } from '../node/src/integrations/registry.ts';

writeFileSync(fileURLToPath(new URL('grant-halo-rights.sql', import.meta.url)), grantScript(integrations));
