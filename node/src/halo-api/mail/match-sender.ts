import type { Row, Transaction } from '../../database/database.ts';
import type { Condition } from '../../database/query.ts';
import { comparedText } from '../values/compared-text.ts';
import type { IncomingMail, MailAddress } from './incoming-mail.ts';
import type { MailRules } from './mail-rules.ts';
import { readSiteDomains, siteOfAddress, type SiteOfDomain } from './site-domains.ts';

const atOnce = 500;

/** Who sent a mail, in Halo's terms. */
export type Sender =
  | {
      readonly kind: 'user';
      readonly name: string;
      /** 0 where the name stands for no user of its own. */
      readonly userId: number;
      readonly siteId: number;
      readonly clientId: number;
      readonly agentId?: number;
      /** UNAME.uname of that agent. */
      readonly agentName?: string;
    }
  | { readonly kind: 'new-user'; readonly name: string; readonly siteId: number; readonly clientId: number }
  | { readonly kind: 'nobody' };

/** Senders by address. */
export type Senders = ReadonlyMap<string, Sender>;

/**
 * Finds who sent the messages: the active user of that address, else the site whose domain it is of, else what the mailbox says
 * of unmatched users. An agent who is no user sends as an agent, on behalf of the default user.
 */
export async function readSenders(
  transaction: Transaction,
  mails: readonly IncomingMail[],
  rules: MailRules,
): Promise<Senders> {
  const names = new Map(mails.map((mail) => [mail.from.address, mail.from]));
  const addresses = [...names.keys()].filter((address) => address !== '');
  const users = await usersOf(transaction, addresses, rules);
  const agents = await agentsOf(transaction, addresses);
  const open = addresses.filter((address) => !users.has(address));
  const domains = rules.siteDomains && open.length > 0 ? await readSiteDomains(transaction) : [];
  const senders = new Map<string, Sender>();
  let fallback: Promise<Sender> | undefined;
  for (const [address, from] of names) {
    const known = users.get(address);
    const agent = agents.get(address);
    const asAgent = agent && { agentId: agent.id, ...(agent.name !== '' && { agentName: agent.name }) };
    if (known) senders.set(address, { ...known, ...asAgent });
    else if (agent) {
      const base = await (fallback ??= defaultSender(transaction, rules));
      senders.set(address, base.kind === 'user' ? { ...base, ...asAgent, name: base.name || agent.name } : base);
    } else senders.set(address, await unknownSender(transaction, from, siteOfAddress(address, domains, rules), rules));
  }
  return senders;
}

async function usersOf(
  transaction: Transaction,
  addresses: readonly string[],
  rules: MailRules,
): Promise<Map<string, Extract<Sender, { kind: 'user' }>>> {
  const columns = ['uemail', ...(rules.alternativeAddresses ? ['uemail2', 'uemail3'] : [])];
  const found = new Map<string, Extract<Sender, { kind: 'user' }>>();
  for (const some of inParts(addresses)) {
    const rows = await transaction.read({
      ...userQuery,
      where: {
        all: [
          { column: 'USERS.uinactive', is: 'equal', value: false },
          { any: columns.map((column): Condition => ({ column: `USERS.${column}`, is: 'in', values: some })) },
        ],
      },
      orderBy: [{ column: 'USERS.Uid' }],
    });
    // The first column decides before the second, the oldest user before a younger one of the same address.
    for (const column of columns)
      for (const row of rows) {
        const address = comparedText(row[column]);
        if (some.includes(address) && !found.has(address)) found.set(address, userSender(row));
      }
  }
  return found;
}

const userQuery = {
  from: 'USERS',
  columns: [
    'USERS.Uid',
    'USERS.uusername',
    'USERS.uemail',
    'USERS.uemail2',
    'USERS.uemail3',
    'USERS.Usite',
    { column: 'site.Sarea', as: 'client' },
  ],
  joins: [{ kind: 'left' as const, table: 'SITE', as: 'site', on: [['USERS.Usite', 'site.Ssitenum'] as const] }],
};

function userSender(row: Row): Extract<Sender, { kind: 'user' }> {
  return {
    kind: 'user',
    name: String(row['uusername'] ?? ''),
    userId: Number(row['Uid']),
    siteId: Number(row['Usite'] ?? 0),
    clientId: Number(row['client'] ?? 0),
  };
}

async function agentsOf(
  transaction: Transaction,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, { readonly id: number; readonly name: string }>> {
  const found = new Map<string, { readonly id: number; readonly name: string }>();
  for (const some of inParts(addresses)) {
    const rows = await transaction.read({
      from: 'UNAME',
      columns: ['Unum', 'uname', 'usmtp'],
      where: {
        all: [
          { column: 'Uisdisabled', is: 'equal', value: false },
          { column: 'usmtp', is: 'in', values: some },
        ],
      },
      orderBy: [{ column: 'Unum', descending: true }],
    });
    for (const row of rows)
      found.set(comparedText(row['usmtp']), { id: Number(row['Unum']), name: String(row['uname'] ?? '') });
  }
  return found;
}

async function unknownSender(
  transaction: Transaction,
  from: MailAddress,
  site: SiteOfDomain | undefined,
  rules: MailRules,
): Promise<Sender> {
  const name = rules.addressAsName ? from.address : from.name || from.address;
  if (rules.unmatched === 'create-user') {
    const home = site ?? (await siteOf(transaction, rules.newUserSite));
    if (home) return { kind: 'new-user', name, siteId: home.siteId, clientId: home.clientId };
  }
  if (site) return (await namedUser(transaction, rules.generalUser, site)) ?? { ...noUser(name), ...site };
  return rules.unmatched === 'ignore' ? { kind: 'nobody' } : defaultSender(transaction, rules, name);
}

/** The mailbox's default user, else the general user of its default site, else the name alone. */
async function defaultSender(transaction: Transaction, rules: MailRules, name = ''): Promise<Sender> {
  const site = await siteOf(transaction, rules.defaultSite);
  if (!site) return noUser(name);
  const user =
    (await namedUser(transaction, rules.defaultUser, site)) ?? (await namedUser(transaction, rules.generalUser, site));
  return user ?? { ...noUser(name), ...site };
}

function noUser(name: string): Extract<Sender, { kind: 'user' }> {
  return { kind: 'user', name, userId: 0, siteId: 0, clientId: 0 };
}

async function siteOf(transaction: Transaction, id: number): Promise<SiteOfDomain | undefined> {
  if (id <= 0) return undefined;
  const [row] = await transaction.read({
    from: 'SITE',
    columns: ['Ssitenum', 'Sarea'],
    where: { column: 'Ssitenum', is: 'equal', value: id },
  });
  return row && { siteId: id, clientId: Number(row['Sarea'] ?? 0) };
}

async function namedUser(transaction: Transaction, name: string, site: SiteOfDomain): Promise<Sender | undefined> {
  if (name === '') return undefined;
  const [row] = await transaction.read({
    ...userQuery,
    where: {
      all: [
        { column: 'USERS.uusername', is: 'equal', value: name },
        { column: 'USERS.Usite', is: 'equal', value: site.siteId },
      ],
    },
    orderBy: [{ column: 'USERS.Uid' }],
    limit: 1,
  });
  return row && userSender(row);
}

function* inParts<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += atOnce) yield all.slice(from, from + atOnce);
}
