import type { ErrorObject } from 'ajv';
import type { SettingsFault } from '../errors/config-errors.ts';
import { nearestName } from '../errors/did-you-mean.ts';
import type { IntegrationFacts } from '../integrations/integration.ts';
import type { DatabaseSettings } from './settings.ts';
import { isEmbedded } from './embedded.ts';
import { controlCharacterFaults } from './control-character-faults.ts';
import { lineFaults } from './line-faults.ts';
import { memberOf } from './member-of.ts';
import { noticeFaults } from './notice-faults.ts';
import { isSecretSource, writtenSecrets } from './secrets.ts';
import type { Schema } from './settings-schema.ts';
import { serverFaults } from './server-faults.ts';
import { settingsValidator } from './settings-validator.ts';
import { webAddressFaults } from './web-address-faults.ts';

/** Everything wrong with the file's content, in the file's terms; empty when it can be used. */
export function faultsIn(content: unknown, registry: readonly IntegrationFacts[]): SettingsFault[] {
  const whole = withDatabase(content);
  const faults = [
    ...settingsValidator(registry)(whole).map(faultOf),
    ...webAddressFaults(content, registry),
    ...lineFaults(content, registry),
    ...controlCharacterFaults(content, registry),
    ...dateFaults(content),
    ...noticeFaults(content),
    ...secretFaults(content, registry),
  ];
  const database = memberOf(whole, 'Database');
  const wrong = new Set(faults.map(({ path }) => path));
  const open =
    typeof database === 'object' && database !== null && !wrong.has('Database')
      ? serverSettingsFaults(memberOf(content, 'HaloUrl'), database).filter(({ path }) => !wrong.has(path))
      : [];
  return [...faults, ...open];
}

/** Where the database is not there at all, each of its keys is missing. */
function withDatabase(content: unknown): unknown {
  const isObject = typeof content === 'object' && content !== null && !Array.isArray(content);
  return isObject && !('Database' in content) ? { ...content, Database: {} } : content;
}

/** The schema asks for the form of a date; whether there is such a day, the calendar says. */
function dateFaults(content: unknown): SettingsFault[] {
  const value = memberOf(memberOf(content, 'Nhserver'), 'UpgradeDate');
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return [];
  const date = new Date(`${value}T00:00:00Z`);
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)) return [];
  return [fault('Nhserver.UpgradeDate', `is "${value}", and there is no such day`, 'give a date as 2026-11-24')];
}

function secretFaults(content: unknown, registry: readonly IntegrationFacts[]): SettingsFault[] {
  return writtenSecrets(content, registry).flatMap(([path, value]) => {
    if (isSecretSource(value)) return [];
    return [
      fault(
        path.join('.'),
        'is neither a text nor a known reference',
        'give a text, {"Environment": "NAME"}, {"Protected": "…"} or {"Vault": "…", "Secret": "…"}',
      ),
    ];
  });
}

function faultOf(error: ErrorObject): SettingsFault {
  const path = error.instancePath.split('/').slice(1).map(unescape).join('.');
  const inside = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(inside(String(params['additionalProperty'])), error);
    case 'required':
      return fault(inside(String(params['missingProperty'])), 'is missing', 'add this key');
    case 'enum':
      return fault(
        path,
        `is ${shown(path, error.data)}`,
        `use one of ${(params['allowedValues'] as string[]).join(', ')}`,
      );
    case 'type':
      return fault(path, `is ${kindOf(error.data)}`, `give ${kindName(String(params['type']))}`);
    case 'minimum':
      return fault(path, `is ${String(error.data)}`, `give ${String(params['limit'])} or more`);
    case 'maximum':
      return fault(path, `is ${String(error.data)}`, `give ${String(params['limit'])} or less`);
    case 'pattern':
      return fault(path, `is ${shown(path, error.data)}`, 'give a date as 2026-11-24');
    case 'minLength':
      return fault(path, 'is empty', 'give a value');
    default:
      return fault(path, error.message ?? error.keyword, 'see docs/settings.md');
  }
}

function unknownKey(path: string, error: ErrorObject): SettingsFault {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const known = Object.keys(((error.parentSchema as Schema)['properties'] ?? {}) as object).filter(
    (key) => key !== '$schema',
  );
  if (known.length === 0) return fault(path, 'is not known', 'remove it; nothing can be set here');
  return fault(path, 'is not known', suggestion(name, known));
}

/** The known name that was most likely meant, and all of them. */
export function suggestion(name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  const list = `known here: ${known.join(', ')}`;
  return near === undefined ? `use one of those ${list}` : `did you mean ${near}? K${list.slice(1)}`;
}

/** What a Halo on a server needs and the embedded database does not. */
function serverSettingsFaults(haloUrl: unknown, database: Partial<DatabaseSettings>): SettingsFault[] {
  if (isEmbedded(database)) return [];
  const { Authentication = 'sql', Username, Password, ClientId } = database;
  const faults =
    haloUrl === undefined || haloUrl === ''
      ? [fault('HaloUrl', 'is missing', "give the address of Halo's web app, such as https://halo.example.com")]
      : [];
  faults.push(...serverFaults(database));
  const missing = (absent: boolean, name: string, fix: string): void => {
    if (absent) faults.push(fault(`Database.${name}`, 'is missing', fix));
  };
  const reference = 'or a reference such as {"Environment": "NAME"}';
  if (Authentication === 'windows') return faults;
  if (Authentication !== 'entra-token')
    missing(!Username, 'Username', 'give the login, or set Database.Authentication to windows');
  missing(
    Password === undefined || Password === '',
    'Password',
    `give the ${Authentication === 'entra-token' ? 'access token' : 'password'} ${reference}`,
  );
  if (Authentication === 'entra-password')
    missing(!ClientId, 'ClientId', 'give the id of the app registration that may sign users in');
  return faults;
}

const fault = (path: string, problem: string, fix: string): SettingsFault => ({ path, problem, fix });

function unescape(pointer: string): string {
  return pointer.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** Values are named only where they cannot be secrets. */
function shown(path: string, value: unknown): string {
  return typeof value === 'string' && !/password|secret|token/i.test(path) ? `"${value}"` : kindOf(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return kindName(typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value);
}

function kindName(type: string): string {
  const names: Record<string, string> = {
    string: 'a text',
    boolean: 'true or false',
    integer: 'a whole number',
    number: 'a number',
    array: 'a list',
    object: 'an object { … }',
  };
  return names[type] ?? type;
}
