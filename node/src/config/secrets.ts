import type { Environment } from '../environment.ts';
import { SecretUnavailableError } from '../errors/config-errors.ts';
import { memberOf } from './member-of.ts';
import { withSection } from './sections.ts';
import type { IntegrationFacts } from '../integrations/integration.ts';
import type { SecretSource } from './settings.ts';

/** Why whoever started the engine could not open a secret; the advice is a sentence. */
export interface UnopenedSecret {
  readonly problem: string;
  readonly advice: string;
}

/** Secrets the PowerShell module resolved, or could not, by the path of the setting (`Database.Password`). */
export type SuppliedSecrets = Readonly<Record<string, string | UnopenedSecret>>;

/** Those that were resolved. */
export function openedSecrets(supplied: SuppliedSecrets): string[] {
  return Object.values(supplied).filter((one) => typeof one === 'string');
}

/** Whether a value of the file is a way to write a secret. */
export function isSecretSource(value: unknown): value is SecretSource {
  if (typeof value === 'string') return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const members = value as Record<string, unknown>;
  const names = Object.keys(members).sort().join();
  const filled = Object.values(members).every((member) => typeof member === 'string' && member !== '');
  return filled && ['Environment', 'Protected', 'Secret,Vault'].includes(names);
}

/** A setting that is a secret. */
export interface SecretSetting {
  /** Its path in the settings, such as `Database.Password`. */
  readonly path: string;
  /** Whether it is a secret for each of several names, which come behind the path. */
  readonly perName: boolean;
  /** The cmdlet that takes it without showing it. */
  readonly setBy: string;
}

/** The settings that are secrets. */
export function secretSettings(registry: readonly IntegrationFacts[]): SecretSetting[] {
  const own = registry.flatMap(({ name, settings }) =>
    Object.entries(settings).flatMap(([key, { secret, perName }]) =>
      secret || perName
        ? [
            {
              path: `Integrations.${name}.Settings.${key}`,
              perName: perName === true,
              setBy: `Set-HaloIntegrationSetting ${name} ${key}${perName ? ' -For <name>' : ''} -Secret (Read-Host -AsSecureString)`,
            },
          ]
        : [],
    ),
  );
  return [
    { path: 'Database.Password', perName: false, setBy: 'Set-HaloDbConfig -Credential (Get-Credential)' },
    {
      path: 'Notice.Email.Password',
      perName: false,
      setBy: 'Set-HaloDbConfig -NoticeCredential (Get-Credential)',
    },
    {
      path: 'Notice.Webhook.Url',
      perName: false,
      setBy: 'Set-HaloDbConfig -NoticeWebhook (Read-Host -AsSecureString)',
    },
    ...own,
  ];
}

type WrittenSecret = readonly [keys: readonly string[], value: unknown];

/** The secrets that settings have, whatever they are written as, by their keys. */
export function writtenSecrets(settings: unknown, registry: readonly IntegrationFacts[]): WrittenSecret[] {
  return secretSettings(withSection(settings, registry)).flatMap(({ path, perName }): WrittenSecret[] => {
    const keys = path.split('.');
    const value = keys.reduce(memberOf, settings);
    if (value === undefined) return [];
    return perName ? Object.entries(value ?? {}).map(([name, one]) => [[...keys, name], one]) : [[keys, value]];
  });
}

/** A secret that the engine cannot open itself: the setting's path, and how it is written there. */
export interface SecretReference {
  readonly setting: string;
  readonly source: { readonly Protected: string } | { readonly Vault: string; readonly Secret: string };
}

/**
 * The secret in the clear. `problem` is why Windows did not open what it protects, where it was asked. Throws SecretUnavailableError, which
 * names the setting and never the value.
 */
export function resolveSecret(
  setting: string,
  source: SecretSource,
  environment: Environment,
  supplied: SuppliedSecrets,
  problem?: string,
): string {
  if (typeof source === 'string') return source;
  if ('Environment' in source) return fromVariable(setting, source.Environment, environment);
  const given = supplied[setting];
  if (typeof given === 'string') return given;
  if (given !== undefined) throw new SecretUnavailableError(setting, given.problem, given.advice);
  if ('Protected' in source && problem !== undefined)
    throw new SecretUnavailableError(
      setting,
      `Windows, which protects it, does not open it: ${problem.replace(/\.$/, '')}`,
      'A secret is opened on the machine that protected it, and nowhere else: give it anew there with -Protect.',
    );
  const where = 'Protected' in source ? 'it is protected by Windows' : `it is in the vault ${source.Vault}`;
  throw new SecretUnavailableError(
    setting,
    `${where}, and whoever started the engine has not opened it`,
    'Run through the PowerShell module (Invoke-HaloSync) as an account that may open it, or write the setting as {"Environment": "NAME"}.',
  );
}

function fromVariable(setting: string, name: string, environment: Environment): string {
  const value = environment.variables[name];
  if (value !== undefined && value !== '') return value;
  throw new SecretUnavailableError(
    setting,
    `the environment variable ${name} is ${value === undefined ? 'not set' : 'empty'}`,
    `Set the environment variable ${name} for the account that runs the sync.`,
  );
}
