import type { Integration } from './integration.ts';
import type { Descriptor } from './kit/descriptor/descriptor.ts';

/** Reads an integration's folder. */
export type Folder = () => Promise<Descriptor | Integration>;

/**
 * Every integration there is, in the order they run and are shown; a new one is a folder and a line here. A folder is read when its
 * integration is asked for, so that a start takes no longer with a hundred of them.
 */
export const folders: Readonly<Record<string, Folder>> = {
  // One a line, so that two that are added at once do not meet.
  Pax8: async () => (await import('./pax8/index.ts')).pax8Descriptor,
  EntraId: async () => (await import('./entra-id/index.ts')).entraIdDescriptor,
  IncomingMail: async () => (await import('./incoming-mail/index.ts')).incomingMail,
  ActiveDirectory: async () => (await import('./active-directory/index.ts')).activeDirectoryDescriptor,
  SqlImport: async () => (await import('./sql-import/index.ts')).sqlImportDescriptor,
  NinjaOne: async () => (await import('./ninjaone/index.ts')).ninjaOne,
  SentinelOne: async () => (await import('./sentinelone/index.ts')).sentinelOne,
  SnipeIt: async () => (await import('./snipe-it/index.ts')).snipeIt,
  Meraki: async () => (await import('./meraki/index.ts')).meraki,
  NCentral: async () => (await import('./n-central/index.ts')).nCentral,
  DattoRmm: async () => (await import('./datto-rmm/index.ts')).dattoRmm,
  Prtg: async () => (await import('./prtg/index.ts')).prtg,
  Jamf: async () => (await import('./jamf/index.ts')).jamf,
  ManageEngine: async () => (await import('./manageengine/index.ts')).manageEngine,
  ConnectWiseAutomate: async () => (await import('./connectwise-automate/index.ts')).connectWiseAutomate,
  Auvik: async () => (await import('./auvik/index.ts')).auvik,
  Kandji: async () => (await import('./kandji/index.ts')).kandji,
  Addigy: async () => (await import('./addigy/index.ts')).addigy,
  Sophos: async () => (await import('./sophos/index.ts')).sophos,
  StreamOneIon: async () => (await import('./streamone-ion/index.ts')).streamOneIon,
  Tenable: async () => (await import('./tenable/index.ts')).tenable,
  Lansweeper: async () => (await import('./lansweeper/index.ts')).lansweeper,
  Okta: async () => (await import('./okta/index.ts')).okta,
  GoogleWorkspace: async () => (await import('./google-workspace/index.ts')).googleWorkspace,
};
