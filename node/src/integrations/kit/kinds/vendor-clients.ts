/** A client of the vendor's. */
export interface NamedClient {
  readonly name: string;
  /** Why the entity that makes clients leaves it out, and what to do about it, as the rest of a sentence. */
  readonly leftOut?: string;
}

/** What a vendor calls its clients, and what they are called. */
export interface VendorClients {
  /** "company", "organisation". Default: "client". */
  readonly noun?: string;
  /** The entity that makes clients of them. */
  readonly entity?: string;
  /** Their names by their ids, all of them, where records name their client by its id alone. Read once a run. */
  names?(): Promise<ReadonlyMap<string, NamedClient>>;
}
