import { dirname, join } from 'node:path';
import { loadSettings, type SecretOpener } from '../config/load-settings.ts';
import { openedSecrets, type SuppliedSecrets } from '../config/secrets.ts';
import { locateSettings } from '../config/settings-file.ts';
import type { LoadedSettings } from '../config/settings.ts';
import type { Environment } from '../environment.ts';
import { LogFolderError, SettingsNotFoundError } from '../errors/config-errors.ts';
import { KnownSecrets } from '../secrets/known-secrets.ts';
import { integrationFacts } from '../integrations/integration-facts.ts';
import type { SyncParts } from '../sync/sync.ts';
import { openProtected } from '../windows/protected-secrets.ts';
import { discreet, type Watcher } from './watcher.ts';

/** What commands work with. Settings are read once: an engine keeps the ones it started with. */
export class Engine implements AsyncDisposable {
  readonly environment: Environment;
  /** What settings go by; `parts` has the integrations as they run. */
  readonly registry = integrationFacts;
  readonly configPath: string | undefined;
  /** What no output may show; it grows while the engine works. */
  readonly secrets: KnownSecrets;
  readonly #supplied: SuppliedSecrets;
  readonly watcher: Watcher;
  #settings: Promise<LoadedSettings> | undefined;
  #parts: Promise<SyncParts> | undefined;
  #readingParts: Promise<SyncParts> | undefined;

  /**
   * @param watcher told warnings and more while a command runs
   * @param secrets what is hidden from all output; whoever shows what this engine says passes it in
   */
  constructor(
    environment: Environment,
    configPath: string | undefined,
    supplied: SuppliedSecrets = {},
    watcher?: Watcher,
    secrets = new KnownSecrets(),
  ) {
    this.environment = environment;
    this.watcher = discreet(watcher, secrets);
    this.configPath = configPath;
    this.secrets = secrets;
    secrets.add(openedSecrets(supplied));
    this.#supplied = supplied;
  }

  /** The settings this engine started with, with the secrets that can be opened. */
  settings(): Promise<LoadedSettings> {
    return (this.#settings ??= this.openedSettings());
  }

  /** The settings as they are saved now, to be shown or changed. */
  savedSettings(): Promise<LoadedSettings> {
    return this.#load();
  }

  /** The same for checks, which sign in: secrets that Windows protects and nobody supplied are opened. */
  openedSettings(): Promise<LoadedSettings> {
    const { windows } = this.environment;
    const opened = this.#load(windows && ((references) => openProtected(references, windows)));
    return opened.then((settings) => {
      this.watcher.told?.(`${settings.path} was read.`);
      return settings;
    });
  }

  async #load(open?: SecretOpener): Promise<LoadedSettings> {
    const settings = await loadSettings(this.configPath, this.environment, this.registry, this.#supplied, open);
    this.secrets.add(settings.secrets);
    return settings;
  }

  /** Makes sure that the settings' secrets are known, where they can be read: what is shown may be older than they are. */
  async knowSecrets(): Promise<void> {
    await this.savedSettings().catch(() => undefined);
  }

  /** The instance's folder, where its logs and state are, even where its settings cannot be used. */
  async instanceFolder(): Promise<string> {
    const path = await locateSettings(this.configPath, this.environment);
    const folder = dirname(path);
    // What a run left there is read even where the settings file is gone or misnamed.
    for (const sign of [path, join(folder, 'logs'), join(folder, 'state')])
      if (await this.environment.fs.stat(sign).catch(() => undefined)) return folder;
    throw new SettingsNotFoundError(path);
  }

  /**
   * Database, built-in API and log, opened on first use.
   * @param names the integrations it is about; every one where nothing is said
   */
  parts(names?: readonly string[]): Promise<SyncParts> {
    return (this.#parts ??= this.#open(names, 'written'));
  }

  /** The same for commands that only read: who may not write in the instance's folder reads without a log. */
  readingParts(names?: readonly string[]): Promise<SyncParts> {
    return (this.#readingParts ??= this.parts(names).catch(async (error: unknown) => {
      if (!(error instanceof LogFolderError)) throw error;
      // What writes later is to fail by it.
      this.#parts = undefined;
      this.watcher.warned(`${error.message} What is read here is not logged.`);
      return this.#open(names, 'unwritten');
    }));
  }

  async #open(names: readonly string[] | undefined, kindOfLog: 'written' | 'unwritten'): Promise<SyncParts> {
    const settings = await this.settings();
    // Its libraries are loaded here and not before, so that settings alone are read quickly.
    const { openPartsFor } = await import('./open-parts.ts');
    return openPartsFor(names, settings, this.environment, this.secrets, this.watcher, kindOfLog);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await Promise.all([this.#parts, this.#readingParts].map((one) => one?.catch(() => undefined)));
    for (const parts of new Set(opened)) {
      await parts?.database.close();
      await parts?.log.close();
    }
  }
}
