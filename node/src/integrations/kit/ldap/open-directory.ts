import type { Client, Entry } from 'ldapts';
import { connectFailure, filterFailure, searchFailure } from './directory-failure.ts';
import type { Directory, DirectoryAddress, DirectoryEntry, DirectoryFacts, DirectorySearch } from './directory.ts';

const connectTimeout = 20_000;
const answerTimeout = 100_000;
/** Attributes that are bytes and no text. */
const binary = ['objectGUID', 'objectSid', 'mS-DS-ConsistencyGuid'];
/** Says that a directory is Active Directory (MS-ADTS 3.1.1.3.4.3). */
const activeDirectory = '1.2.840.113556.1.4.800';

/**
 * Connects to a directory and signs in by simple bind. Throws DirectoryUnreachableError, DirectoryTlsError, DirectorySignInError.
 * @param signal ends whatever is under way
 */
export async function openDirectory(address: DirectoryAddress, signal: AbortSignal): Promise<Directory> {
  // Loaded where a directory is read, since no other integration needs it.
  const { Client: LdapClient } = await import('ldapts');
  const server = `${address.host}:${address.port}`;
  // The name in a certificate is that of the host.
  const tlsOptions = {
    rejectUnauthorized: !address.trustServerCertificate,
    servername: nameFor(address.certificateName ?? address.host),
  };
  const client = new LdapClient({
    url: `${address.encryption === 'ldaps' ? 'ldaps' : 'ldap'}://${bracketed(address.host)}:${address.port}`,
    ...{ timeout: answerTimeout, connectTimeout, strictDN: false },
    ...(address.encryption === 'ldaps' && { tlsOptions }),
  });
  const stop = (): void => void client.unbind().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  const close = async (): Promise<void> => {
    signal.removeEventListener('abort', stop);
    // The server may have gone first.
    await client.unbind().catch(() => undefined);
  };
  try {
    signal.throwIfAborted();
    if (address.encryption === 'starttls') await client.startTLS(tlsOptions);
    await client.bind(address.username, address.password);
    const facts = await readFacts(client);
    return {
      ...{ facts, server },
      search: (search) => pagesOf(client, server, facts, search, signal),
      valuesOf: (dn, attribute) => valuesOf(client, server, facts, dn, attribute),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    signal.throwIfAborted();
    throw connectFailure(error, address, server);
  }
}

async function readFacts(client: Client): Promise<DirectoryFacts> {
  const attributes = ['namingContexts', 'defaultNamingContext', 'vendorName', 'supportedCapabilities'];
  const { searchEntries } = await client.search('', { scope: 'base', filter: '(objectClass=*)', attributes });
  const values = (name: string): readonly string[] =>
    searchEntries.flatMap((entry) => attributesOf(entry).get(name.toLowerCase()) ?? []).map(String);
  const [defaultNamingContext] = values('defaultNamingContext');
  const [vendor] = values('vendorName');
  return {
    kind: values('supportedCapabilities').includes(activeDirectory) ? 'ActiveDirectory' : 'Generic',
    namingContexts: values('namingContexts'),
    ...(defaultNamingContext !== undefined && { defaultNamingContext }),
    ...(vendor !== undefined && { vendor }),
  };
}

async function* pagesOf(
  client: Client,
  server: string,
  { namingContexts }: DirectoryFacts,
  search: DirectorySearch,
  signal: AbortSignal,
): AsyncGenerator<readonly DirectoryEntry[]> {
  const { base, scope, filter, attributes, pageSize } = search;
  const { FilterParser } = await import('ldapts');
  try {
    FilterParser.parseString(filter);
  } catch (error) {
    throw filterFailure(filter, error);
  }
  try {
    const pages = client.searchPaginated(base, {
      ...{ scope, filter, attributes: [...attributes], paged: { pageSize }, explicitBufferAttributes: binary },
    });
    for await (const { searchEntries } of pages) {
      signal.throwIfAborted();
      yield searchEntries.map((entry) => ({ dn: entry.dn, attributes: attributesOf(entry) }));
    }
  } catch (error) {
    signal.throwIfAborted();
    throw searchFailure(error, server, search, namingContexts);
  }
}

/** `member;range=0-1499` is the first part of a long list; the last part reads `;range=1500-*` (MS-ADTS 3.1.1.3.1.3.3). */
async function valuesOf(
  client: Client,
  server: string,
  { namingContexts }: DirectoryFacts,
  dn: string,
  attribute: string,
): Promise<readonly string[]> {
  const found: string[] = [];
  const filter = '(objectClass=*)';
  try {
    for (let asked = attribute; ;) {
      const { searchEntries } = await client.search(dn, { scope: 'base', filter, attributes: [asked] });
      const [entry] = searchEntries;
      if (!entry) return found;
      let next: number | undefined;
      for (const [name, values] of attributesOf(entry)) {
        const [plain, range] = name.split(';range=', 2);
        if (plain !== attribute.toLowerCase()) continue;
        found.push(...values.map(String));
        const last = /^\d+-(\d+)$/.exec(range ?? '')?.[1];
        if (last !== undefined && values.length > 0) next = Number(last) + 1;
      }
      if (next === undefined) return found;
      asked = `${attribute};range=${next}-*`;
    }
  } catch (error) {
    throw searchFailure(error, server, { base: dn }, namingContexts);
  }
}

function attributesOf(entry: Entry): ReadonlyMap<string, readonly (string | Buffer)[]> {
  const named = Object.entries(entry).filter(([name]) => name !== 'dn');
  // An attribute without a value comes as an empty list.
  return new Map(named.map(([name, values]) => [name.toLowerCase(), Array.isArray(values) ? values : [values]]));
}

/** TLS has no names for addresses. */
function nameFor(host: string): string | undefined {
  return /^[\d.]+$|:/.test(host) ? undefined : host;
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
