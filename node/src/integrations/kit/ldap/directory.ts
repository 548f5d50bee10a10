/** How a directory is reached and signed in to. */
export interface DirectoryAddress {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (LDAPS), after the connection stands (StartTLS), or none. */
  readonly encryption: 'ldaps' | 'starttls' | 'none';
  /** Take any certificate. */
  readonly trustServerCertificate: boolean;
  /** The name in its certificate, where that is another than `host`. */
  readonly certificateName?: string;
  /** Distinguished name, user principal name (`name@domain`) or `DOMAIN\name`. */
  readonly username: string;
  readonly password: string;
}

/** What a directory says of itself (rootDSE, RFC 4512 5.1). */
export interface DirectoryFacts {
  /** Active Directory keeps objectGUID and userAccountControl; a generic one entryUUID and none. */
  readonly kind: 'ActiveDirectory' | 'Generic';
  readonly namingContexts: readonly string[];
  /** The domain of a domain controller. */
  readonly defaultNamingContext?: string;
  readonly vendor?: string;
}

/** An object as the directory gives it: values by attribute, its name in lower case. */
export interface DirectoryEntry {
  readonly dn: string;
  readonly attributes: ReadonlyMap<string, readonly (string | Buffer)[]>;
}

/** A search below a container. */
export interface DirectorySearch {
  readonly base: string;
  /** All levels below, or the first alone. */
  readonly scope: 'sub' | 'one' | 'base';
  readonly filter: string;
  readonly attributes: readonly string[];
  readonly pageSize: number;
}

/** A directory that is signed in to. */
export interface Directory extends AsyncDisposable {
  readonly facts: DirectoryFacts;
  /** As messages name it. */
  readonly server: string;
  /**
   * The objects in pages; the last page is the one after which the directory says that there is no more. Referrals to other servers are
   * not followed. Throws DirectorySearchError, DirectoryLimitError, DirectoryUnreachableError.
   */
  search(search: DirectorySearch): AsyncGenerator<readonly DirectoryEntry[]>;
  /** All values of an attribute of one object, which Active Directory gives in ranges where there are many. */
  valuesOf(dn: string, attribute: string): Promise<readonly string[]>;
}
