import { MissingCredentialError } from '../../errors/vendor-errors.ts';
import type { HaloConnection } from '../connection.ts';
import type { IntegrationSettingField } from '../integration.ts';

/** Pax8's settings in appsettings.json. */
export const pax8Settings: Readonly<Record<string, IntegrationSettingField>> = {
  ClientId: { type: 'string', description: 'Client id of the API application created in Pax8.' },
  ClientSecret: { type: 'string', secret: true, description: 'Client secret of the API application created in Pax8.' },
  BaseUrl: { type: 'string', default: 'https://api.pax8.com', description: 'Where Pax8’s API is.' },
  Audience: { type: 'string', default: 'https://api.pax8.com', description: 'The audience tokens are asked for.' },
  HaloEntityNames: {
    type: 'string[]',
    description:
      'What the codes in Halo’s list of Pax8 entities mean, each as "code=Entity", for example "1=Subscriptions".',
  },
};

/** Id and secret for Pax8's token request. */
export interface Pax8Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

// Pax8's ids and secrets are letters, digits, - and _; what the web app encrypts is base64 with padding and does not fit.
const PlainCredential = /^[A-Za-z0-9_-]{8,}$/;

function setting(settings: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = settings[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function ofRow(connection: HaloConnection, column: string): string | undefined {
  const value = connection.row[column];
  return typeof value === 'string' && PlainCredential.test(value) ? value : undefined;
}

/** Names of the credentials that are neither in the settings nor plain in Halo's row. */
export function missingPax8Credentials(
  connection: HaloConnection,
  settings: Readonly<Record<string, unknown>>,
): readonly string[] {
  const found = find(connection, settings);
  return [...(found.clientId ? [] : ['ClientId']), ...(found.clientSecret ? [] : ['ClientSecret'])];
}

/** The credentials, from the settings first, then from Halo's row where it is plain. Throws MissingCredentialError. */
export function pax8Credentials(
  connection: HaloConnection,
  settings: Readonly<Record<string, unknown>>,
): Pax8Credentials {
  const { clientId, clientSecret } = find(connection, settings);
  if (clientId && clientSecret) return { clientId, clientSecret };
  throw new MissingCredentialError('Pax8', missingPax8Credentials(connection, settings));
}

function find(connection: HaloConnection, settings: Readonly<Record<string, unknown>>): Partial<Pax8Credentials> {
  return {
    clientId: setting(settings, 'ClientId') ?? ofRow(connection, 'PA8ClientId'),
    clientSecret: setting(settings, 'ClientSecret') ?? ofRow(connection, 'PA8ClientSecret'),
  };
}

/** Base URL and audience, with their defaults. */
export function pax8Address(settings: Readonly<Record<string, unknown>>): { baseUrl: string; audience: string } {
  return {
    baseUrl: (setting(settings, 'BaseUrl') ?? 'https://api.pax8.com').replace(/\/+$/, ''),
    audience: setting(settings, 'Audience') ?? 'https://api.pax8.com',
  };
}
