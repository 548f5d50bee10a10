import { schemaTable } from '../../../database/schema/index.ts';

/** How a column's value is read: an id (0 and less are none), a code (any number), a switch, a text, a date. */
type Reading = 'id' | 'code' | 'switch' | 'text' | 'date';

/**
 * What Halo keeps about a connection of an integration, and how the columns end that hold it: the tables written since about 2023
 * share one shape, and the older ones differ in few words. Where two columns of a table end alike, the first ending given counts.
 */
const vocabulary = {
  name: ['text', 'name'],
  url: ['text', 'url', 'serverurl'],
  apiUrl: ['text', 'apiurl'],
  region: ['text', 'region', 'marketplace'],
  clientId: ['text', 'clientid', 'tokenid', 'key'],
  clientSecret: ['text', 'clientsecret'],
  username: ['text', 'username'],
  password: ['text', 'password', 'apikey', 'token'],
  accountId: ['text', 'account', 'accountid', 'typeid'],
  enabled: ['switch', 'halointegratorenabled', 'integratorenabled', 'enableintegrator', 'halointegrator'],
  lastSync: ['date', 'halointegratorlastsync', 'integratorlastsync', 'lastsyncdate', 'lastsync'],
  lastError: [
    'text',
    'halointegratorlasterror',
    'integratorlastsyncerror',
    'lastsyncerror',
    'halointegratorerror',
    'lasterror',
  ],
  /** List of the entities to import. */
  entities: [
    'text',
    'halointegratorimportlist',
    'integratorimporttypes',
    'integratortypes',
    'importentities',
    'syncentities',
  ],
  /** What is imported, of before there were lists; only 0 (everything) is known. */
  importType: ['code', 'importtype'],
  /** TREE.Treeid for clients that are created. */
  topLevel: ['id', 'toplevel'],
  defaultClient: ['id', 'defaultclient'],
  /** SITE.Ssitenum for what has no site of its own. */
  defaultSite: ['id', 'devicesite', 'defaultsite', 'defaultassetsite', 'defsite'],
  /** XTYPE.TTypenum for assets whose type nothing else says. */
  defaultType: ['id', 'dtype', 'defaultassettype', 'defassettype', 'defaultdevicetype', 'assettype'],
  computerType: ['id', 'computerassettype'],
  mobileType: ['id', 'mobileassettype'],
  /** 0: the default type and mappings; 1: by a field of the vendor's, types being made where there are none (inferred). */
  typeChoice: ['code', 'assettypechoice'],
  typeField: ['text', 'assettypefield'],
  /** GENERIC.Ggeneric of asset types that are made. */
  defaultGroup: ['id', 'defaultassetgroup', 'defassettypegroup', 'assettypegroup', 'defaultgroup'],
  /** FIELD.Yseq by which assets are found; codes of 0 and less are not public. */
  matchField: ['code', 'assetimportidentifier', 'assetmatchingfield'],
  deactivateMissing: ['switch', 'deletedevices', 'deactivateassets'],
  deactivateClients: ['switch', 'deactivateclients'],
  /** Users and agents. */
  deactivateUsers: ['switch', 'deactivateentities', 'deactivateusers'],
  /** In which of the vendor's words for it somebody is active. */
  activeStatuses: ['text', 'activestatuses'],
  deactivateLicences: ['switch', 'deactivatemissinglicenses', 'deactivatemissinglicences'],
  /** DEVICE.DStatus of an asset that is gone, and of one that is new. */
  deleteStatus: ['id', 'deletestatus'],
  defaultStatus: ['id', 'defaultstatus'],
  noNew: ['switch', 'nonewdevices', 'dontcreatenewassets', 'updateonly'],
  dontMove: ['switch', 'dontmovesite', 'dontupdatesite'],
  dontChangeType: ['switch', 'dontupdatedevicetype', 'dontupdateassettype', 'dontupdatetype'],
  /** How the vendor's sites are matched; only 0 is known. */
  siteMatching: ['code', 'sitematchingmethod', 'clientsitematchingmethod', 'sitematchtype', 'siteimporttype'],
  matchNames: ['switch', 'matchname'],
  linkSites: ['switch', 'automaticclientsitelink'],
  matchUsers: ['switch', 'matchuser', 'matchuserdevice', 'enableusermatching'],
  /** Halo's user field that the vendor's user is compared with. */
  userField: ['text', 'matchfield', 'usermatchingfield', 'halousermatchingfield', 'usermatchingtype'],
  /** A second one, tried where the first finds nobody. */
  secondUserField: ['text', 'matchfieldsecond', 'halousermatchingfield2'],
  /** The vendor's field that holds the user. */
  vendorUserField: ['text', 'usermatchingcf', 'usermatchingowner', 'taniumusermatchingfield'],
  partialUserMatch: ['switch', 'partialuseremailmatching', 'allowpartialusermatch'],
  usersSite: ['switch', 'useuserssite'],
  keepUsers: ['switch', 'dontremoveusers'],
  overrideSiteRules: ['switch', 'overridesiterules'],
  updateAddresses: ['switch', 'updateaddresses'],
  keepAddresses: ['switch', 'dontsyncaddr', 'dontupdatesiteaddresses'],
  importSoftware: ['switch', 'importsoftware'],
  skipSoftware: ['switch', 'dontimportsoftware'],
  importProducts: ['switch', 'importproducts'],
  /** GENERIC.Ggeneric of items that are made. */
  defaultItemGroup: ['id', 'defaultitemgroup'],
  importInactive: ['switch', 'importinactiveanddeleted', 'importinactive'],
  userMatchingList: ['text', 'usermatchinglist', 'usermatchingfields'],
  agentMatchingList: ['text', 'agentmatchinglist', 'agentmatchingfields'],
} as const satisfies Readonly<Record<string, readonly [Reading, ...string[]]>>;

/** A word of the vocabulary. */
export type ConnectionWord = keyof typeof vocabulary;

type ValueOf<R extends Reading> = R extends 'id' | 'code'
  ? number
  : R extends 'switch'
    ? boolean
    : R extends 'date'
      ? Date
      : string;

/** What Halo's row says about a connection, whatever its columns are called; what it has no column for, or none is set in, is absent. */
export type ConnectionSettings = {
  readonly [W in ConnectionWord]?: ValueOf<(typeof vocabulary)[W][0]>;
};

/** The column that holds each word, where there is one. */
export type ConnectionColumns = { readonly [W in ConnectionWord]?: string };

/** All words. */
export const connectionWords = Object.keys(vocabulary) as readonly ConnectionWord[];

/**
 * The columns of a `…Details` table by the words they stand for. Their common beginning is the primary key's without "id"; `own`
 * names those that are called otherwise.
 */
export function columnsOfDetails(table: string, own: ConnectionColumns = {}): ConnectionColumns {
  const known = schemaTable(table);
  const key = known?.primaryKey[0];
  if (!known || key === undefined) return own;
  const prefix = key.replace(/id$/i, '').toLowerCase();
  const byEnding = new Map<string, string>();
  const texts = new Set<string>();
  for (const { name, type } of known.columns.values()) {
    const lower = name.toLowerCase();
    if (lower.startsWith(prefix) && name !== key) byEnding.set(lower.slice(prefix.length), name);
    if (/char|text/.test(type)) texts.add(name);
  }
  const found = connectionWords.flatMap((word): [ConnectionWord, string][] => {
    const [reading, ...endings] = vocabulary[word];
    // A number in place of a text is a code or refers to a secret, and says nothing here.
    const says = (name: string | undefined) => name !== undefined && (reading !== 'text' || texts.has(name));
    const column = own[word] ?? endings.map((ending) => byEnding.get(ending)).find(says);
    return column === undefined ? [] : [[word, column]];
  });
  return Object.fromEntries(found);
}

/** Reads a row by the words its columns stand for. */
export function connectionSettings(
  row: Readonly<Record<string, unknown>>,
  columns: ConnectionColumns,
): ConnectionSettings {
  const read = connectionWords.flatMap((word): [ConnectionWord, unknown][] => {
    const column = columns[word];
    const value = column === undefined ? undefined : valueOf(row[column], vocabulary[word][0]);
    return value === undefined ? [] : [[word, value]];
  });
  return Object.fromEntries(read) as ConnectionSettings;
}

function valueOf(value: unknown, reading: Reading): number | boolean | string | Date | undefined {
  if (value === null || value === undefined) return undefined;
  switch (reading) {
    case 'id':
      return Number.isInteger(Number(value)) && Number(value) > 0 ? Number(value) : undefined;
    case 'code':
      return Number.isInteger(Number(value)) ? Number(value) : undefined;
    case 'switch':
      return value === true || (value !== false && Number(value) !== 0 && Number.isFinite(Number(value)));
    case 'date':
      return value instanceof Date ? value : undefined;
    case 'text': {
      // Some columns of fields are numbers where none is chosen, and so are references to secrets that nobody here can read.
      const text = typeof value === 'string' ? value.trim() : '';
      return text === '' ? undefined : text;
    }
  }
}
