/** A secret as written in appsettings.json: plain, or a reference that is resolved when the engine starts. */
export type SecretSource =
  | string
  | { readonly Protected: string }
  | { readonly Environment: string }
  | { readonly Vault: string; readonly Secret: string };

/** `Database` of appsettings.json. `Server` "(embedded)" is the embedded database. */
export interface DatabaseSettings {
  readonly Server: string;
  readonly Name: string;
  readonly Username?: string;
  readonly Password?: SecretSource;
  readonly Encrypt?: boolean;
  readonly TrustServerCertificate?: boolean;
  /** How to sign in: SQL login (default), NTLM, Entra ID password or token, or Windows by msnodesqlv8. */
  readonly Authentication?: 'sql' | 'ntlm' | 'entra-password' | 'entra-token' | 'windows';
  /** The app registration and directory for entra-password. */
  readonly ClientId?: string;
  readonly TenantId?: string;
}

/** One integration of appsettings.json. */
export interface IntegrationSettings {
  /** Entity name → on or off in this instance. */
  readonly Entities: Readonly<Record<string, boolean>>;
  /** The integration's own settings, named in its descriptor; secrets may be references. */
  readonly Settings?: Readonly<Record<string, unknown>>;
}

/** What is inferred about Halo's database and can be set right here (docs/halo-database.md lists each with its evidence). */
export interface HaloDatabaseSettings {
  /** ExternalLink.ELTableId per resource; Halo's numbers are not public. */
  readonly ExternalLinkTableIds?: Readonly<Record<string, number>>;
  /** MODULESETUP.MSid per integration, where its row is not found by name. */
  readonly ModuleIds?: Readonly<Record<string, number>>;
  /** ADDRESSSTORE.AStype of a delivery address. Default 0, the column's own. */
  readonly DeliveryAddressType?: number;
  /** Advance CHANGESEQ and stamp the …changeseq columns. Default true. */
  readonly ChangeClock?: boolean;
  /** History field ids by name (`LicenceCount`, `UserSite` …); a history row is written only where its id is given. */
  readonly HistoryFieldIds?: Readonly<Record<string, number>>;
}

/** How mail is carried: encrypted after STARTTLS (required), encrypted from the first byte, or not at all. */
export type MailSecurity = 'starttls' | 'tls' | 'none';

/** `Notice` of appsettings.json: who is told when scheduled runs begin to fail and when they are well again. */
export interface NoticeSettings {
  readonly Email?: {
    readonly Server: string;
    /** Default: 587 for starttls, 465 for tls, 25 for none. */
    readonly Port?: number;
    /** Default starttls. */
    readonly Security?: MailSecurity;
    readonly TrustServerCertificate?: boolean;
    readonly Username?: string;
    readonly Password?: SecretSource;
    readonly From: string;
    readonly To: readonly string[];
  };
  readonly Webhook?: {
    /** A secret: who has it can write there. */
    readonly Url: SecretSource;
    readonly Shape: 'teams' | 'slack';
  };
}

/** appsettings.json after validation, defaults filled in, secrets not yet resolved. */
export interface Settings {
  readonly HaloUrl: string;
  readonly Database: DatabaseSettings;
  readonly Integrations: Readonly<Record<string, IntegrationSettings>>;
  readonly Sync: {
    readonly BatchSize: number;
    readonly TimeLimitMinutes: number;
    readonly MaxDeactivatePercent: number;
    /** A whole read that brings less of what the last one brought is taken for a fault of the vendor's; 0 for never. */
    readonly MinReadPercent: number;
    /** Every record is compared with Halo, value by value, at least this often; 0 for each time. */
    readonly CompareAllHours: number;
    /** A vendor's answer may have so many megabytes, as it comes and unpacked. */
    readonly MaxAnswerMegabytes: number;
    /** How deep lists and objects of a vendor's answer may lie in one another. */
    readonly MaxAnswerDepth: number;
  };
  readonly Logging: {
    readonly Level: 'error' | 'warn' | 'info' | 'debug';
    /** Days that log files are kept. */
    readonly RetentionDays: number;
    /** Days that the record of runs is kept. */
    readonly HistoryDays: number;
    /** Lines about rejected records that an entity's run writes; then how many more there were. */
    readonly MaxRejectionLines: number;
    /** Megabytes that the log of one day may take. */
    readonly MaxMegabytesPerDay: number;
    /** Whether each run's changes are kept, so that they can be shown and undone; as long as the log files. */
    readonly Changes: boolean;
    /** Megabytes that the changes of one run may take, and those of all runs. */
    readonly MaxChangesMegabytes: number;
  };
  readonly Halo: HaloDatabaseSettings;
  readonly Nhserver: {
    /** The day Halo was upgraded to the integrator, `YYYY-MM-DD`. */
    readonly UpgradeDate?: string;
  };
  readonly Notice: NoticeSettings;
}

/** Settings with where they came from and their secrets in the clear; lives in memory only. */
export interface LoadedSettings {
  readonly settings: Settings;
  /** Full path of the appsettings.json. */
  readonly path: string;
  /** Its folder: relative paths, logs and state belong here. */
  readonly folder: string;
  /** SHA-256 of the file's bytes, to say when a run still uses older settings. */
  readonly fingerprint: string;
  /** The database password, resolved; undefined where none is needed. */
  readonly databasePassword?: string;
  /** The mail server's password and the webhook's address, resolved when they are read; both may throw SecretUnavailableError. */
  readonly noticePassword?: string;
  readonly noticeWebhookUrl?: string;
  /** An integration's settings; a secret is resolved when it is read, and throws SecretUnavailableError where it cannot be. */
  integrationSettings(integration: string): Readonly<Record<string, unknown>>;
  /** Every secret value in the clear, for the log's redaction. */
  readonly secrets: readonly string[];
}
