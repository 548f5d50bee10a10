/** Short texts that one run leaves for the next, in the instance's state folder. What is secret is sealed before it gets here. */
export interface KeptTexts {
  /** A hash of the settings in use: what depends on them is kept together with it. */
  readonly settings: string;
  read(name: string): Promise<string | undefined>;
  /** Resolves when the text is safely kept. Throws StateFolderError. */
  write(name: string, text: string): Promise<void>;
}
