import { describe, expect, it } from '@jest/globals';
import { jsonFault } from '../../../node/src/config/json-fault.ts';
import { inOwnSpelling } from '../../../node/src/config/own-spelling.ts';
import { schemaOf } from '../../../node/src/config/settings-validator.ts';
import { faultsIn } from '../../../node/src/config/validate-settings.ts';
import { nearestName } from '../../../node/src/errors/did-you-mean.ts';
import { entraSignInAdvice } from '../../../node/src/errors/entra-sign-in.ts';
import { reportOf } from '../../../node/src/errors/integrator-error.ts';
import { integrations } from '../../../node/src/integrations/registry.ts';

const database = { Server: 'sql01', Name: 'Halo', Username: 'a', Password: 'geheim' };
const content = (changes: object): object => ({
  HaloUrl: 'https://halo.example.com',
  Database: database,
  ...changes,
});
const said = (changes: object): string => JSON.stringify(faultsIn(content(changes), integrations));

describe('a fault of the settings leads to its fix', () => {
  it.each([
    ['sql01:1433', 'sql01,1433'],
    ['tcp:sql01:1433', 'sql01,1433'],
    ['sql01/HALO', 'sql01\\\\HALO'],
    ['\\\\sql01\\HALO', 'one backslash'],
    ['(localdb)\\MSSQLLocalDB', 'LocalDB'],
    ['np:\\\\sql01\\pipe\\sql\\query', 'TCP/IP'],
    ['https://sql01/', 'sql01'],
  ])('of the server %s', (Server, fix) => {
    expect(said({ Database: { ...database, Server } })).toContain(fix);
  });

  it('takes a connection string for one, and quotes nothing of it', () => {
    const text = said({ Database: { ...database, Server: 'Data Source=sql01;Password=hunter22' } });
    expect(text).toMatch(/Database.Name/);
    expect(text).not.toContain('hunter22');
  });

  it.each(['sql01', 'sql01\\HALO', 'sql01,1433', 'tcp:sql01,1433', '.\\SQLEXPRESS', '(local)'])(
    'has none for %s',
    (Server) => {
      expect(said({ Database: { ...database, Server } })).toBe('[]');
    },
  );

  it.each([
    [{ HaloUrl: 'halo.example.com' }, 'https://halo.example.com'],
    [{ HaloUrl: 'https://halo.example.com/api' }, 'which the engine adds itself'],
    [
      { Integrations: { Pax8: { Settings: { BaseUrl: 'https://api.pax8.com/v1' } } } },
      'give it as https://api.pax8.com"',
    ],
    [{ Integrations: { EntraId: { Settings: { FilterTypes: ['1=includes'] } } } }, 'contains'],
    [{ Integrations: { EntraId: { Settings: { GroupIds: ['Sales=abc'] } } } }, 'object id'],
    [{ Integrations: { Pax8: { Entities: { Subs: true } } } }, 'did you mean Subscriptions'],
    [{ Database: { ...database, Server: 'sql01\new' } }, 'write each backslash twice'],
  ])('of %j', (changes, fix) => {
    expect(said(changes)).toContain(fix);
  });

  it.each([
    ['{\n "a": "sql01\\HALO"\n}', /line 2, column 13.*backslash twice/],
    ['{\n \u201ca\u201d: 1,\n "b": 2\n}', /line 2, column 2.*straight quotes/],
    ['{\n "a": 1\n "b": 2\n}', /line 3.*comma/],
    ['{ "a": True }', /true, false or null/],
    ["{ 'a': 1 }", /double quotes/],
    ['{ "a": 1', /brace/],
  ])('of the JSON %j', (text, words) => {
    const { problem, fix } = jsonFault(text);
    expect(`${problem} ${fix}`).toMatch(words);
  });
});

it('keys are read in any case, and two spellings of one are told', () => {
  const schema = schemaOf(integrations);
  const spelled = inOwnSpelling({ haloUrl: 'x', database: { SERVER: 'y' }, logging: { level: 'Info' } }, schema);
  expect(spelled).toEqual({
    content: { HaloUrl: 'x', Database: { Server: 'y' }, Logging: { Level: 'info' } },
    twice: [],
  });
  expect(inOwnSpelling({ haloUrl: 'x', HaloUrl: 'y' }, schema).twice).toEqual(['HaloUrl']);
});

it('short forms and slips find their name, and nothing like it finds none', () => {
  const known = ['Customers', 'Contacts', 'Products', 'Subscriptions'];
  expect(nearestName('Subs', known)).toBe('Subscriptions');
  expect(nearestName('synk', ['sync', 'test'])).toBe('sync');
  expect(nearestName('Zebra', known)).toBeUndefined();
});

it('codes of a sign-in and of the system come in words', () => {
  expect(entraSignInAdvice('AADSTS90002: Tenant not found.')).toContain('tenant id');
  expect(entraSignInAdvice('no')).toBeUndefined();
  const missing = Object.assign(new Error("ENOENT: no such file or directory, open '/x'"), {
    code: 'ENOENT',
    path: '/x',
  });
  expect(reportOf(missing).message).toBe('/x: it is not there.');
});
