import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { users, type UserRecord } from '../../../node/src/integrations/kit/kinds/users.ts';
import { kindInstance, link, mapped, type KindInstance } from './kind-instance.ts';

const jane: UserRecord = { id: 'u1', name: 'Jane Roe', email: 'jane@acme.example', site: 's4', login: 'jroe' };
const columns = ['Uid', 'uusername', 'Usite', 'uemail', 'ulogin', 'uinactive', 'uoktaid', 'uextn'];
let halo: KindInstance;

beforeEach(async () => {
  halo = await kindInstance();
  // Sites 4 to 6 are client 2's, site 1 is the only one of client 1.
  await halo.insert('ExternalLink', link('Site', 4, 's4'), link('Client', 1, 'c1'));
});
afterEach(async () => halo[Symbol.asyncDispose]());

const named = (name: string) => halo.rows('USERS', columns, 'uusername', name);

describe('users', () => {
  it('are made at the site of their place, which stays theirs, as their login does', async () => {
    expect((await halo.bring(users(), [jane])).outcomes).toMatchObject([{ outcome: 'created' }]);
    expect(await named('Jane Roe')).toMatchObject([{ Usite: 4, uemail: 'jane@acme.example' }]);
    const moved = { ...jane, site: undefined, client: 'c1', login: 'other', email: 'jane@new.example' };
    expect((await halo.bring(users(), [moved])).outcomes).toMatchObject([{ outcome: 'updated' }]);
    expect(await named('Jane Roe')).toMatchObject([{ Usite: 4, uemail: 'jane@new.example' }]);
    expect((await halo.bring(users(), [moved])).outcomes).toMatchObject([{ outcome: 'unchanged' }]);
    await halo.bring(users({ moves: () => true }), [moved]);
    expect(await named('Jane Roe')).toMatchObject([{ Usite: 1 }]);
  });

  it('are found by the address at their site, then by the name there, and in no other', async () => {
    await halo.insert(
      'USERS',
      { Uid: 901, uusername: 'J. Roe', Usite: 4, uemail: 'JANE@acme.example' },
      { Uid: 902, uusername: 'Jane Roe', Usite: 5, uemail: '' },
      { Uid: 903, uusername: 'Sam Reed', Usite: 4, uemail: '' },
    );
    const sam = { id: 'u2', firstname: 'Sam', surname: 'Reed', site: 's4' };
    const { outcomes } = await halo.bring(users(), [jane, sam]);
    expect(outcomes).toMatchObject([
      { outcome: 'updated', id: 901 },
      { outcome: 'updated', id: 903 },
    ]);
    expect(await halo.rows('USERS', columns, 'Uid', 902)).toMatchObject([{ uemail: '' }]);
  });

  it('are set aside by name where nothing places them or names them, and those who left are not made', async () => {
    const nowhere = { id: 'u3', email: 'no@acme.example' };
    const { reasons, outcomes } = await halo.bring(users(), [nowhere, { id: 'u4', site: 's4' }]);
    expect(reasons).toEqual([expect.stringContaining('no default site'), expect.stringContaining('neither a name')]);
    expect(outcomes).toEqual([]);
    const left = { id: 'u5', name: 'Gone', updateOnly: true };
    expect((await halo.bring(users(), [left])).outcomes).toMatchObject([{ outcome: 'skipped' }]);
    const placed = await halo.bring(users({ defaultSite: () => 5 }), [nowhere]);
    expect(placed.outcomes).toMatchObject([{ outcome: 'created' }]);
    expect(await named('no@acme.example')).toMatchObject([{ Usite: 5 }]);
  });

  it('of which only new ones are brought are those whose id Halo has in no spelling', async () => {
    await halo.insert('USERS', { Uid: 905, uusername: 'Kept', Usite: 4, uoktaid: '00U1AbC' });
    const one = { id: '00u1aBc', name: 'Not kept', site: 's4', newOnly: true };
    const { outcomes } = await halo.bring(users({ ownIdField: 'oktaid' }), [one, { ...one, id: '00u2', name: 'New' }]);
    expect(outcomes).toMatchObject([{ id: 905 }, { outcome: 'created' }]);
    expect(await halo.rows('USERS', columns, 'Uid', 905)).toMatchObject([{ uusername: 'Kept' }]);
    expect(await named('New')).toHaveLength(1);
  });

  it('keep what the vendor does not say, and lose what it says is empty', async () => {
    await halo.bring(users(), [{ ...jane, phone: '123' }]);
    await halo.bring(users(), [jane]);
    expect(await named('Jane Roe')).toMatchObject([{ uextn: '123' }]);
    await halo.bring(users(), [{ ...jane, phone: ' ' }]);
    expect((await named('Jane Roe'))[0]?.['uextn'] ?? '').toBe('');
  });

  it('are switched off and on again only where the connection asks for it', async () => {
    const [off, on] = [users(), users({ deactivates: () => true })];
    expect((await halo.bring(off, [jane])).run.missing).toBe('left');
    await halo.bring(off, [{ ...jane, inactive: true }]);
    expect(await named('Jane Roe')).toMatchObject([{ uinactive: false }]);
    expect((await halo.bring(on, [{ ...jane, inactive: true }])).run.missing).toBe('deactivated');
    expect(await named('Jane Roe')).toMatchObject([{ uinactive: true }]);
    await halo.bring(on, [{ ...jane, inactive: false }]);
    expect(await named('Jane Roe')).toMatchObject([{ uinactive: false }]);
  });

  it('are found by the vendor’s own id before all, and one who has another is somebody else', async () => {
    const kind = users({ ownIdField: 'oktaid', matchFields: [['emailaddress']] });
    await halo.insert(
      'USERS',
      { Uid: 901, uusername: 'By id', Usite: 5, uemail: '', UOktaId: 'u1' },
      { Uid: 902, uusername: 'Another', Usite: 4, uemail: 'sam@acme.example', UOktaId: 'other' },
    );
    const sam = { id: 'u2', name: 'Sam', email: 'sam@acme.example', site: 's4' };
    const { outcomes } = await halo.bring(kind, [jane, sam]);
    expect(outcomes).toMatchObject([{ outcome: 'updated', id: 901 }, { outcome: 'created' }]);
    expect(await halo.rows('USERS', ['uusername', 'Usite'], 'Uid', 901)).toEqual([{ uusername: 'Jane Roe', Usite: 5 }]);
  });

  it('who leave are set inactive by their id alone, and of those removed no link is made', async () => {
    const kind = users({ ownIdField: 'oktaid', deactivates: () => true });
    await halo.insert(
      'USERS',
      { Uid: 901, uusername: 'A', Usite: 4, UOktaId: 'u1' },
      { Uid: 902, uusername: 'B', Usite: 4, UOktaId: 'u2' },
    );
    const { outcomes } = await halo.bring(kind, [
      { id: 'u1', name: 'Renamed', leaves: 'inactive' },
      { id: 'u2', leaves: 'removed' },
      { id: 'u3', leaves: 'removed' },
    ]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['updated', 'updated', 'skipped']);
    const found = await halo.database.read({
      from: 'USERS',
      columns: ['Uid', 'uusername', 'uinactive'],
      where: { column: 'Uid', is: 'in', values: [901, 902] },
      orderBy: [{ column: 'Uid' }],
    });
    expect(found).toEqual([
      { Uid: 901, uusername: 'A', uinactive: true },
      { Uid: 902, uusername: 'B', uinactive: true },
    ]);
    expect(await halo.rows('ExternalLink', ['ELHaloId'], 'ELThirdPartyId', 'u1')).toEqual([{ ELHaloId: 901 }]);
    expect(await halo.rows('ExternalLink', ['ELHaloId'], 'ELThirdPartyId', 'u2')).toEqual([]);
  });

  it('go where Halo’s own rows say, whatever the vendor does', async () => {
    const told = { ...jane, found: { site_id: 6 } };
    const nowhere = { ...jane, id: 'u2', name: 'Nowhere', found: { unmatched: 'Halo says no site.' } };
    const { reasons } = await halo.bring(users(), [told, nowhere]);
    expect(await named('Jane Roe')).toMatchObject([{ Usite: 6 }]);
    expect(reasons).toEqual([undefined, 'Halo says no site.']);
  });
});

describe('users of several customers by one connection', () => {
  const kind = users({
    ownIdField: 'azureoid',
    matchFields: [['samaccountname'], ['emailaddress']],
    customers: {
      tenantField: 'azure_tenant_id',
      tenants: [
        { id: 'A', clientIds: [1] },
        { id: 'B', clientIds: [3] },
      ],
    },
  });
  const account = (id: string, tenant: string, more: Partial<UserRecord> = {}): UserRecord => ({
    ...{ id, name: id, tenant, found: { site_id: tenant === 'A' ? 1 : 7 }, clients: tenant === 'A' ? [1] : [3] },
    ...more,
  });

  it('are looked for among those of their own client and tenant', async () => {
    await halo.insert(
      'USERS',
      { Uid: 901, uusername: 'Ann', Usite: 1, USamAccountName: 'jsmith' },
      { Uid: 902, uusername: 'Bob', Usite: 7, USamAccountName: 'JSMITH' },
      { Uid: 903, uusername: 'Cy', Usite: 4, USamAccountName: 'cy', UAzureTenantId: 'B' },
    );
    const own = (name: string) => ({ own: { samaccountname: name } });
    const { outcomes } = await halo.bring(kind, [
      account('b1', 'B', own('jsmith')),
      account('b2', 'B', own('cy')),
      account('a1', 'A', own('cy')),
    ]);
    expect(outcomes).toMatchObject([
      { outcome: 'updated', id: 902 },
      { outcome: 'updated', id: 903 },
      { outcome: 'created' },
    ]);
  });

  it('are set aside where another client’s user has the address, unless they would not be made anyway', async () => {
    await halo.insert('USERS', { Uid: 901, uusername: 'Ann', Usite: 1, uemail: 'shared@acme.example' });
    const shared = { email: 'Shared@acme.example' };
    const { reasons } = await halo.bring(kind, [
      account('b1', 'B', shared),
      account('b2', 'B', { ...shared, updateOnly: true }),
    ]);
    expect(reasons).toEqual([expect.stringContaining('The user 901 in Halo has its emailaddress'), undefined]);
  });

  it('are guessed between by nobody, and one that is linked is looked for by nothing else', async () => {
    await halo.insert(
      'USERS',
      { Uid: 901, uusername: 'Ann', Usite: 1, uemail: 'twice@acme.example' },
      { Uid: 902, uusername: 'Ann B', Usite: 1, uemail: 'twice@acme.example' },
      { Uid: 903, uusername: 'Linked', Usite: 4 },
    );
    await halo.insert('ExternalLink', link('Users', 903, 'a2'));
    const twice = { email: 'twice@acme.example' };
    const { reasons, outcomes } = await halo.bring(kind, [account('a1', 'A', twice), account('a2', 'A', twice)]);
    expect(reasons).toEqual(['2 users in Halo have its emailaddress.', undefined]);
    expect(outcomes).toMatchObject([{ outcome: 'updated', id: 903 }]);
  });

  it('are not those of the clients of other tenants where nothing names their own', async () => {
    await halo.insert(
      'USERS',
      { Uid: 901, uusername: 'Of B', Usite: 7, uemail: 'x@acme.example' },
      { Uid: 902, uusername: 'Of nobody', Usite: 4, uemail: 'y@acme.example' },
    );
    const { outcomes } = await halo.bring(kind, [
      account('a1', 'A', { email: 'y@acme.example', clients: undefined }),
      account('a2', 'A', { email: 'z@acme.example', clients: undefined }),
    ]);
    expect(outcomes).toMatchObject([{ outcome: 'updated', id: 902 }, { outcome: 'created' }]);
  });
});

it('users of a client that is mapped to a site are at that site', async () => {
  await halo.insert('IntegrationSiteMapping', mapped('c9', 2, { vendor: '', halo: 5 }));
  await halo.bring(users(), [{ id: 'u9', name: 'Mapped', client: 'c9' }]);
  expect(await named('Mapped')).toMatchObject([{ Usite: 5 }]);
});
