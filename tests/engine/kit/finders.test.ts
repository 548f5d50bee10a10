import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createOwnerFinder } from '../../../node/src/integrations/kit/kinds/assets/owner-finder.ts';
import { createTypeFinder } from '../../../node/src/integrations/kit/kinds/assets/type-finder.ts';
import { createClientFinder } from '../../../node/src/integrations/kit/kinds/client-finder.ts';
import { createSiteFinder, type VendorPlace } from '../../../node/src/integrations/kit/kinds/site-finder.ts';
import { ruleOf } from '../../../node/src/integrations/kit/kinds/people/mapping-rules.ts';
import type { MappedPeople, PersonMapping } from '../../../node/src/integrations/kit/kinds/people/person-mapping.ts';
import { createPlaceFinder, onlySite } from '../../../node/src/integrations/kit/kinds/people/place-finder.ts';
import { kindInstance, link, mapped, scope, type KindInstance } from './kind-instance.ts';

let halo: KindInstance;
beforeEach(async () => {
  halo = await kindInstance();
});
afterEach(async () => halo[Symbol.asyncDispose]());

describe('the client of a vendor’s', () => {
  const find = async (...asked: { id: string; name?: string }[]) => {
    const found = await createClientFinder(halo.context()).find(asked);
    return asked.map(({ id }) => found.get(id));
  };

  it('is the one mapped, before the one linked, before the only one of its name', async () => {
    await halo.insert('ExternalLink', link('Client', 2, 'a'), link('Client', 3, 'b'));
    await halo.insert('IntegrationSiteMapping', mapped('A', 5), mapped('m', 6, { vendor: '', halo: 16 }));
    expect(
      await find({ id: 'a' }, { id: 'b' }, { id: 'm' }, { id: 'n', name: ' dunmore LOGISTICS ' }, { id: 'o' }),
    ).toEqual([
      { client_id: 5 },
      { client_id: 3 },
      { client_id: 6, site_id: 16 },
      { client_id: 4 },
      { unmatched: expect.stringContaining('neither mapped nor linked') },
    ]);
  });

  it('is none of those that are another one of the vendor’s, and of several none', async () => {
    await halo.insert(
      'ExternalLink',
      link('Client', 1, 'taken'),
      link('Client', 2, 'twice'),
      link('Client', 3, 'twice'),
    );
    await halo.insert('AREA', { Aarea: 90, aareadesc: 'Twins' }, { Aarea: 91, aareadesc: 'TWINS' });
    const reasons = await find(
      { id: 'x', name: 'Alder & Finch Solicitors' },
      { id: 'y', name: 'Twins' },
      { id: 'twice', name: 'Any' },
    );
    expect(reasons).toEqual([
      { unmatched: expect.stringContaining('belongs to another Acme client') },
      { unmatched: expect.stringContaining('(90, 91)') },
      { unmatched: expect.stringContaining('linked to several clients in Halo (2, 3)') },
    ]);
  });

  it('is looked up anew as it was, so that a change is noticed', async () => {
    await halo.insert('ExternalLink', link('Client', 2, 'a'));
    const before = createClientFinder(halo.context());
    await before.find([{ id: 'a' }, { id: 'n', name: 'Dunmore Logistics' }]);
    const kept: unknown = JSON.parse(JSON.stringify(await before.basis.value()));
    const same = createClientFinder(halo.context());
    await same.basis.lookUpAgain(kept);
    expect(await same.basis.value()).toEqual(kept);
    await halo.update('AREA', { aareadesc: 'Renamed' }, 'Aarea', 4);
    const other = createClientFinder(halo.context());
    await other.basis.lookUpAgain(kept);
    expect(await other.basis.value()).not.toEqual(kept);
  });
});

describe('the site of a vendor’s place', () => {
  const find = async (places: readonly VendorPlace[], defaultSite?: number) => {
    const found = await createSiteFinder(halo.context(), defaultSite).find(places);
    return found.map((one) => ('site_id' in one ? one.site_id : one.unmatched));
  };

  it('is the mapped one, the linked one, or at its client the one of the name, the main one, the only one', async () => {
    // Client 2 has the sites 4 to 6 (Main, North branch, Harbour branch), client 1 the site 1 alone.
    await halo.insert(
      'ExternalLink',
      link('Client', 2, 'c2'),
      link('Client', 1, 'c1'),
      link('Site', 5, 's5'),
      link('Site', 6, 'c2'),
    );
    await halo.insert('IntegrationSiteMapping', mapped('c2', 2, { vendor: 'm', halo: 4 }));
    expect(
      await find([
        { client: 'c2', site: 'm' },
        { client: 'c2', site: 's5' },
        { client: 'c2', siteName: ' north BRANCH ' },
        { client: 'c2' },
        { client: 'c1' },
      ]),
    ).toEqual([4, 5, 5, 6, 1]);
  });

  it('is not the one that another site of its client was mapped to', async () => {
    await halo.insert('IntegrationSiteMapping', mapped('c2', 2, { vendor: 'm', halo: 4 }));
    expect(await find([{ client: 'c2', site: 'other' }, { client: 'c2' }])).toEqual([
      expect.stringContaining('The Acme site "other" is none of the client'),
      4,
    ]);
    // Where the client as a whole is mapped to a site, all of it is there.
    await halo.insert('IntegrationSiteMapping', mapped('c2', 2, { vendor: '', halo: 5 }));
    expect(
      await find([
        { client: 'c2', site: 'other' },
        { client: 'c2', site: 'm' },
      ]),
    ).toEqual([5, 4]);
  });

  it('without a client is the only one of its name in all Halo, else the default', async () => {
    await halo.insert('SITE', { Ssitenum: 90, Sarea: 3, sdesc: 'Quay' });
    expect(await find([{ siteName: 'quay' }, { siteName: 'Main' }, {}], 7)).toEqual([90, 7, 7]);
    expect(await find([{ siteName: 'Main' }, {}])).toEqual([
      expect.stringContaining('no default site'),
      expect.stringContaining('no default site'),
    ]);
  });

  it('is none where several are mapped or linked, or the client has several, and the default is none of Halo’s', async () => {
    await halo.insert('ExternalLink', link('Client', 2, 'c2'), link('Site', 4, 'two'), link('Site', 5, 'two'));
    const both = [4, 5].map((site) => mapped('c2', 2, { vendor: 'both', halo: site }));
    await halo.insert('IntegrationSiteMapping', ...both);
    const found = await find([{ client: 'c2', site: 'two' }, { client: 'c2', site: 'both' }, { client: 'c2' }], 999);
    expect(found).toEqual([
      expect.stringContaining('linked to several sites in Halo (4, 5)'),
      expect.stringContaining('maps it to several sites (4, 5)'),
      expect.stringContaining('has no site in Halo, or several'),
    ]);
    expect(halo.warnings).toEqual([expect.stringContaining('default site 999')]);
  });
});

describe('the owner of an asset', () => {
  const owners = async (idField: string | undefined, ...asked: { owners: string[]; client_id?: number }[]) =>
    (await (await createOwnerFinder(halo.context(), idField)).find(asked)).map((one) => one?.id);

  beforeEach(() =>
    halo.insert(
      'USERS',
      { Uid: 901, uusername: 'A', Usite: 4, uarea: 2, Ulogin: 'jroe', uemail: 'a@x.example', UAzureOID: 'one' },
      { Uid: 902, uusername: 'B', Usite: 7, uarea: 3, Ulogin: 'jroe', uemail: 'b@x.example', UAzureOID: 'two' },
      { Uid: 903, uusername: 'C', Usite: 7, uarea: 3, Ulogin: 'gone', uinactive: true, UAzureOID: 'gone' },
      { Uid: 904, uusername: 'General User', Usite: 4, uarea: 2, Ulogin: 'general' },
      { Uid: 905, uusername: 'D', Usite: 4, uarea: 2, UAzureOID: 'two' },
    ),
  );

  it('is found by sign-in name within its client, and by address anywhere', async () => {
    const found = await owners(
      undefined,
      { owners: ['ACME\\jroe'], client_id: 2 },
      { owners: ['jroe'], client_id: 3 },
      { owners: ['jroe'] },
      { owners: ['nobody', 'B@X.example'], client_id: 2 },
      { owners: ['gone'], client_id: 3 },
      { owners: ['general'], client_id: 2 },
    );
    expect(found).toEqual([901, 902, undefined, 902, undefined, undefined]);
  });

  it('who was nobody is looked for again, so that a new user gets the assets', async () => {
    const first = await createOwnerFinder(halo.context());
    await first.find([{ owners: ['new@x.example'] }, { owners: ['a@x.example'] }]);
    const kept: unknown = JSON.parse(JSON.stringify(await first.basis.value()));
    const again = async () => {
      const finder = await createOwnerFinder(halo.context());
      await finder.basis.lookUpAgain(kept);
      return finder.basis.value();
    };
    expect(await again()).toEqual(kept);
    await halo.insert('USERS', { Uid: 906, uusername: 'New', Usite: 4, uarea: 2, uemail: 'new@x.example' });
    expect(await again()).not.toEqual(kept);
  });

  it('is found by the vendor’s own id of a user anywhere, be it inactive, and of several none', async () => {
    const found = await owners(
      'azureoid',
      { owners: ['ONE'] },
      { owners: ['gone'], client_id: 2 },
      { owners: ['two'] },
    );
    expect(found).toEqual([901, 903, undefined]);
  });
});

describe('the type of an asset', () => {
  const typeOf = async (type: string, told = {}, modules: number[] = []) =>
    (await createTypeFinder(halo.context({ defaultType: 1, ...told }), [], modules)).typeOf({
      id: '1',
      name: 'x',
      type,
    });

  beforeEach(async () => {
    await halo.insert('XTYPE', ...[1, 2, 3, 4].map((TTypenum) => ({ TTypenum, tdesc: `Type ${TTypenum}` })));
    await halo.insert(
      'XTypeMapping',
      { XMmsid: scope.module_id, XMTypeId: 2, XMValue: 'phone', XMSeq: 2, XMPartialMatch: true },
      { XMmsid: scope.module_id, XMTypeId: 3, XMValue: 'Smartphone', XMSeq: 2 },
      { XMmsid: scope.module_id, XMTypeId: 4, XMValue: 'smartphone pro', XMSeq: 1, XMDetailsId: 77 },
      { XMmsid: 50, XMTypeId: 4, XMValue: 'Server', XMSeq: 1 },
      { XMmsid: scope.module_id, XMTypeId: 99, XMValue: 'Ghost', XMSeq: 1 },
    );
  });

  it('is that of the first mapping that fits, what equals before what is a part of it, else the default', async () => {
    expect(await typeOf('iPhone 15')).toEqual({ assettype_id: 2 });
    expect(await typeOf('SMARTPHONE')).toEqual({ assettype_id: 3 });
    // Another connection's row maps nothing here.
    expect(await typeOf('Smartphone Pro')).toEqual({ assettype_id: 2 });
    expect(await typeOf('Ghost')).toEqual({ assettype_id: 1 });
    expect(await typeOf('Ghost', { defaultType: undefined })).toBeUndefined();
    expect(halo.warnings).toContainEqual(expect.stringContaining('the asset type 99'));
  });

  it('goes by another module’s mappings where the vendor has two', async () => {
    expect(await typeOf('server')).toEqual({ assettype_id: 1 });
    expect(await typeOf('server', {}, [50])).toEqual({ assettype_id: 4 });
  });
});

describe('whom a mapping of people is about, and where they belong', () => {
  interface Person {
    readonly id: string;
    readonly department?: string;
    readonly office?: string;
    readonly guest?: boolean;
  }
  const people: MappedPeople<Person> = {
    ...{ integration: 'Acme', filterTypes: ['4=starts with'], groupIds: ['Sales=g-1'] },
    property: (name) => ['department', 'office'].find((one) => one === name.toLowerCase()),
    textOf: (person, property) => person[property as 'department'],
    idOf: ({ id }) => id,
    isGuest: ({ guest }) => guest === true,
    isGroupId: (text) => text.startsWith('g-'),
    membersOf: async (group) => new Set(group === 'g-1' ? ['p1', 'p2'] : []),
  };
  const row = (more: Partial<PersonMapping>): PersonMapping => ({
    ...{ label: 'row', filters: [], groupName: undefined, guests: false, forAgents: false, siteField: undefined },
    ...{ siteId: undefined, clientId: undefined, defaultSiteId: undefined },
    ...more,
  });
  const filter = (field: string, value: string, type = '0') => ({ field, value, type });
  const about = async (mapping: Partial<PersonMapping>, ...persons: Person[]) => {
    const rule = await ruleOf(row(mapping), people);
    return persons.filter(rule).map(({ id }) => id);
  };
  const persons: Person[] = [
    { id: 'p1', department: 'Finance' },
    { id: 'p2', department: ' field SALES ', guest: true },
    { id: 'p3' },
  ];

  it('all filters must hold, and guests come only where it says so', async () => {
    expect(await about({}, ...persons)).toEqual(['p1', 'p3']);
    expect(await about({ guests: true, filters: [filter('Department', 'FI', '4')] }, ...persons)).toEqual(['p1', 'p2']);
    expect(await about({ filters: [filter('department', '')] }, ...persons)).toEqual(['p3']);
    const both = [filter('department', 'fi', '4'), filter('memberOf', 'sales')];
    expect(await about({ guests: true, filters: both }, ...persons)).toEqual(['p1', 'p2']);
    expect(await about({ groupName: 'g-2' }, ...persons)).toEqual([]);
    // Filters count before the group.
    expect(await about({ groupName: 'g-2', filters: [filter('department', 'finance')] }, ...persons)).toEqual(['p1']);
  });

  it.each([
    [{ filters: [filter('shoeSize', '9')] }, 'it filters by "shoeSize"'],
    [{ filters: [filter('department', 'x', '9')] }, 'the type 9'],
    [{ groupName: 'Marketing' }, 'names the group "Marketing"'],
  ])('what cannot be understood is an error, not a row that fits nobody: %p', async (mapping, said) => {
    await expect(about(mapping)).rejects.toMatchObject({
      code: 'UnclearMapping',
      message: expect.stringContaining(said),
    });
  });

  it('the first row decides, by the site of a name at its client, else its default', async () => {
    const rules = { clientIds: [1], createsMapped: true, createsUnmatched: false, defaultSite: 7 };
    const mappings = [
      row({ filters: [filter('department', 'finance')], clientId: 2, siteField: 'office', defaultSiteId: 4 }),
      row({ guests: true, siteId: 5, filters: [filter('office', 'Main')] }),
    ];
    const find = await createPlaceFinder(mappings, people, rules, halo.context().api);
    const at = (person: Partial<Person>) => find({ id: 'x', ...person });
    expect(at({ department: 'Finance', office: ' north BRANCH' })).toEqual({
      siteId: 5,
      clientIds: [1, 2, 2],
      create: true,
    });
    expect(at({ department: 'Finance', office: 'Nowhere' })).toMatchObject({ siteId: 4 });
    expect(at({ office: 'main', guest: true })).toMatchObject({ siteId: 5, create: true });
    expect(at({ office: 'other' })).toBeUndefined();
  });

  it('without rows it is the client’s only site, and guests and the unplaced are made only where that is asked', async () => {
    const { api } = halo.context();
    const site = await onlySite(1, api, () => undefined);
    let several = 0;
    expect([site, await onlySite(2, api, (sites) => void (several = sites)), several]).toEqual([1, undefined, 3]);
    const rules = { clientIds: [1], own: { site }, createsMapped: true, createsUnmatched: true, defaultSite: 7 };
    const own = await createPlaceFinder([], people, rules, api);
    expect([own({ id: 'x' }), own({ id: 'y', guest: true })]).toMatchObject([
      { siteId: 1, create: true },
      { siteId: 1, create: false },
    ]);
    const nobodys = await createPlaceFinder([], people, { ...rules, clientIds: [], own: undefined }, api);
    expect([nobodys({ id: 'x' }), nobodys({ id: 'y', guest: true })]).toEqual([
      { siteId: 7, create: true },
      { siteId: 7, create: false },
    ]);
  });
});
