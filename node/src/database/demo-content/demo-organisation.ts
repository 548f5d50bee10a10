/** The demo's clients: name, domain, how many sites. */
export const clients: readonly (readonly [name: string, domain: string, sites: number])[] = [
  ['Alder & Finch Solicitors', 'alderfinch.example', 1],
  ['Brightwater Dental Group', 'brightwaterdental.example', 3],
  ['Calder Valley Brewing', 'caldervalleybrewing.example', 1],
  ['Dunmore Logistics', 'dunmorelogistics.example', 2],
  ['Eastgate Primary Academy', 'eastgateacademy.example', 1],
  ['Fenwick Architects', 'fenwickarchitects.example', 1],
  ['Greenlane Veterinary Centre', 'greenlanevets.example', 2],
  ['Harbour Light Hotels', 'harbourlight.example', 3],
];

/** Names of a client's sites, the first one first. */
export const siteNames: readonly string[] = ['Main', 'North branch', 'Harbour branch'];

/** The agents of the service desk. */
export const agents: readonly (readonly [first: string, last: string])[] = [
  ['Priya', 'Nair'],
  ['Tom', 'Whitfield'],
  ['Lena', 'Okafor'],
];

/** People who work at the clients' sites. */
export const people: readonly (readonly [first: string, last: string])[] = [
  ['Amelia', 'Hart'],
  ['Ben', 'Osei'],
  ['Carys', 'Morgan'],
  ['Daniel', 'Petrov'],
  ['Esther', 'Lund'],
  ['Farid', 'Rahman'],
  ['Grace', 'Tully'],
  ['Hugo', 'Marsh'],
  ['Ines', 'Costa'],
  ['Jack', 'Byrne'],
  ['Keiko', 'Tanaka'],
  ['Liam', 'Frost'],
  ['Mona', 'Adeyemi'],
];

/** Items sold: description, price, cost. */
export const items: readonly (readonly [description: string, price: number, cost: number])[] = [
  ['Microsoft 365 Business Premium', 18.1, 15.39],
  ['Microsoft 365 Business Standard', 10.3, 8.76],
  ['Endpoint backup, per device', 6.5, 4.2],
  ['Mail security, per mailbox', 2.4, 1.5],
];
