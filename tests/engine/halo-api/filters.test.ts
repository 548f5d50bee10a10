import { describe, expect, it } from '@jest/globals';
import { haloInstance } from './halo-instance.ts';

describe('Parameters of the built-in API', () => {
  it('take dates of ISO 8601 in UTC, and no others', async () => {
    await using instance = await haloInstance();
    const api = instance.api();
    await using session = await api.write('test');
    await session.upsert('Tickets', [
      { fields: { summary: 'x', user_name: 'ann', status_id: 1, dateoccurred: '2026-01-31T00:30:00' } },
    ]);
    const found = async (startdate: string) =>
      ((await api.list('Tickets', { startdate, datesearch: 'dateoccurred' })) as { record_count: number }).record_count;
    for (const date of ['2026-01-31', '2026-01-31T00:30', '2026-01-31 00:30:00.0000000', '2026-01-31T01:30:00+0100'])
      expect([date, await found(date)]).toEqual([date, 1]);
    expect(await found('2026-01-31T00:31:00')).toBe(0);
    for (const date of ['5', 'hello 2001', '2026-02-31', '2026-13-01', '2026-01-31T25:00:00', '31/01/2026'])
      await expect(found(date)).rejects.toMatchObject({ code: 'ParameterValue' });
  });

  it('are numbers that Halo’s columns can hold, and names in any case', async () => {
    await using instance = await haloInstance();
    const api = instance.api();
    const queries: readonly Record<string, string>[] = [
      { pageinate: 'true', page_size: '99999999999999999999' },
      { count: '2147483648' },
      { toplevel_id: '99999999999' },
    ];
    for (const query of queries)
      await expect(api.list('Client', query)).rejects.toMatchObject({ code: 'ParameterValue' });
    expect(await api.request('GET', '/API/Client?ORDER=Name&Count=1')).toMatchObject({
      record_count: 8,
      clients: [{ name: 'Alder & Finch Solicitors' }],
    });
    expect(await api.list('Client', { search: '\0nobody is called this' })).toMatchObject({ record_count: 0 });
  });

  it('count a file once for each action it hangs on, as the rows do', async () => {
    await using instance = await haloInstance();
    await using session = await instance.database.session('test');
    await session.transaction(async (transaction) => {
      await transaction.insert(
        'ATTACHMENT',
        [1, 2].map((ATid) => ({ ATid, ATFilename: `${ATid}.txt` })),
      );
      const links = [
        [1, 1],
        [1, 2],
        [2, 2],
      ].map(([AAATID = 0, AAActionNumber = 0], at) => ({
        AAid: at + 1,
        AAATID,
        AAfaultid: 1,
        AAActionNumber,
      }));
      await transaction.insert('ATTACHMENTACTION', links);
    });
    const api = instance.api();
    const pages: unknown[] = [];
    for (const page_no of ['1', '2', '3']) {
      const page = await api.list('Attachment', { pageinate: 'true', page_size: '1', page_no });
      expect(page).toMatchObject({ record_count: 3 });
      pages.push(...(page as unknown as { attachments: { id: number; action_id: number }[] }).attachments);
    }
    expect(pages).toEqual(((await api.list('Attachment')) as unknown as { attachments: unknown }).attachments);
  });
});

describe('Filters of the built-in API', () => {
  it('lists tickets, actions and what stands behind them by Halo’s own filters', async () => {
    await using instance = await haloInstance();
    const api = instance.api();
    await using session = await api.write('test');
    const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T12:00:00Z`;
    await session.upsert('Tickets', [
      { fields: { summary: 'Printer', user_name: 'ann', status_id: 1, dateoccurred: at(1), category_1: 'Hardware' } },
      { fields: { summary: 'Mail', details: 'the printer too', user_name: 'ben', status_id: 9, dateoccurred: at(2) } },
      {
        fields: {
          summary: 'Phone',
          user_name: 'ann',
          status_id: 2,
          dateoccurred: at(3),
          dateclosed: at(4),
          client_id: 2,
        },
      },
      {
        fields: {
          summary: 'Old',
          user_name: 'cy',
          status_id: 2,
          dateoccurred: at(30),
          dateclosed: '1900-01-01T00:00:00Z',
          client_id: 3,
        },
      },
    ]);
    const ids = async (path: string) => {
      const { tickets } = (await api.request('GET', `/Tickets?${path}`)) as { tickets: { id: number }[] };
      return tickets.map(({ id }) => id);
    };
    expect(await ids('open_only=true')).toEqual([1, 4]);
    expect(await ids('closed_only=true')).toEqual([2, 3]);
    expect(await ids('open_only=false')).toEqual([1, 2, 3, 4]);
    expect(await ids('search_summary=print')).toEqual([1]);
    expect(await ids('search_details=printer')).toEqual([2]);
    expect(await ids('username=ANN&order=dateoccurred&orderdesc=true')).toEqual([3, 1]);
    expect(await ids('order=user_name&order2=dateoccurred&orderdesc2=true')).toEqual([3, 1, 2, 4]);
    expect(await ids('ticketids=2,%204,77')).toEqual([2, 4]);
    expect(await ids('excludethese=1,2')).toEqual([3, 4]);
    expect(await ids('client_ids=2,3')).toEqual([3, 4]);
    expect(await ids('category_1=hardware')).toEqual([1]);
    expect(await ids('startdate=2026-11-02&enddate=2026-11-03')).toEqual([2, 3]);
    expect(await ids('startdate=2026-11-04&datesearch=dateclosed')).toEqual([3]);
    expect(await ids('startdate=2026-11-04&datesearch=datecleared')).toEqual([3]);
    expect(
      Object.keys(((await api.request('GET', '/Tickets?ticketidonly=true')) as { tickets: object[] }).tickets[0] ?? {}),
    ).toEqual(['id']);
    await expect(api.request('GET', '/Tickets?ticketids=1,x')).rejects.toMatchObject({ code: 'ParameterValue' });
    await expect(api.request('GET', '/Tickets?order=details')).rejects.toMatchObject({ code: 'ParameterValue' });
    await expect(api.request('GET', '/Tickets?datesearch=tomorrow')).rejects.toMatchObject({ code: 'ParameterValue' });
    await expect(api.request('GET', '/Tickets?open_onyl=true')).rejects.toMatchObject({
      code: 'UnknownParameter',
      advice: 'Did you mean "open_only"?',
    });
    await expect(api.request('GET', '/Tickets/1?includedetails=true')).resolves.toMatchObject({ summary: 'Printer' });
    await expect(api.request('GET', '/Tickets/1?includedetials=true')).rejects.toMatchObject({
      code: 'UnknownParameter',
    });

    await session.upsert('Actions', [
      { fields: { ticket_id: 1, note: 'by ann', outcome: 'Email Updated' } },
      { fields: { ticket_id: 1, note: 'by an agent', who_agentid: 4, hiddenfromuser: true, important: true } },
    ]);
    const notes = async (path: string) => {
      const { actions } = (await api.request('GET', `/Actions?ticket_id=1&${path}`)) as { actions: { note: string }[] };
      return actions.map(({ note }) => note);
    };
    expect(await notes('agentonly=true')).toEqual(['by an agent']);
    expect(await notes('excludeprivate=true')).toEqual(['by ann']);
    expect(await notes('importantonly=1')).toEqual(['by an agent']);
    expect(await notes('actoutcome=email%20updated')).toEqual(['by ann']);
    expect(await notes('enddate=2000-01-01')).toEqual([]);
  });

  it('lists teams, agents, types and mailboxes by Halo’s own filters', async () => {
    await using instance = await haloInstance();
    const api = instance.api();
    await using session = await api.write('test');
    await session.upsert('Team', [
      { fields: { name: 'Desk', department_id: 3 } },
      { fields: { name: 'Gone', inactive: true } },
    ]);
    const names = async (path: string) =>
      ((await api.request('GET', path)) as { id: number; name: string }[]).map(({ name }) => name);
    const teams = await names('/Team');
    expect(teams).toContain('Desk');
    expect(teams).not.toContain('Gone');
    expect(await names('/Team?includedisabled=true')).toEqual(expect.arrayContaining(['Desk', 'Gone']));
    expect(await names('/Team?includeinactive=true&includeactive=false')).toEqual(['Gone']);
    expect(await names('/Team?department_id=3')).toEqual(['Desk']);
    await session.upsert('TicketType', [
      { fields: { name: 'Seen', agentscanselect: true, enduserscanselect: false } },
      { fields: { name: 'Unseen', agentscanselect: false, enduserscanselect: true } },
    ]);
    expect(await names('/TicketType?canagentsselect=false')).toContain('Unseen');
    expect(await names('/TicketType?canagentsselect=false')).not.toContain('Seen');
    expect(await names('/TicketType?canusercreate=true')).not.toContain('Seen');
    await session.upsert('Mailbox', [{ fields: { name: 'Sales', restrictto_team_id: 7 } }]);
    expect(await names('/Mailbox?team_id=7')).toEqual(['Sales']);
    const agents = await names('/Agent?includedisabled=true');
    expect(agents.length).toBeGreaterThanOrEqual((await names('/Agent')).length);
  });
});
