import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import type { Database, Row } from '../../../node/src/database/database.ts';
import { createHaloApi } from '../../../node/src/halo-api/embedded-halo-api.ts';
import type { HaloApi, HaloOutcome, HaloRecord } from '../../../node/src/halo-api/halo-api.ts';
import { createHttpClient } from '../../../node/src/http/retrying-http-client.ts';
import { createSend } from '../../../node/src/http/send.ts';
import type { HaloConnection } from '../../../node/src/integrations/connection.ts';
import type { EntityContext } from '../../../node/src/integrations/entity.ts';
import type { Quarantined } from '../../../node/src/integrations/mapped-record.ts';
import { pax8 } from '../../../node/src/integrations/pax8/index.ts';
import { haloTestDatabase, type HaloTestDatabase } from '../halo-database.ts';
import { startPax8Sandbox } from '../../sandbox/pax8/pax8-sandbox.ts';
import type { Pax8Sandbox } from '../../sandbox/pax8/pax8-sandbox.ts';

type Mapped = HaloRecord | Quarantined;

const clock = { now: () => new Date(), sleep: () => Promise.resolve() };
let folder: string;
let made: HaloTestDatabase;
let database: Database;
let api: HaloApi;
let sandbox: Pax8Sandbox;
let warnings: string[];

beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'halo-pax8-mapping-'));
  made = await haloTestDatabase(folder, clock);
  database = made.database;
  await fillDemoContent(database, clock);
  warnings = [];
  const warn = (message: string) => void warnings.push(message);
  api = createHaloApi({ database, clock, settings: {}, author: 'test', warn });
  sandbox = await startPax8Sandbox({ companies: 12, subscriptions: 60, products: 9, contactsPerCompany: 2, seed: 2 });
});

afterEach(async () => {
  await sandbox.close();
  await made.close();
  await fs.rm(folder, { recursive: true, force: true });
});

async function connectionWith(row: Record<string, unknown> = {}): Promise<HaloConnection> {
  const [connection] = await pax8.connections(api);
  if (!connection) throw new Error('the demo content has no Pax8 connection');
  return { ...connection, row: { ...connection.row, ...row } };
}

function contextOf(connection: HaloConnection): EntityContext {
  return {
    connection,
    api,
    clock,
    settings: { BaseUrl: sandbox.url, ClientId: sandbox.clientId, ClientSecret: sandbox.clientSecret },
    http: createHttpClient({ send: createSend({}), clock }),
    signal: new AbortController().signal,
    scope: { module_id: connection.moduleId, details_id: connection.id },
    warn: (message) => void warnings.push(message),
  };
}

/** Reads and maps an entity, and writes it when asked to. */
async function run(name: string, row: Record<string, unknown> = {}, write = false) {
  const context = contextOf(await connectionWith(row));
  const entity = pax8.entities.find((one) => one.name === name);
  if (!entity) throw new Error(name);
  const { source, mapping, target, missing, followUps, followUpsOfWritten } = await entity.open(context);
  const records: unknown[] = [];
  for await (const page of source.pages()) records.push(...page.records);
  const mapped = (await mapping.toHalo(records)) as readonly Mapped[];
  const written: HaloOutcome[] = [];
  const followed: HaloOutcome[] = [];
  if (write) {
    await using session = await api.write('test');
    const { scope } = context;
    const fit = mapped.filter((one) => 'fields' in one);
    written.push(...(await session.upsert(entity.resource, fit, { scope, ...target })));
    const sources = records.filter((_one, index) => 'fields' in (mapped[index] ?? {}));
    const following = followUpsOfWritten?.(fit as HaloRecord[], written) ?? followUps?.(sources, written);
    for (const { resource, records: more, ...rest } of (await following) ?? []) {
      followed.push(...(await session.upsert(resource, more, { scope, ...rest })));
    }
  }
  return { mapped, written, followed, deactivateMissing: missing === 'deactivated' };
}

const outcomesOf = (outcomes: readonly HaloOutcome[]) => [...new Set(outcomes.map(({ outcome }) => outcome))];

describe('Pax8 into Halo', () => {
  it('writes companies with their main sites, then everything that hangs on them', async () => {
    const companies = await run('Customers', {}, true);
    expect(outcomesOf(companies.written)).toEqual(['created']);
    expect(outcomesOf(companies.followed)).toEqual(['created']);
    expect(companies.followed).toHaveLength(companies.written.length);
    for (const name of ['Contacts', 'Products', 'Subscriptions']) {
      const { mapped, written } = await run(name, {}, true);
      expect(mapped.filter((one) => 'quarantined' in one)).toEqual([]);
      expect(outcomesOf(written)).toEqual(['created']);
    }
    const again = await run('Customers', {}, true);
    expect(outcomesOf([...again.written, ...again.followed])).toEqual(['unchanged']);
    expect(outcomesOf((await run('Subscriptions', {}, true)).written)).toEqual(['unchanged']);
  });

  it('leaves inactive and deleted companies out unless Halo asks for them', async () => {
    expect((await run('Customers')).mapped).toHaveLength(11);
    const all = await run('Customers', { PA8ImportInactiveAndDeleted: true });
    expect(all.mapped).toHaveLength(12);
    expect(all.mapped.filter((one) => 'fields' in one && one.fields['inactive'] === true)).toEqual([]);
    sandbox.change('companies', 3, { status: 'Deleted' });
    sandbox.change('companies', 4, { status: 'Deleted', name: await demoClientName() });
    const { written, mapped } = await run('Customers', { PA8ImportInactiveAndDeleted: true }, true);
    expect(mapped.filter((one) => 'fields' in one && one.fields['inactive'] === true)).toHaveLength(2);
    const inactive = await database.read({
      from: 'AREA',
      columns: ['Aarea'],
      where: { column: 'AIsInactive', is: 'equal', value: true },
    });
    // One that Halo had before stays as active as the administrator left it.
    expect(inactive.map((row) => row['Aarea'])).toEqual([(written[3] as { id?: number }).id]);
  });

  it('leaves alone what Pax8 does not speak of, and empties what it gives as empty', async () => {
    await run('Customers', {}, true);
    await run('Contacts', {}, true);
    await run('Subscriptions', {}, true);
    sandbox.change('companies', 0, { phone: undefined, website: null, address: { street: 'Quay 1' } });
    sandbox.change('subscriptions', 0, { price: undefined, partnerCost: undefined, status: undefined, quantity: 2.75 });
    const [company] = (await run('Customers')).mapped;
    expect(company).toMatchObject({ fields: { website: null } });
    const [subscription] = (await run('Subscriptions')).mapped;
    for (const name of ['price', 'purchase_price', 'status', 'is_active'])
      expect(subscription).not.toHaveProperty(`fields.${name}`);
    expect(subscription).toMatchObject({ fields: { count: 2 } });
    expect(warnings).toContainEqual(expect.stringContaining('a fraction in their quantity'));
    const numbers = () =>
      database.read({
        from: 'SITE',
        columns: ['Ssitenum', 'SPhoneNumber'],
        orderBy: [{ column: 'Ssitenum' }],
      });
    const before = await numbers();
    await run('Customers', { PA8UpdateAddresses: true }, true);
    expect(await numbers()).toEqual(before);
  });

  it('takes a licence along when its subscription goes to another company', async () => {
    await run('Customers', {}, true);
    const written = (await run('Subscriptions', {}, true)).written;
    const [first, second] = written.map((one) => ('id' in one ? one.id : 0));
    const of = async (id = 0) =>
      (await api.listBy('SoftwareLicence', 'id', [id])).map(({ client_id, site_id }) => [client_id, site_id])[0];
    const [clientId] = (await of(first)) ?? [];
    const [site] = await api.listBy('Site', 'client_id', [Number(clientId)]);
    await using session = await database.session('test');
    await session.transaction((transaction) =>
      transaction.update(
        'Licence',
        { LSite: Number(site?.['id']) },
        { column: 'LID', is: 'in', values: [first!, second!] },
      ),
    );
    const companies = (await run('Customers')).mapped.flatMap((one) => one.third_party_id ?? []);
    sandbox.change('subscriptions', 0, { companyId: companies.at(-1), quantity: 9 });
    sandbox.change('subscriptions', 1, { companyId: companies[0], quantity: 9 });
    const [ownBefore] = [await of(second)];
    await run('Subscriptions', {}, true);
    const [movedTo, movedSite] = (await of(first)) ?? [];
    expect([movedTo === clientId, movedSite]).toEqual([false, 0]);
    expect((await of(second))?.[1]).toBe(ownBefore?.[0] === clientId ? Number(site?.['id']) : 0);
  });

  it('goes by the mapping of the connection itself, and by none that leads nowhere or goes by rules', async () => {
    const companies = (await run('Customers')).mapped.flatMap((one) => one.third_party_id ?? []);
    const connection = await connectionWith();
    const clients = (await database.read({ from: 'AREA', columns: ['Aarea'], limit: 2 })).map((row) =>
      Number(row['Aarea']),
    );
    const map = (company: string | undefined, client: number | undefined, more: Row = {}): Row => ({
      ISMHaloId: 0,
      ISMThirdPartyId: company ?? '',
      ISMThirdPartyName: 'a company',
      ISMMSid: connection.moduleId,
      ISMThirdPartyClientId: company ?? '',
      ISMHaloClientId: client ?? 0,
      ...more,
    });
    await using session = await database.session('test');
    await session.transaction(async (transaction) => {
      for (const row of [
        map(companies[0], clients[0], { ismdetailsid: connection.id, ismseq: 5 }),
        map(companies[0], clients[1], { ismseq: 9 }),
        map(companies[1], clients[0], { ismuserules: true }),
        map(companies[2], 98765),
      ])
        await transaction.insert('IntegrationSiteMapping', [row]);
      await transaction.insert('ExternalLink', [
        {
          ...{ ELTableId: 1, ELModuleId: connection.moduleId, ELDetailsId: connection.id },
          ...{ ELHaloId: 98766, ELThirdPartyId: companies[3] ?? '', ELIsPrimary: true },
        },
      ]);
    });
    const { mapped } = await run('Subscriptions');
    const clientsOf = new Set(mapped.map((one) => ('fields' in one ? one.fields['client_id'] : undefined)));
    expect([...clientsOf].filter(Boolean)).toEqual([clients[0]]);
    expect(warnings).toContainEqual(expect.stringContaining('98765'));
    expect(warnings).toContainEqual(expect.stringContaining('go by rules'));
    const { written, followed } = await run('Customers', {}, true);
    expect(outcomesOf([...written, ...followed]).filter((outcome) => outcome === 'rejected')).toEqual([]);
    expect(
      await api.linkedIds('Client', { module_id: connection.moduleId, details_id: connection.id }, companies),
    ).toHaveProperty('size', companies.length);
  });

  it('never guesses the client of a subscription', async () => {
    const { mapped } = await run('Subscriptions');
    expect(mapped).toHaveLength(60);
    for (const one of mapped) expect(one).toMatchObject({ reason: expect.stringContaining('has no client in Halo') });
  });

  it('takes the only client of exactly the name', async () => {
    const { content } = await firstCompany();
    sandbox.change('companies', 0, { name: await demoClientName() });
    const { mapped } = await run('Subscriptions');
    const matched = mapped.filter((one) => 'fields' in one);
    expect(matched.length).toBeGreaterThan(0);
    expect(new Set(matched.map((one) => one.fields['client_id'])).size).toBe(1);
    expect(content).toBeDefined();
  });

  it('maps what a subscription is worth, and reads the product’s name where Pax8 leaves it out', async () => {
    sandbox.change('companies', 0, { name: await demoClientName() });
    sandbox.change('subscriptions', 5, {
      companyId: (await firstCompany()).content?.third_party_id,
      quantity: 17,
      price: 12.5,
      partnerCost: 10,
      startDate: '2024-02-01',
      endDate: null,
      status: 'Cancelled',
      billingTerm: 'Annual',
      commitmentTerm: { term: '1-Year', endDate: '2025-02-01T00:00:00' },
    });
    sandbox.faults.withoutProductNames = true;
    const { mapped } = await run('Subscriptions');
    expect(mapped[5]).toMatchObject({
      fields: {
        name: expect.stringMatching(/\w+ \d+$/),
        count: 17,
        price: 12.5,
        purchase_price: 10,
        start_date: '2024-02-01T00:00:00.000Z',
        end_date: '2025-02-01T00:00:00.000Z',
        billing_cycle: 'Annual',
        term_duration: '1-Year',
        status: 'Cancelled',
        is_active: false,
        vendor: 'Pax8',
        distributor: 'Pax8',
        third_party_product: expect.stringMatching(/\w+ \d+$/),
        vendor_product_sku: expect.stringMatching(/^V-/),
      },
      third_party_secondary_id: 'VS-5',
    });
  });

  it('sets records aside that lack what cannot be made up', async () => {
    sandbox.change('subscriptions', 0, { id: null });
    sandbox.change('subscriptions', 1, { quantity: null });
    sandbox.change('subscriptions', 2, { startDate: null, billingStart: null, createdDate: 'soon' });
    sandbox.change('companies', 0, { name: ' ' });
    const reasons = (await run('Subscriptions')).mapped.slice(0, 3).map((one) => ('reason' in one ? one.reason : ''));
    expect(reasons[0]).toContain('no id');
    expect(reasons[1]).toContain('no quantity');
    expect(reasons[2]).toContain('no readable start date');
    expect((await run('Customers')).mapped[0]).toMatchObject({ reason: 'Pax8 gives no name for it.' });
  });

  it('deactivates missing licences only where Halo says so', async () => {
    expect((await run('Subscriptions', { pa8deactivatemissinglicenses: false })).deactivateMissing).toBe(false);
    expect((await run('Subscriptions', { pa8deactivatemissinglicenses: true })).deactivateMissing).toBe(true);
  });

  it('writes last sync and last error to Halo’s row', async () => {
    const connection = await connectionWith();
    const at = new Date('2026-05-01T10:00:00Z');
    const record = async (error: string) => {
      await using session = await api.write('test');
      await pax8.recordSync(connection, { at, error }, (...row) => session.updateSettingsRow(...row));
      return (await pax8.connections(api))[0];
    };
    expect(await record('The vendor is away.')).toMatchObject({ lastSync: at, lastError: 'The vendor is away.' });
    expect(await record('')).not.toHaveProperty('lastError');
  });

  it('probes with one small request', async () => {
    expect(await pax8.probe(contextOf(await connectionWith()))).toBe('Signed in to Pax8; it lists 12 companies.');
    expect(sandbox.requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });
});

async function firstCompany(): Promise<{ content: HaloRecord | undefined }> {
  const [first] = (await run('Customers')).mapped;
  return { content: first && 'fields' in first ? first : undefined };
}

async function demoClientName(): Promise<string> {
  const [row] = await database.read({ from: 'AREA', columns: ['aareadesc'], limit: 1 });
  return String(row?.['aareadesc']);
}
