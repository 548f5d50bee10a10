import { resolve } from 'node:path';
import type { Environment } from '../environment.ts';
import { SecretUnavailableError, SettingsInvalidError } from '../errors/config-errors.ts';
import type { IntegrationFacts } from '../integrations/integration.ts';
import { isEmbedded } from './embedded.ts';
import {
  isSecretSource,
  resolveSecret,
  writtenSecrets,
  type SecretReference,
  type SuppliedSecrets,
} from './secrets.ts';
import type { DatabaseSettings, LoadedSettings, SecretSource, Settings } from './settings.ts';
import { locateSettings, readSettingsFile } from './settings-file.ts';
import { spelledContent } from './spelled-content.ts';
import { faultsIn } from './validate-settings.ts';

/** Opens secrets that nobody supplied, as far as it can, and says why where it cannot. */
export type SecretOpener = (
  references: readonly SecretReference[],
) => Promise<{ readonly opened: SuppliedSecrets; readonly problem?: string }>;

/**
 * Reads, validates and completes appsettings.json. Every fault is named at once. A secret that cannot be resolved
 * throws only when it is asked for, so that commands which need none still work.
 */
export async function loadSettings(
  path: string | undefined,
  environment: Environment,
  registry: readonly IntegrationFacts[],
  supplied: SuppliedSecrets = {},
  open?: SecretOpener,
): Promise<LoadedSettings> {
  const file = await readSettingsFile(await locateSettings(path, environment), environment);
  const content = spelledContent(file, registry);
  const faults = faultsIn(content, registry);
  if (faults.length > 0) throw new SettingsInvalidError(file.path, faults);
  const settings = complete(content as Partial<Settings> & Pick<Settings, 'Database'>, file.folder);
  const unsupplied = secretReferences(settings, registry).filter(
    ({ setting }) => typeof supplied[setting] !== 'string',
  );
  const { opened, problem } = (await open?.(unsupplied)) ?? { opened: {} };
  const known = { ...supplied, ...opened };
  const secretOf = (setting: string, source: SecretSource): string =>
    resolveSecret(setting, source, environment, known, problem);
  return {
    settings,
    path: file.path,
    folder: file.folder,
    fingerprint: file.fingerprint,
    get databasePassword() {
      const source = settings.Database.Password;
      return source === undefined || isEmbedded(settings.Database) ? undefined : secretOf('Database.Password', source);
    },
    get noticePassword() {
      const source = settings.Notice.Email?.Password;
      return source === undefined ? undefined : secretOf('Notice.Email.Password', source);
    },
    get noticeWebhookUrl() {
      const source = settings.Notice.Webhook?.Url;
      return source === undefined ? undefined : secretOf('Notice.Webhook.Url', source);
    },
    integrationSettings: (name) => integrationSettings(settings, registry, name, secretOf),
    secrets: knownSecrets(settings, registry, secretOf),
  };
}

function complete(content: Partial<Settings> & Pick<Settings, 'Database'>, folder: string): Settings {
  const integrations = Object.entries(content.Integrations ?? {}).map(
    ([name, each]) => [name, { ...each, Entities: each.Entities ?? {} }] as const,
  );
  return {
    HaloUrl: content.HaloUrl ?? '',
    Database: completeDatabase(content.Database, folder),
    Integrations: Object.fromEntries(integrations),
    Sync: {
      BatchSize: 5000,
      TimeLimitMinutes: 0,
      MaxDeactivatePercent: 20,
      MinReadPercent: 50,
      CompareAllHours: 24,
      MaxAnswerMegabytes: 32,
      MaxAnswerDepth: 64,
      ...content.Sync,
    },
    Logging: {
      Level: 'info',
      RetentionDays: 30,
      HistoryDays: 90,
      MaxRejectionLines: 500,
      MaxMegabytesPerDay: 100,
      Changes: true,
      MaxChangesMegabytes: 1000,
      ...content.Logging,
    },
    Halo: { ChangeClock: true, ...content.Halo },
    Nhserver: { ...content.Nhserver },
    Notice: { ...content.Notice },
  };
}

function completeDatabase(database: DatabaseSettings, folder: string): DatabaseSettings {
  if (isEmbedded(database)) return { ...database, Server: '(embedded)', Name: resolve(folder, database.Name) };
  return { Encrypt: true, TrustServerCertificate: false, Authentication: 'sql', ...database };
}

function integrationSettings(
  settings: Settings,
  registry: readonly IntegrationFacts[],
  name: string,
  secretOf: (setting: string, source: SecretSource) => string,
): Readonly<Record<string, unknown>> {
  const written = settings.Integrations[name]?.Settings ?? {};
  const fields = registry.find((each) => each.name === name)?.settings ?? {};
  const values: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(fields)) {
    const value = written[key] ?? field.default;
    if (value === undefined) continue;
    const path = `Integrations.${name}.Settings.${key}`;
    if (field.perName) {
      const named: Record<string, unknown> = {};
      for (const [each, source] of Object.entries(value as Record<string, unknown>))
        setSecret(named, each, source, `${path}.${each}`, secretOf);
      values[key] = named;
    } else if (field.secret) setSecret(values, key, value, path, secretOf);
    else values[key] = value;
  }
  return values;
}

/** Sets a secret that is resolved when it is read. */
function setSecret(
  values: Record<string, unknown>,
  key: string,
  source: unknown,
  path: string,
  secretOf: (setting: string, source: SecretSource) => string,
): void {
  if (!isSecretSource(source)) values[key] = source;
  else Object.defineProperty(values, key, { get: () => secretOf(path, source), enumerable: true });
}

/** Every way a secret is written in the settings, by the path of its setting. */
function secretSources(
  settings: Settings,
  registry: readonly IntegrationFacts[],
): [setting: string, source: SecretSource][] {
  return writtenSecrets(settings, registry).flatMap(([keys, source]): [string, SecretSource][] =>
    isSecretSource(source) ? [[keys.join('.'), source]] : [],
  );
}

/** The secrets that only the PowerShell module can open: protected by Windows, or in a vault. */
export function secretReferences(settings: Settings, registry: readonly IntegrationFacts[]): SecretReference[] {
  return secretSources(settings, registry).flatMap(([setting, source]): SecretReference[] =>
    typeof source === 'string' || 'Environment' in source ? [] : [{ setting, source }],
  );
}

/** Every secret that can be resolved now: one that cannot is nowhere in memory, so it cannot reach the log either. */
function knownSecrets(
  settings: Settings,
  registry: readonly IntegrationFacts[],
  secretOf: (setting: string, source: SecretSource) => string,
): string[] {
  return secretSources(settings, registry).flatMap(([setting, source]) => {
    try {
      return [secretOf(setting, source)].filter((value) => value !== '');
    } catch (error) {
      if (error instanceof SecretUnavailableError) return [];
      throw error;
    }
  });
}
