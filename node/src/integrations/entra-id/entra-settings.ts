import { matchingFieldWords } from './matching-field-words.ts';
import { MissingCredentialError } from '../../errors/vendor-errors.ts';
import type { HaloConnection } from '../connection.ts';
import type { IntegrationSettingField } from '../integration.ts';

/** Name of the integration in appsettings.json. */
export const EntraName = 'EntraId';

const DefaultLogin = 'https://login.microsoftonline.com';
const DefaultGraph = 'https://graph.microsoft.com';

/** How a filter of Halo's mappings compares. */
export const comparisonWords = ['equals', 'not equals', 'contains', 'starts with', 'ends with'] as const;

/** Entra ID's settings in appsettings.json. */
export const entraSettings: Readonly<Record<string, IntegrationSettingField>> = {
  ClientId: { type: 'string', description: 'Application (client) id of the app registration.' },
  ClientSecret: { type: 'string', secret: true, description: 'Client secret of the app registration.' },
  LoginUrl: {
    type: 'string',
    default: DefaultLogin,
    description: 'Where tokens are asked for; national clouds differ.',
  },
  GraphUrl: { type: 'string', default: DefaultGraph, description: 'Where Microsoft Graph is; national clouds differ.' },
  HaloEntityNames: {
    type: 'string[]',
    description: 'What the codes in Halo’s list of entities to import mean, each as "code=Entity".',
  },
  MatchingFieldNames: {
    type: 'string[]',
    words: matchingFieldWords,
    codes: 'text',
    description: 'What the codes in Halo’s matching fields mean, each as "code=field", for example "1=emailaddress".',
  },
  FilterTypes: {
    type: 'string[]',
    words: comparisonWords,
    codes: 'text',
    description: 'What the filter types of Halo’s mappings mean, each as "code=equals", …, beyond 0, which is equals.',
  },
  GroupIds: {
    type: 'string[]',
    meaning: 'guid',
    codes: 'text',
    description: 'Object ids of groups that Halo’s mappings name only by name, each as "name=object id".',
  },
  NestedGroups: {
    type: 'boolean',
    default: true,
    description: 'Members of groups within a mapped group count as well.',
  },
  CreateMappedUsers: {
    type: 'boolean',
    default: true,
    description: 'Users that a mapping or a mapped tenant places are created where Halo has none.',
  },
  UpdateSites: { type: 'boolean', default: false, description: 'A user is moved when the mapping names another site.' },
  DeactivateDevices: {
    type: 'boolean',
    default: false,
    description: 'Assets whose device is no longer in Intune are set inactive, after a complete read.',
  },
  DeactivateLicences: {
    type: 'boolean',
    default: false,
    description: 'Licences of products the tenants no longer have are set inactive, after a complete read.',
  },
  DeltaEntity: { type: 'number', default: 1, description: 'AzureDelta.ADEntity of the delta link of users.' },
};

/** Id and secret for a token request. */
export interface EntraCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

// Secrets Entra gives hold a "~"; base64, which the web app's encryption makes, has none.
const PlainSecret = /^(?=.*~)[A-Za-z0-9._~-]{30,64}$/;
const Guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text is an object or tenant id. */
export function isGuid(text: unknown): text is string {
  return typeof text === 'string' && Guid.test(text);
}

type SettingValues = Readonly<Record<string, unknown>>;

function text(settings: SettingValues, name: string): string | undefined {
  const value = settings[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A switch of the settings, with its default. */
export function switchOf(settings: SettingValues, name: keyof typeof entraSettings): boolean {
  const value = settings[name] ?? entraSettings[name]?.default;
  return value === true;
}

/** `"code=meaning"` lines of a setting, by lower-cased code. */
export function meaningsOf(settings: SettingValues, name: string): ReadonlyMap<string, string> {
  const lines = settings[name];
  const meanings = new Map<string, string>();
  for (const line of Array.isArray(lines) ? lines : []) {
    const [code, ...meaning] = String(line).split('=');
    if (code && meaning.length > 0) meanings.set(code.trim().toLowerCase(), meaning.join('=').trim());
  }
  return meanings;
}

function find(connection: HaloConnection, settings: SettingValues): Partial<EntraCredentials> {
  const id = connection.row['ACApplicationID'];
  const secret = connection.row['ACApplicationSecret'];
  const plain = typeof secret === 'string' && PlainSecret.test(secret) ? secret : undefined;
  return {
    clientId: text(settings, 'ClientId') ?? (isGuid(id) ? id : undefined),
    clientSecret: text(settings, 'ClientSecret') ?? plain,
  };
}

/** Names of the credentials that are neither in the settings nor plain in Halo's row. */
export function missingEntraCredentials(connection: HaloConnection, settings: SettingValues): readonly string[] {
  const found = find(connection, settings);
  return [...(found.clientId ? [] : ['ClientId']), ...(found.clientSecret ? [] : ['ClientSecret'])];
}

/** The credentials, from the settings first, then from Halo's row where it is plain. Throws MissingCredentialError. */
export function entraCredentials(connection: HaloConnection, settings: SettingValues): EntraCredentials {
  const { clientId, clientSecret } = find(connection, settings);
  if (clientId && clientSecret) return { clientId, clientSecret };
  throw new MissingCredentialError(EntraName, missingEntraCredentials(connection, settings));
}

/** Sign-in service and Graph, without a slash at the end. */
export function entraAddresses(settings: SettingValues): { readonly login: string; readonly graph: string } {
  const address = (name: string, otherwise: string): string => (text(settings, name) ?? otherwise).replace(/\/+$/, '');
  return { login: address('LoginUrl', DefaultLogin), graph: address('GraphUrl', DefaultGraph) };
}
