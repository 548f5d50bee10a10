import type { ConnectionWord } from '../../node/src/integrations/kit/descriptor/connection-settings.ts';

/** What each word of a connection's row does, as a page says it; words that only name or sign in are left out. */
export const wordEffects: { readonly [W in ConnectionWord]?: string } = {
  enabled: 'The connection’s switch',
  entities: 'Entities ticked in Halo; empty means all, and a word that is not known is warned of',
  importType:
    '0: everything. What other values mean is not public: what is on in appsettings.json is brought, and it is said once',
  topLevel: 'Top level of new clients',
  defaultClient: 'The client of what belongs to none',
  defaultSite: 'Site of assets that nothing else places',
  defaultType: 'Asset type where no mapping names one',
  computerType: 'Asset type of computers',
  mobileType: 'Asset type of mobile devices',
  typeChoice: '0: the mapped type, else the default one. 1: by a field; types that Halo has not are made',
  typeField: 'The field that says the type',
  defaultGroup: 'Asset group of types that are made',
  matchField: 'Asset field by which assets that are not linked are found',
  deactivateMissing: 'On: assets that are gone are set inactive, after a complete read only',
  deactivateClients: 'On: clients that are gone are set inactive, after a complete read only',
  deactivateLicences: 'On: licences that are gone are set inactive, after a complete read only',
  deleteStatus: 'Status of assets that are gone',
  defaultStatus: 'Status of new assets',
  noNew: 'On: no asset is made, those Halo has are kept up to date',
  dontMove: 'On: an asset stays at the site it has',
  dontChangeType: 'On: an asset keeps the type it has',
  matchUsers: 'Off: assets are not linked with users',
  userField: 'Field of Halo’s users that the owner is compared with',
  secondUserField: 'A second one, where the first finds nobody',
  usersSite: 'On: an asset is at its user’s site',
  updateAddresses: 'Off: websites, phones and addresses are written to what is new and left alone afterwards',
  keepAddresses: 'On: addresses are written to what is new and left alone afterwards',
  importSoftware: 'Off: no software is written',
  skipSoftware: 'On: no software is written',
  defaultItemGroup: 'Group of new items',
  lastSync: 'Written after each run',
  lastError: 'Written after each run; emptied on success',
};

/** The resource whose records a word is about, where it says nothing of others. */
export const wordResources: { readonly [W in ConnectionWord]?: string } = {
  topLevel: 'Client',
  deactivateClients: 'Client',
  deactivateLicences: 'SoftwareLicence',
  defaultItemGroup: 'Item',
};
