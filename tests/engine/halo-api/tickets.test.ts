import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Database } from '../../../node/src/database/database.ts';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import { createHaloApi } from '../../../node/src/halo-api/embedded-halo-api.ts';
import type { HaloApi, HaloRecord } from '../../../node/src/halo-api/halo-api.ts';
import { haloTestDatabase, type HaloTestDatabase } from '../halo-database.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';

describe('Tickets and their actions in the built-in API', () => {
  let folder: string;
  let made: HaloTestDatabase;
  let database: Database;
  let api: HaloApi;

  beforeEach(async () => {
    const { clock } = systemEnvironment(tmpdir());
    folder = await fs.mkdtemp(join(tmpdir(), 'halo-tickets-'));
    made = await haloTestDatabase(folder, clock);
    database = made.database;
    await fillDemoContent(database, clock);
    api = createHaloApi({ database, clock, settings: {}, author: 'test', warn: () => undefined });
  });

  afterEach(async () => {
    await made.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  async function write(resource: string, ...fields: HaloRecord['fields'][]) {
    await using session = await api.write('test');
    return await session.upsert(
      resource,
      fields.map((one) => ({ fields: one })),
    );
  }

  it('writes statuses, types, teams and mailboxes under the next free number', async () => {
    for (const [resource, fields] of [
      ['Status', { name: 'New', sequence: 1 }],
      ['TicketType', { name: 'Incident', initial_status: 1, default_sla: 1, default_priority: 4 }],
      ['Team', { name: 'First line' }],
      ['Mailbox', { name: 'Support', server: 'mail.example.com', enabled: true }],
    ] as const) {
      expect(await write(resource, fields)).toEqual([{ outcome: 'created', id: 1 }]);
      expect(await api.request('GET', `/${resource}/1`)).toMatchObject({ id: 1, ...fields });
      expect(await api.list(resource)).toHaveLength(1);
      expect(await write(resource, { id: 1, ...fields })).toEqual([{ outcome: 'unchanged', id: 1 }]);
    }
  });

  it('writes a ticket with the names of its type, client and site, and lists it by them', async () => {
    await write('Status', { name: 'New' });
    await write('TicketType', { name: 'Incident' });
    const [ticket] = await write('Tickets', {
      summary: 'Printer on fire',
      user_name: 'Ben Osei',
      status_id: 1,
      tickettype_id: 1,
      client_id: 1,
      site_id: 1,
    });
    expect(ticket).toEqual({ outcome: 'created', id: 1 });
    expect(await api.get('Tickets', 1)).toMatchObject({
      summary: 'Printer on fire',
      status_name: 'New',
      tickettype_name: 'Incident',
      client_name: 'Alder & Finch Solicitors',
      site_name: 'Main',
      last_update: expect.any(Date),
    });
    const listed = (await api.request('GET', '/Tickets?client_id=1&search=printer')) as { record_count: number };
    expect(listed.record_count).toBe(1);
    expect(await write('Tickets', { summary: 'Nobody asked' })).toEqual([
      { outcome: 'rejected', reason: 'a new Tickets needs user_name' },
    ]);
  });

  it('numbers actions within their ticket, changes one by ticket and number, and invents none', async () => {
    await write('Tickets', { user_name: 'Ben Osei' }, { user_name: 'Carys Morgan' });
    const outcomes = await write(
      'Actions',
      { ticket_id: 1, note: 'first' },
      { ticket_id: 1, note: 'second' },
      { ticket_id: 2, note: 'of another ticket' },
    );
    expect(outcomes.map((one) => 'id' in one && one.id)).toEqual([1, 2, 1]);
    const clock = await database.read({ from: 'CHANGESEQ', columns: ['actions'] });
    expect(await write('Actions', { ticket_id: 1, id: 2, note: 'second' })).toEqual([{ outcome: 'unchanged', id: 2 }]);
    expect(await database.read({ from: 'CHANGESEQ', columns: ['actions'] })).toEqual(clock);
    expect(await write('Actions', { ticket_id: 1, id: 2, note: 'corrected' })).toEqual([{ outcome: 'updated', id: 2 }]);
    expect(await api.request('GET', '/Actions/2?ticket_id=1')).toMatchObject({
      id: 2,
      ticket_id: 1,
      note: 'corrected',
    });
    expect(await api.request('GET', '/Actions?ticket_id=1')).toMatchObject({ record_count: 2 });
    expect(await write('Actions', { ticket_id: 2, id: 9, note: 'x' }, { note: 'of no ticket' })).toMatchObject([
      { outcome: 'rejected' },
      { outcome: 'rejected' },
    ]);
    expect(await database.count('ACTIONS')).toBe(3);
  });

  it('asks for the ticket of an action, as its number alone says nothing', async () => {
    await expect(api.request('GET', '/Actions/1')).rejects.toMatchObject({ code: 'ParameterValue' });
  });
});
