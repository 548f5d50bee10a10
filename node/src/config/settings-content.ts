/** The file as it is on disk, parsed but not validated; its keys in the product's spelling, but for those of integrations. */
export interface SettingsFile {
  readonly path: string;
  readonly folder: string;
  readonly fingerprint: string;
  readonly text: string;
  readonly content: unknown;
}
