import type { Clock } from '../../environment.ts';
import type { Database, Row } from '../database.ts';
import { agents, clients, items, people, siteNames } from './demo-organisation.ts';

/** Demo data only: in a real Halo this number is looked up by the module's name. */
const demoModuleId = 1;

/** Fills an empty database with a small believable organisation; one that has clients already is left alone. */
export async function fillDemoContent(database: Database, clock: Clock): Promise<void> {
  if ((await database.count('AREA')) > 0) return;
  const now = clock.now();
  await using session = await database.session('demo content');
  await session.transaction(async (transaction) => {
    await transaction.insert('CHANGESEQ', [
      {
        id: 1,
        lastseq: 1,
        area: 1,
        site: 1,
        users: 1,
        uname: 1,
        item: 1,
        company: 1,
        lookup: 1,
        faults: 1,
        actions: 1,
      },
    ]);
    await transaction.insert('MODULESETUP', [
      { MSid: demoModuleId, MSName: 'Pax8', MSActualName: 'Pax8', MSHaloIntegratorEnabled: true },
    ]);
    await transaction.insert('Pax8Details', [
      {
        PA8Name: 'Pax8',
        PA8IntegratorEnabled: true,
        PA8TopLevel: 1,
        pa8importproducts: 1,
        pa8defaultitemgroup: 1,
        pa8deactivatemissinglicenses: true,
      },
    ]);
    await transaction.insert('TREE', [{ Treeid: 1, TreeDesc: 'Customers' }]);
    await transaction.insert(
      'UNAME',
      agents.map(([first, last], at) => ({
        Unum: at + 1,
        uname: `${first} ${last}`,
        ufirstname: first,
        ulastname: last,
        usmtp: `${first}.${last}@msp.example`.toLowerCase(),
      })),
    );
    await transaction.insert('COMPANY', [{ Cnum: 1, cdesc: 'Pax8', cwebsite: 'https://www.pax8.com' }]);
    await transaction.insert('GENERIC', [{ Ggeneric: 1, gdesc: 'Cloud subscriptions', gshowasitem: true }]);
    await transaction.insert(
      'ITEM',
      items.map(([idesc, Ibaseprice, ICostPrice], at) => ({
        Iid: at + 1,
        idesc,
        Igeneric: 1,
        Isupplier: 1,
        Ibaseprice,
        ICostPrice,
        IIsRecurringItem: true,
      })),
    );
    await transaction.insert('AREA', clientRows(now));
    const sites = siteRows(now);
    await transaction.insert('SITE', sites);
    await transaction.insert('USERS', userRows(sites, now));
  });
}

function clientRows(now: Date): Row[] {
  return clients.map(([name, domain], at) => ({
    Aarea: at + 1,
    aareadesc: name,
    Atreeid: 1,
    AWebsite: `https://www.${domain}`,
    adatecreated: now,
    ALastUpdate: now,
  }));
}

function siteRows(now: Date): (Row & { readonly Ssitenum: number; readonly Sarea: number })[] {
  return clients.flatMap(([, , sites], client) =>
    siteNames.slice(0, sites).map((sdesc, at) => ({
      Ssitenum: client * siteNames.length + at + 1,
      sdesc,
      Sarea: client + 1,
      sdatecreated: now,
      SLastUpdate: now,
    })),
  );
}

function userRows(sites: ReturnType<typeof siteRows>, now: Date): Row[] {
  return sites.flatMap(({ Ssitenum, Sarea }, site) =>
    [0, 1].map((place) => {
      const [first, last] = people[(site * 2 + place) % people.length] ?? ['Sam', 'Reed'];
      return {
        Uid: site * 2 + place + 1,
        uusername: `${first} ${last}`,
        uFirstName: first,
        uLastName: last,
        uemail: `${first}.${last}@${clients[Sarea - 1]?.[1] ?? 'example.com'}`.toLowerCase(),
        Usite: Ssitenum,
        uarea: Sarea,
        udatecreated: now,
        ULastUpdate: now,
      };
    }),
  );
}
