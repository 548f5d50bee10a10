import { describe, expect, it } from '@jest/globals';
import type { Database, Row } from '../../../node/src/database/database.ts';
import type { RowOutcome, StagedRow, UpsertRequest } from '../../../node/src/database/upsert.ts';

const written = new Date('2026-05-01T00:00:00.000Z');
/** Each test has a details id of its own, so that links of one are not seen by another. */
let lastDetails = 100;

function linkOf(details: number): NonNullable<UpsertRequest['link']> {
  return {
    table: 'ExternalLink',
    keyColumn: 'ELHaloId',
    idColumn: 'ELThirdPartyId',
    scope: { ELTableId: 5, ELModuleId: 9, ELDetailsId: details },
    onInsert: { ELIsPrimary: true, ELdatecreated: written },
    onUpdate: { ELdateupdated: written },
  };
}

function staged(id: string, values: Row = {}, description = id): StagedRow {
  return {
    values: { LDesc: `Licence ${id}`, LCount: 1, LPrice: 2.5, LDueDate: null, LIsActive: true, ...values },
    linkId: id,
    linkValues: { ELThirdPartyDesc: description },
  };
}

/** The part of the contract that is about set-based writing. */
export function upsertContract(database: () => Database): void {
  describe('upsert', () => {
    const run = async (details: number, rows: readonly StagedRow[], more: Partial<UpsertRequest> = {}) => {
      await using session = await database().session('upsert');
      const { rows: outcomes } = await session.transaction((transaction) =>
        transaction.upsert({
          table: 'Licence',
          key: { column: 'LID', kind: 'allocate' },
          columns: ['LDesc', 'LCount', 'LPrice', 'LDueDate', 'LIsActive'],
          rows,
          match: [{ by: 'key' }, { by: 'link' }, { by: 'columns', columns: ['LDesc'] }],
          onInsert: { LPurchaseDate: written },
          stamps: { LVendor: 'stamped' },
          link: linkOf(details),
          ...more,
        }),
      );
      return outcomes;
    };
    const licence = async (key: number) => {
      const [row] = await database().read({
        from: 'Licence',
        columns: ['LDesc', 'LCount', 'LPurchaseDate', 'LVendor'],
        where: { column: 'LID', is: 'equal', value: key },
      });
      return row;
    };
    const links = (details: number) =>
      database().read({
        from: 'ExternalLink',
        columns: ['ELHaloId', 'ELThirdPartyId', 'ELThirdPartyDesc', 'ELIsPrimary', 'ELdatecreated'],
        where: { column: 'ELDetailsId', is: 'equal', value: details },
        orderBy: [{ column: 'ELid' }],
      });
    const keyOf = (outcome: RowOutcome | undefined): number => {
      if (!outcome || !('key' in outcome)) throw new Error(`no key: ${JSON.stringify(outcome)}`);
      return outcome.key;
    };

    it('finds by columns only rows that have nothing in the column named', async () => {
      const details = ++lastDetails;
      const columns = ['LDesc', 'LTenantId'];
      const rows = ['e1', 'e2', 'e3'].map((id) => ({ values: { LDesc: `Licence ${id}`, LTenantId: null } }));
      const [first, second, third] = await run(details, rows, { columns, match: [] });
      await using session = await database().session('upsert');
      for (const [outcome, tenant] of [
        [first, 'somebody'],
        [second, ''],
      ] as const)
        await session.transaction((transaction) =>
          transaction.update('Licence', { LTenantId: tenant }, { column: 'LID', is: 'equal', value: keyOf(outcome) }),
        );
      const again = await run(
        details,
        rows.map(({ values }) => ({ values: { ...values, LTenantId: 'me' } })),
        { columns, match: [{ by: 'columns', columns: ['LDesc'], whereEmpty: 'LTenantId' }] },
      );
      expect(again.map(({ outcome }) => outcome)).toEqual(['created', 'updated', 'updated']);
      expect(again.slice(1).map(keyOf)).toEqual([second, third].map(keyOf));
    });

    it('inserts with allocated numbers, constants and links, and then finds all unchanged', async () => {
      const details = ++lastDetails;
      const first = await run(details, [staged('a1'), staged('a2')]);
      expect(first.map((row) => row.outcome)).toEqual(['created', 'created']);
      expect(keyOf(first[1])).toBe(keyOf(first[0]) + 1);
      expect(await licence(keyOf(first[0]))).toEqual({
        LDesc: 'Licence a1',
        LCount: 1,
        LPurchaseDate: written,
        LVendor: 'stamped',
      });
      expect(await links(details)).toEqual(
        first.map((row, at) => ({
          ELHaloId: keyOf(row),
          ELThirdPartyId: `a${at + 1}`,
          ELThirdPartyDesc: `a${at + 1}`,
          ELIsPrimary: true,
          ELdatecreated: written,
        })),
      );
      expect(await run(details, [staged('a2'), staged('a1')])).toEqual([
        { outcome: 'unchanged', key: keyOf(first[1]) },
        { outcome: 'unchanged', key: keyOf(first[0]) },
      ]);
    });

    it('stamps the links it changes, and no others', async () => {
      const details = ++lastDetails;
      await run(details, [staged('l1'), staged('l2')]);
      await run(details, [staged('l1', {}, 'another'), staged('l2', { LCount: 2 })]);
      const dates = await database().read({
        from: 'ExternalLink',
        columns: ['ELThirdPartyDesc', 'ELdateupdated'],
        where: { column: 'ELDetailsId', is: 'equal', value: details },
        orderBy: [{ column: 'ELid' }],
      });
      expect(dates).toEqual([
        { ELThirdPartyDesc: 'another', ELdateupdated: written },
        // The column's own default.
        { ELThirdPartyDesc: 'l2', ELdateupdated: new Date('1900-01-01T00:00:00.000Z') },
      ]);
    });

    it('tells what rows and links held that differ, where that is asked for', async () => {
      const details = ++lastDetails;
      const first = await run(details, [staged('o1'), staged('o2'), staged('o3')]);
      const told = async (rows: readonly StagedRow[], whatIf: boolean) => {
        await using session = await database().session('upsert');
        return await session.transaction((transaction) =>
          transaction.upsert({
            table: 'Licence',
            key: { column: 'LID', kind: 'allocate' },
            columns: ['LDesc', 'LCount', 'LPrice', 'LDueDate', 'LIsActive'],
            rows,
            match: [{ by: 'link' }],
            onInsert: {},
            stamps: {},
            insertOnly: ['LPrice'],
            link: linkOf(details),
            tellOld: true,
            whatIf,
          }),
        );
      };
      const rows = [
        staged('o1', { LCount: 7, LPrice: 9, LDueDate: written, LIsActive: false }),
        staged('o2', {}, 'another'),
        staged('o3'),
        staged('o4'),
      ];
      for (const whatIf of [true, false]) {
        const { rows: outcomes, links: changed } = await told(rows, whatIf);
        expect(outcomes).toEqual([
          {
            outcome: 'updated',
            key: keyOf(first[0]),
            old: { LDesc: 'Licence o1', LCount: 1, LDueDate: null, LIsActive: true },
          },
          { outcome: 'unchanged', key: keyOf(first[1]) },
          { outcome: 'unchanged', key: keyOf(first[2]) },
          { outcome: 'created', key: expect.any(Number) as unknown },
        ]);
        expect(changed).toEqual([
          {
            place: 1,
            there: { key: expect.any(Number) as unknown, old: { ELHaloId: keyOf(first[1]), ELThirdPartyDesc: 'o2' } },
          },
          { place: 3 },
        ]);
      }
      const known: StagedRow = { values: staged('o1', { LCount: 8, LDueDate: written, LIsActive: false }).values };
      const byKey = await run(details, [{ ...known, key: keyOf(first[0]) }], {
        match: [{ by: 'key' }],
        insertOnly: ['LPrice'],
        tellOld: true,
      });
      expect(byKey).toEqual([
        {
          outcome: 'updated',
          key: keyOf(first[0]),
          old: { LDesc: 'Licence o1', LCount: 7, LDueDate: written, LIsActive: false },
        },
      ]);
    });

    it('gives new rows a second number within their parent, and leaves both alone on update', async () => {
      const columns = ['Dsite', 'dinvno'];
      const device = (site: number, name: string): StagedRow => ({ values: { Dsite: site, dinvno: name } });
      const more = {
        table: 'DEVICE',
        key: { column: 'Did', kind: 'allocate' },
        columns,
        match: [{ by: 'columns', columns: ['dinvno'] }],
        numbered: { column: 'ddevnum', within: 'Dsite' },
        onInsert: {},
        stamps: {},
        before: ['Dsite', 'ddevnum'],
      } as const;
      const details = ++lastDetails;
      const write = async (rows: readonly StagedRow[], whatIf = false) => {
        await using session = await database().session('upsert');
        return (await session.transaction((transaction) => transaction.upsert({ ...more, rows, whatIf }))).rows;
      };
      const site = 7000 + details;
      const names = ['n1', 'n2', 'n3'].map((name) => `${name} of ${details}`);
      const [n1 = '', n2 = '', n3 = ''] = names;
      const first = await write([device(site, n1), device(site, n2), device(site + 1, n3)]);
      expect(first.map((row) => ('number' in row ? row.number : undefined))).toEqual([1, 2, 1]);
      const again = await write([device(site + 1, n1), device(site, `${n1} more`)]);
      expect(again[0]).toEqual({
        outcome: 'unchanged',
        key: keyOf(first[0]),
        before: { Dsite: site, ddevnum: 1 },
      });
      expect(again[1]).toMatchObject({ outcome: 'created', number: 3 });
      expect((await write([device(site, `${n1} still more`)], true))[0]?.outcome).toBe('created');
      const found = await database().read({
        from: 'DEVICE',
        columns: ['Dsite', 'ddevnum'],
        where: { column: 'Dsite', is: 'in', values: [site, site + 1] },
        orderBy: [{ column: 'Dsite' }, { column: 'ddevnum' }],
      });
      expect(found.map((row) => [row['Dsite'], row['ddevnum']])).toEqual([
        [site, 1],
        [site, 2],
        [site, 3],
        [site + 1, 1],
      ]);
    });

    it('finds a reserved row by no columns, and rejects who names one by key or link', async () => {
      const details = ++lastDetails;
      const [first] = await run(details, [{ values: staged('r1').values }]);
      const [linked] = await run(details, [staged('r2')]);
      await using session = await database().session('upsert');
      for (const outcome of [first, linked])
        await session.transaction((transaction) =>
          transaction.update(
            'Licence',
            { LTenantId: `RESERVED of ${details} ` },
            { column: 'LID', is: 'equal', value: keyOf(outcome) },
          ),
        );
      const more = {
        reserved: { column: 'LTenantId', text: `reserved OF ${details}`, reason: 'it is kept for somebody else' },
      };
      // By its columns it is nobody's, so a row of its own is made beside it, once.
      const named = await run(details, [staged('r1')], more);
      expect(named[0]?.outcome).toBe('created');
      expect(keyOf(named[0])).not.toBe(keyOf(first));
      expect(await run(details, [staged('r1', { LCount: 4 })], more)).toMatchObject([
        { outcome: 'updated', key: keyOf(named[0]) },
      ]);
      const refused = { outcome: 'rejected', reason: 'it is kept for somebody else' };
      expect(
        await run(details, [{ ...staged('r3', { LCount: 7 }), key: keyOf(first) }, staged('r2', { LCount: 7 })], more),
      ).toEqual([refused, refused]);
      expect([await licence(keyOf(first)), await licence(keyOf(linked))]).toMatchObject([{ LCount: 1 }, { LCount: 1 }]);
      // What is asked for beside it is answered all the same.
      const [seen] = await run(details, [staged('r1', { LCount: 4 })], { ...more, before: ['LCount'] });
      expect(seen).toMatchObject({ outcome: 'unchanged', before: { LCount: 4 } });
    });

    it('makes no row where it may only update', async () => {
      const details = ++lastDetails;
      const [first] = await run(details, [staged('u1')]);
      const rows = await run(details, [staged('u1', { LCount: 9 }), staged('u2')], { updateOnly: true });
      expect(rows).toEqual([{ outcome: 'updated', key: keyOf(first) }, { outcome: 'missing' }]);
      expect(await links(details)).toHaveLength(1);
    });

    it('updates what differs only, null and case included, and answers the old values', async () => {
      const details = ++lastDetails;
      const first = await run(details, [staged('b1'), staged('b2'), staged('b3')]);
      const due = new Date('2027-01-01T00:00:00.000Z');
      const second = await run(
        details,
        [staged('b1', { LDueDate: due }), staged('b2', { LDesc: 'LICENCE B2' }), staged('b3')],
        { before: ['LDesc', 'LDueDate'] },
      );
      expect(second).toEqual([
        { outcome: 'updated', key: keyOf(first[0]), before: { LDesc: 'Licence b1', LDueDate: null } },
        { outcome: 'updated', key: keyOf(first[1]), before: { LDesc: 'Licence b2', LDueDate: null } },
        { outcome: 'unchanged', key: keyOf(first[2]), before: { LDesc: 'Licence b3', LDueDate: null } },
      ]);
      expect(await licence(keyOf(first[1]))).toMatchObject({ LDesc: 'LICENCE B2' });
      const third = await run(details, [staged('b1', { LDueDate: null })]);
      expect(third[0]?.outcome).toBe('updated');
    });

    it('writes insert-only columns once', async () => {
      const details = ++lastDetails;
      const more = { insertOnly: ['LCount'] };
      const [first] = await run(details, [staged('c1', { LCount: 3 })], more);
      const [same] = await run(details, [staged('c1', { LCount: 9 })], more);
      const [changed] = await run(details, [staged('c1', { LCount: 9, LPrice: 7 })], more);
      expect([first?.outcome, same?.outcome, changed?.outcome]).toEqual(['created', 'unchanged', 'updated']);
      expect(await licence(keyOf(first))).toMatchObject({ LCount: 3 });
    });

    it('matches unlinked rows by columns and links them', async () => {
      const details = ++lastDetails;
      const [plain] = await run(details, [{ values: staged('d1').values }]);
      const [matched] = await run(details, [staged('d1')]);
      expect(matched).toEqual({ outcome: 'unchanged', key: keyOf(plain) });
      expect(await links(details)).toMatchObject([{ ELHaloId: keyOf(plain), ELThirdPartyId: 'd1' }]);
    });

    it('leaves a row that another third-party id is linked to alone', async () => {
      const details = ++lastDetails;
      const [first] = await run(details, [staged('e1', { LDesc: 'Same name' })]);
      const [second] = await run(details, [staged('e2', { LDesc: 'Same name' })]);
      expect(second?.outcome).toBe('created');
      expect(keyOf(second)).not.toBe(keyOf(first));
    });

    it('rejects an ambiguous match and says how many', async () => {
      const details = ++lastDetails;
      await run(details, [{ values: { ...staged('f').values, LDesc: 'Twice' } }], { match: [] });
      await run(details, [{ values: { ...staged('f').values, LDesc: 'Twice' } }], { match: [] });
      const [row, other] = await run(details, [staged('f1', { LDesc: 'twice' }), staged('f2')]);
      expect(row).toEqual({ outcome: 'rejected', reason: expect.stringContaining('2') });
      expect(other?.outcome).toBe('created');
      expect(await links(details)).toHaveLength(1);
    });

    it('rejects the later of two records that hit the same row', async () => {
      const details = ++lastDetails;
      const [first] = await run(details, [staged('g1')]);
      const second = await run(details, [
        staged('g1', { LCount: 5 }),
        { ...staged('g1'), linkId: 'G1' },
        staged('g3'),
        staged('g3'),
      ]);
      expect(second.map((row) => row.outcome)).toEqual(['updated', 'rejected', 'created', 'rejected']);
      expect(await licence(keyOf(first))).toMatchObject({ LCount: 5 });
    });

    it('finds rows by a known key and rejects a key that is not there', async () => {
      const details = ++lastDetails;
      const [first] = await run(details, [{ values: staged('h1').values }]);
      const rows = await run(details, [
        { ...staged('h1', { LCount: 8 }), key: keyOf(first) },
        { ...staged('h2'), key: 2_000_000 },
      ]);
      expect(rows.map((row) => row.outcome)).toEqual(['updated', 'rejected']);
      expect(keyOf(rows[0])).toBe(keyOf(first));
    });

    it('updates a link whose description changed and leaves its row alone', async () => {
      const details = ++lastDetails;
      await run(details, [staged('i1')]);
      expect((await run(details, [staged('i1', {}, 'new words')]))[0]?.outcome).toBe('unchanged');
      expect(await links(details)).toMatchObject([{ ELThirdPartyDesc: 'new words' }]);
    });

    it('says what would happen and writes nothing', async () => {
      const details = ++lastDetails;
      const [first] = await run(details, [staged('j1')]);
      const counted = await database().count('Licence');
      const rows = await run(details, [staged('j1', { LCount: 4 }), staged('j2')], { whatIf: true });
      expect(rows.map((row) => row.outcome)).toEqual(['updated', 'created']);
      expect(await database().count('Licence')).toBe(counted);
      expect(await licence(keyOf(first))).toMatchObject({ LCount: 1 });
      expect(await links(details)).toHaveLength(1);
    });

    it('writes into tables with identity keys', async () => {
      const request = {
        table: 'IntegrationSiteMapping',
        key: { column: 'ISMid', kind: 'identity' },
        columns: ['ISMThirdPartyId', 'ISMThirdPartyName'],
        match: [{ by: 'columns', columns: ['ISMThirdPartyId'] }],
        onInsert: { ISMHaloId: 1, ISMMSid: 9 },
        stamps: {},
      } as const;
      const rows = [{ values: { ISMThirdPartyId: 'k1', ISMThirdPartyName: 'K' } }];
      await using session = await database().session('identity');
      const first = await session.transaction((transaction) => transaction.upsert({ ...request, rows }));
      const second = await session.transaction((transaction) => transaction.upsert({ ...request, rows }));
      expect(first.rows[0]?.outcome).toBe('created');
      expect(second.rows).toEqual([{ outcome: 'unchanged', key: keyOf(first.rows[0]) }]);
    });
  });
}
