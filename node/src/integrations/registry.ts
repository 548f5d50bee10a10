import { activeDirectoryDescriptor } from './active-directory/index.ts';
import { addigy } from './addigy/index.ts';
import { auvik } from './auvik/index.ts';
import { connectWiseAutomate } from './connectwise-automate/index.ts';
import { dattoRmm } from './datto-rmm/index.ts';
import { entraIdDescriptor } from './entra-id/index.ts';
import { googleWorkspace } from './google-workspace/index.ts';
import { incomingMail } from './incoming-mail/index.ts';
import type { Integration } from './integration.ts';
import { jamf } from './jamf/index.ts';
import { kandji } from './kandji/index.ts';
import type { Descriptor } from './kit/descriptor/descriptor.ts';
import { integrationOf } from './kit/descriptor/integration-of.ts';
import { lansweeper } from './lansweeper/index.ts';
import { manageEngine } from './manageengine/index.ts';
import { meraki } from './meraki/index.ts';
import { nCentral } from './n-central/index.ts';
import { ninjaOne } from './ninjaone/index.ts';
import { okta } from './okta/index.ts';
import { pax8Descriptor } from './pax8/index.ts';
import { prtg } from './prtg/index.ts';
import { sentinelOne } from './sentinelone/index.ts';
import { sophos } from './sophos/index.ts';
import { snipeIt } from './snipe-it/index.ts';
import { streamOneIon } from './streamone-ion/index.ts';
import { sqlImportDescriptor } from './sql-import/index.ts';
import { tenable } from './tenable/index.ts';

/** Every integration that is described; a new one is a folder and a line here. */
export const descriptors: readonly Descriptor[] = [
  // One a line, so that two that are added at once do not meet.
  pax8Descriptor,
  entraIdDescriptor,
  activeDirectoryDescriptor,
  sqlImportDescriptor,
  ninjaOne,
  sentinelOne,
  snipeIt,
  meraki,
  nCentral,
  dattoRmm,
  prtg,
  jamf,
  manageEngine,
  connectWiseAutomate,
  auvik,
  kandji,
  addigy,
  sophos,
  streamOneIon,
  tenable,
  lansweeper,
  okta,
  googleWorkspace,
];

const [pax8, entraId, ...others] = descriptors.map(integrationOf);

/** Every integration there is. */
export const integrations: readonly Integration[] = [pax8, entraId, incomingMail, ...others].filter(
  (one) => one !== undefined,
);
