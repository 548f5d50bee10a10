import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import type { Row } from '../../../node/src/database/database.ts';
import { createHaloApi } from '../../../node/src/halo-api/embedded-halo-api.ts';
import type { HaloApi } from '../../../node/src/halo-api/halo-api.ts';
import { createHttpClient } from '../../../node/src/http/retrying-http-client.ts';
import { createSend } from '../../../node/src/http/send.ts';
import { pax8 } from '../../../node/src/integrations/pax8/index.ts';
import { haloTestDatabase, type HaloTestDatabase } from '../halo-database.ts';
import { startPax8Sandbox, type Pax8Sandbox } from '../../sandbox/pax8/pax8-sandbox.ts';

const clock = { now: () => new Date(), sleep: () => Promise.resolve() };
let folder: string;
let made: HaloTestDatabase;
let api: HaloApi;
let sandbox: Pax8Sandbox;
/** Pax8's id of the one company there is. */
let company: string;

beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'halo-pax8-several-'));
  made = await haloTestDatabase(folder, clock);
  await fillDemoContent(made.database, clock);
  api = createHaloApi({ database: made.database, clock, settings: {}, author: 'test', warn: () => {} });
  sandbox = await startPax8Sandbox({ companies: 1, subscriptions: 2, products: 1, contactsPerCompany: 1, seed: 3 });
  sandbox.change('companies', 0, { name: 'Acme', status: 'Active' });
  company =
    (await read('Customers')).mapped.flatMap((one) => ('fields' in one ? (one.third_party_id ?? []) : []))[0] ?? '';
});
afterEach(async () => {
  await sandbox.close();
  await made.close();
  await fs.rm(folder, { recursive: true, force: true });
});

async function insert(table: string, rows: readonly Row[], allocate?: string) {
  await using session = await made.database.session('a test');
  return await session.transaction((transaction) =>
    transaction.insert(table, rows, allocate === undefined ? undefined : { column: allocate }),
  );
}
const link = (client: number, more: Row = {}): Row => ({
  ...{ ELTableId: 1, ELModuleId: 1, ELDetailsId: 1, ELIsPrimary: true },
  ...{ ELHaloId: client, ELThirdPartyId: company, ...more },
});
const mapping = (client: number): Row => ({
  ...{ ISMHaloId: 0, ISMThirdPartyId: company, ISMThirdPartyName: 'Acme', ISMMSid: 1 },
  ...{ ISMThirdPartyClientId: company, ISMHaloClientId: client },
});

/** Each record of an entity as it is mapped: the client it goes to, or why it is set aside. */
async function mapped(name: string, row: Record<string, unknown> = {}): Promise<unknown[]> {
  return (await read(name, row)).mapped.map((one) =>
    'reason' in one ? one.reason : 'fields' in one ? (one.fields['client_id'] ?? one.fields['id']) : undefined,
  );
}

async function read(name: string, row: Record<string, unknown> = {}) {
  const [connection] = await pax8.connections(api);
  const entity = pax8.entities.find((one) => one.name === name);
  if (!connection || !entity) throw new Error(name);
  const { source, mapping: byPax8 } = await entity.open({
    connection: { ...connection, row: { ...connection.row, ...row } },
    api,
    clock,
    settings: { BaseUrl: sandbox.url, ClientId: sandbox.clientId, ClientSecret: sandbox.clientSecret },
    http: createHttpClient({ send: createSend({}), clock }),
    signal: new AbortController().signal,
    scope: { module_id: 1, details_id: connection.id },
    warn: () => {},
  });
  const records: unknown[] = [];
  for await (const page of source.pages()) records.push(...page.records);
  return { mapped: await byPax8.toHalo(records) };
}

describe('a company that fits several clients', () => {
  it('is none of those it is linked to, unless the administrator maps it', async () => {
    await insert('ExternalLink', [link(1), link(2)]);
    const reason =
      'The Pax8 company "Acme" is linked to several clients in Halo (1, 2): map the company to one of them in Halo.';
    expect(await mapped('Subscriptions')).toEqual([reason, reason]);
    expect(await mapped('Contacts')).toEqual([reason]);
    await insert('IntegrationSiteMapping', [mapping(2)]);
    expect(await mapped('Subscriptions')).toEqual([2, 2]);
    expect(await mapped('Customers')).toEqual([2]);
  });

  it('is none of those it is mapped to, in Customers neither', async () => {
    await insert('IntegrationSiteMapping', [mapping(1), mapping(2)]);
    const reason = 'The Pax8 company "Acme" is mapped to several clients in Halo (1, 2): leave one mapping.';
    expect(await mapped('Subscriptions')).toEqual([reason, reason]);
    expect(await mapped('Customers')).toEqual(['Halo maps it to several clients (1, 2): leave one mapping.']);
    await insert('ExternalLink', [link(2)]);
    expect(await mapped('Subscriptions')).toEqual([2, 2]);
    expect(await mapped('Customers')).toEqual([undefined]);
  });

  it('is none of its name, and is not sent to Customers, which takes none of them either', async () => {
    const ids = await insert('AREA', [{ aareadesc: 'ACME ' }, { aareadesc: 'Acme' }], 'Aarea');
    const [reason] = await mapped('Subscriptions');
    expect(reason).toBe(
      `2 clients in Halo are named "Acme" like the Pax8 company (${ids.join(', ')}): map the company to one of them in Halo.`,
    );
  });
});

describe('a company without a client', () => {
  it('is found by a link that Halo made for all connections', async () => {
    await insert('ExternalLink', [link(3, { ELDetailsId: 0, ELThirdPartyId: company.toUpperCase() })]);
    expect(await mapped('Subscriptions')).toEqual([3, 3]);
  });

  it('is found by its name, spaces at the end or not', async () => {
    const [id] = await insert('AREA', [{ aareadesc: 'acme  ' }], 'Aarea');
    expect(await mapped('Subscriptions')).toEqual([id, id]);
  });

  it('is to be synced where Customers would make one, and only there', async () => {
    expect((await mapped('Subscriptions'))[0]).toBe(
      'The Pax8 company "Acme" has no client in Halo: map the company in Halo, or sync Customers.',
    );
    sandbox.change('companies', 0, { status: 'Inactive' });
    expect((await mapped('Subscriptions'))[0]).toBe(
      'The Pax8 company "Acme" has no client in Halo, and Customers leaves it out, as Pax8 says that it is Inactive: map the company in Halo, or let the connection import inactive and deleted companies.',
    );
    expect((await mapped('Subscriptions', { PA8ImportInactiveAndDeleted: true }))[0]).toContain('or sync Customers.');
  });
});

describe('contacts', () => {
  it('go to the only site of the client that is in use', async () => {
    await insert('ExternalLink', [link(1)]);
    const sites = await api.listBy('Site', 'client_id', [1]);
    expect(sites.length).toBeGreaterThan(0);
    await using session = await made.database.session('a test');
    await session.transaction((transaction) =>
      transaction.update('SITE', { SIsInactive: true }, { column: 'Sarea', is: 'equal', value: 1 }),
    );
    expect((await mapped('Contacts'))[0]).toContain('has no site in Halo, or several');
    const [id] = await insert('SITE', [{ Sarea: 1, sdesc: 'The one' }], 'Ssitenum');
    expect(await mapped('Contacts')).toEqual([undefined]);
    expect((await api.listBy('Site', 'id', [Number(id)]))[0]).toMatchObject({ name: 'The one' });
  });
});
