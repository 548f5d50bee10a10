import type { Transaction } from '../../database/database.ts';
import type { MailRules } from './mail-rules.ts';

/** A site and its client. */
export interface SiteOfDomain {
  readonly siteId: number;
  readonly clientId: number;
}

/** A mail domain some site claims (SITE.SiteEmailDomain). */
export interface SiteDomain extends SiteOfDomain {
  readonly domain: string;
}

/** The domains of all active sites, in the order of the sites. */
export async function readSiteDomains(transaction: Pick<Transaction, 'read'>): Promise<readonly SiteDomain[]> {
  const rows = await transaction.read({
    from: 'SITE',
    columns: ['Ssitenum', 'Sarea', 'SiteEmailDomain'],
    where: {
      all: [
        { column: 'SiteEmailDomain', is: 'not-null' },
        { column: 'SIsInactive', is: 'equal', value: false },
      ],
    },
    orderBy: [{ column: 'Ssitenum' }],
  });
  return rows.flatMap((row) =>
    String(row['SiteEmailDomain'])
      .toLowerCase()
      .split(/[\s,;]+/)
      .map((domain) => domain.replace(/^@/, ''))
      .filter((domain) => domain.includes('.'))
      .map((domain) => ({ domain, siteId: Number(row['Ssitenum']), clientId: Number(row['Sarea'] ?? 0) })),
  );
}

/**
 * The site an address is of: the first site of its domain, `*.example.com` counting where wildcards are on. Sites of several
 * clients that claim the domain leave it open.
 */
export function siteOfAddress(
  address: string,
  domains: readonly SiteDomain[],
  rules: Pick<MailRules, 'wildcardDomains'>,
): SiteOfDomain | undefined {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const exact = domains.filter((one) => one.domain === domain);
  const wild = rules.wildcardDomains
    ? domains.filter((one) => one.domain.startsWith('*.') && domain.endsWith(one.domain.slice(1)))
    : [];
  const claims = exact.length > 0 ? exact : wild;
  const [first] = claims;
  if (!first || claims.some((one) => one.clientId !== first.clientId)) return undefined;
  return { siteId: first.siteId, clientId: first.clientId };
}
