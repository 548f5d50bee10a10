import { matchingFieldWords } from './matching-fields.ts';
import { comparisonWords } from '../kit/kinds/people/person-mapping.ts';
import type { SettingDeclaration } from '../kit/descriptor/descriptor.ts';

// Secrets Entra gives hold a "~"; base64, which the web app's encryption makes, has none.
const plainSecret = /^(?=.*~)[A-Za-z0-9._~-]{30,64}$/;
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Entra ID's settings in appsettings.json. */
export const entraSettings: Readonly<Record<string, SettingDeclaration>> = {
  ClientId: {
    type: 'string',
    required: true,
    fromHalo: { word: 'clientId', plain: guid },
    description: 'Application (client) id of the app registration.',
  },
  ClientSecret: {
    type: 'string',
    secret: true,
    required: true,
    fromHalo: { word: 'clientSecret', plain: plainSecret },
    description: 'Client secret of the app registration.',
  },
  LoginUrl: {
    type: 'string',
    default: 'https://login.microsoftonline.com',
    description: 'Where tokens are asked for; national clouds differ.',
  },
  GraphUrl: {
    type: 'string',
    default: 'https://graph.microsoft.com',
    description: 'Where Microsoft Graph is; national clouds differ.',
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

/** Whether a text is an object or tenant id. */
export function isGuid(text: unknown): text is string {
  return typeof text === 'string' && guid.test(text);
}
