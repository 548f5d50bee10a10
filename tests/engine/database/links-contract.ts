import { describe, expect, it } from '@jest/globals';
import type { Database } from '../../../node/src/database/database.ts';
import { rangesOf } from '../../../node/src/database/fingerprint.ts';
import type { Condition, Query } from '../../../node/src/database/query.ts';
import type { RowOutcome, UpsertMatch, UpsertRequest } from '../../../node/src/database/upsert.ts';

/** Details ids of this part's own, so that links of one test are not seen by another. */
let lastDetails = 9000;
/** As many as a session may look up in an index of its own. */
const many = Array.from({ length: 120 }, (_, at) => at);

const keyOf = (outcome: RowOutcome | undefined): number => (outcome && 'key' in outcome ? outcome.key : -1);
const outcomesOf = (rows: readonly RowOutcome[]): string[] => [...new Set(rows.map(({ outcome }) => outcome))];

/** The part of the contract that is about finding rows by their links, batch after batch of one session. */
export function linksContract(database: () => Database, letMinutePass: () => void): void {
  const ways: [string, readonly UpsertMatch[]][] = [
    ['alone', [{ by: 'link' }]],
    ['beside other ways', [{ by: 'key' }, { by: 'link' }, { by: 'columns', columns: ['LDesc'] }]],
  ];
  describe.each(ways)('links looked for %s', (_, match) => {
    const open = async (details: number) => {
      const session = await database().session('links');
      const request = (ids: readonly string[], more: Partial<UpsertRequest> = {}): UpsertRequest => ({
        table: 'Licence',
        key: { column: 'LID', kind: 'allocate' },
        columns: ['LDesc', 'LCount'],
        // The name is the same whatever id it comes under.
        rows: ids.map((id) => ({
          values: { LDesc: `${details} ${id.replace(/\D+/, '')}`, LCount: 1 },
          linkId: `${details}-${id}`,
          linkValues: { ELThirdPartyDesc: 'said' },
        })),
        match,
        onInsert: {},
        stamps: {},
        link: {
          table: 'ExternalLink',
          keyColumn: 'ELHaloId',
          idColumn: 'ELThirdPartyId',
          scope: { ELTableId: 5, ELModuleId: 9, ELDetailsId: details },
          general: 'ELDetailsId',
          onInsert: { ELIsPrimary: true },
        },
        ...more,
      });
      const run = async (ids: readonly string[], more?: Partial<UpsertRequest>) =>
        (await session.transaction((transaction) => transaction.upsert(request(ids, more)))).rows;
      return { session, run, request };
    };
    const sameKeys = (rows: readonly RowOutcome[], before: readonly RowOutcome[]): void =>
      expect(rows.map(keyOf)).toEqual(before.map(keyOf));

    it('are found in each batch, those too that others make meanwhile, and those they change within a minute', async () => {
      const details = ++lastDetails;
      const { session, run } = await open(details);
      const ids = many.map((at) => `a${at}`);
      const first = await run(ids);
      for (let batch = 0; batch < 3; batch++) {
        const again = await run(ids);
        expect(outcomesOf(again)).toEqual(['unchanged']);
        sameKeys(again, first);
      }
      await others(database(), details, keyOf(first[6]));
      const added = await run(['new6', ...ids.slice(0, 5)]);
      expect(outcomesOf(added)).toEqual(['unchanged']);
      sameKeys(added, [first[6], ...first.slice(0, 5)] as RowOutcome[]);
      letMinutePass();
      const changed = ['moved5', ...ids.slice(1, 5), 'new6', ...ids.slice(7, 119), 'A119'];
      const after = await run(changed);
      expect(outcomesOf(after)).toEqual(['unchanged']);
      sameKeys(after, [first[5], ...first.slice(1, 5), first[6], ...first.slice(7)] as RowOutcome[]);
      // What the link had before is nobody's now.
      const old = await run(['a5', 'b1'], { match: [{ by: 'link' }] });
      expect(outcomesOf(old)).toEqual(['created']);
      await session[Symbol.asyncDispose]();
    });

    it('are no more what they were once they are changed or taken away, at once', async () => {
      const details = ++lastDetails;
      const { session, run } = await open(details);
      const byLink = { match: [{ by: 'link' }] as const };
      const ids = many.map((at) => `a${at}`);
      const first = await run(ids);
      await run(ids);
      await run(ids);
      await others(database(), details, keyOf(first[6]));
      await using other = await database().session('others');
      const of = { column: 'ELHaloId', is: 'equal', value: keyOf(first[8]) } as const;
      await other.transaction((transaction) => transaction.update('ExternalLink', { ELDetailsId: -1 }, of));
      const after = await run([...ids.slice(0, 5), 'a5', 'a8'], byLink);
      expect(after.map(({ outcome }) => outcome)).toEqual([
        ...ids.slice(0, 5).map(() => 'unchanged'),
        'created',
        'created',
      ]);
      await session[Symbol.asyncDispose]();
    });

    it('are told of by ids and by records, and by a fingerprint, as they are at each look', async () => {
      const details = ++lastDetails;
      const { session, run } = await open(details);
      const ids = many.map((at) => `a${at}`);
      const first = await run(ids);
      const links: NonNullable<Query['links']> = {
        keyColumn: 'ELHaloId',
        idColumn: 'ELThirdPartyId',
        scope: { ELTableId: 5, ELModuleId: 9 },
      };
      const own: Condition = { column: 'ExternalLink.ELDetailsId', is: 'equal', value: details };
      const lookAt = async (part: Condition): Promise<string[]> => {
        const query: Query = {
          from: 'ExternalLink',
          links,
          columns: ['ELThirdPartyId', { column: 'target.LDesc', as: 'name' }],
          joins: [{ kind: 'inner', table: 'Licence', as: 'target', on: [['ExternalLink.ELHaloId', 'target.LID']] }],
          where: { all: [own, part] },
        };
        const read = await database().read(query);
        const same = await session.transaction((transaction) => transaction.read(query));
        const told = (rows: typeof read) =>
          rows.map((row) => `${String(row['ELThirdPartyId'])} ${String(row['name'])}`).sort();
        expect(told(same)).toEqual(told(read));
        return told(read);
      };
      const named = (...values: string[]): Condition => ({ column: 'ELThirdPartyId', is: 'in', values });
      const ofRecords = (...at: number[]): Condition => ({
        column: 'ELHaloId',
        is: 'in',
        values: at.map((one) => keyOf(first[one])),
      });
      const fingerprint = () =>
        session.fingerprint({
          table: 'Licence',
          key: 'LID',
          keys: rangesOf(first.map(keyOf)),
          columns: ['LDesc'],
          link: {
            table: 'ExternalLink',
            rowKey: 'ELid',
            keyColumn: 'ELHaloId',
            idColumn: 'ELThirdPartyId',
            scope: { ELTableId: 5, ELModuleId: 9, ELDetailsId: details },
            general: 'ELDetailsId',
            columns: ['ELThirdPartyId'],
          },
        });
      const before = await fingerprint();
      for (let look = 0; look < 3; look++) {
        const [two, three] = [`${details}-a2 ${details} 2`, `${details}-a3 ${details} 3`];
        const odd = `${details}-a"3\\`;
        expect(await lookAt(named(`${details}-a2`, `${details}-A3`, `${details}-A2 `, 'none', odd))).toEqual([
          two,
          three,
        ]);
        expect(await lookAt(ofRecords(3, 2, 2))).toEqual([two, three]);
        expect(await lookAt(named('none'))).toEqual([]);
        expect(await fingerprint()).toBe(before);
      }
      await others(database(), details, keyOf(first[6]));
      expect(await lookAt(named(`${details}-a5`, `${details}-new6`))).toEqual([`${details}-new6 ${details} 6`]);
      expect(await lookAt(ofRecords(6))).toEqual([`${details}-a6 ${details} 6`, `${details}-new6 ${details} 6`]);
      expect(await fingerprint()).not.toBe(before);
      await session[Symbol.asyncDispose]();
    });

    it('lead where the session pointed them', async () => {
      const details = ++lastDetails;
      const { session, run, request } = await open(details);
      const ids = many.map((at) => `a${at}`);
      for (let batch = 0; batch < 3; batch++) await run(ids);
      const [one, other] = await session.transaction((transaction) =>
        transaction.insert(
          'Licence',
          [
            { LDesc: 'one', LCount: 1 },
            { LDesc: `${details} 901`, LCount: 1 },
          ],
          { column: 'LID' },
        ),
      );
      const point = (key: number | undefined) => {
        const asked = request(['a4'], { match: [{ by: 'key' }], columns: ['LCount'] });
        return session.transaction((transaction) =>
          transaction.upsert({ ...asked, rows: asked.rows.map((row) => ({ ...row, key: key ?? 0 })) }),
        );
      };
      await point(one);
      await point(other);
      // Another id that comes with its name does not get the record.
      const asked = request(['b901'], { match: [{ by: 'link' }, { by: 'columns', columns: ['LDesc'] }] });
      const { rows } = await session.transaction((transaction) => transaction.upsert(asked));
      expect(outcomesOf(rows)).toEqual(['created']);
      await session[Symbol.asyncDispose]();
    });

    it('are followed where they are for all, unless there is one of their own', async () => {
      const details = ++lastDetails;
      const { session, run } = await open(details);
      const ids = many.map((at) => `a${at}`);
      const first = await run(ids);
      await run(ids);
      const forAll = (at: number, id: string, of: number | null) => ({
        ...{ ELTableId: 5, ELModuleId: 9, ELDetailsId: of, ELHaloId: keyOf(first[at]) },
        ...{ ELThirdPartyId: `${details}-${id}`, ELThirdPartyDesc: 'older', ELIsPrimary: true },
      });
      const links = [
        forAll(0, 'g0', 0),
        forAll(1, 'g1', null),
        forAll(2, 'g2', 0),
        forAll(3, 'g2', 0),
        forAll(5, 'a4', 0),
      ];
      {
        await using others = await database().session('others');
        for (const link of links) await others.transaction((transaction) => transaction.insert('ExternalLink', [link]));
      }
      for (let batch = 0; batch < 2; batch++) {
        const again = await run(['g0', 'g1', 'g2', 'a4', ...ids.slice(6)]);
        expect(again.map(({ outcome }) => outcome)).toEqual(
          again.map((_, at) => (at === 2 ? 'rejected' : 'unchanged')),
        );
        sameKeys([...again.slice(0, 2), ...again.slice(3)], [
          ...first.slice(0, 2),
          first[4],
          ...first.slice(6),
        ] as RowOutcome[]);
      }
      const own = { column: 'ELDetailsId', is: 'equal', value: details } as const;
      expect(await database().count('ExternalLink', own)).toBe(many.length + 2);
      await session[Symbol.asyncDispose]();
    });

    it('are written once where a batch was taken back between', async () => {
      const details = ++lastDetails;
      const { session, run, request } = await open(details);
      const [old, fresh] = [many.map((at) => `a${at}`), many.map((at) => `c${at + 200}`)];
      for (let batch = 0; batch < 3; batch++) await run(old);
      const takenBack = session.transaction(async (transaction) => {
        await transaction.upsert(request(fresh));
        throw new Error('taken back');
      });
      await expect(takenBack).rejects.toThrow('taken back');
      expect(outcomesOf(await run(old))).toEqual(['unchanged']);
      const made = await run(fresh);
      expect(outcomesOf(made)).toEqual(['created']);
      const mixed = await run([...fresh, ...many.map((at) => `d${at + 400}`)]);
      expect(mixed.slice(0, many.length).map(({ outcome }) => outcome)).toEqual(many.map(() => 'unchanged'));
      expect(outcomesOf(mixed.slice(many.length))).toEqual(['created']);
      sameKeys(mixed.slice(0, many.length), made);
      await session[Symbol.asyncDispose]();
    });
  });
}

/** Somebody else gives a link another id, and a row a second link. */
async function others(database: Database, details: number, key: number): Promise<void> {
  await using session = await database.session('others');
  await session.transaction(async (transaction) => {
    const id = { column: 'ELThirdPartyId', is: 'equal', value: `${details}-a5` } as const;
    await transaction.update('ExternalLink', { ELThirdPartyId: `${details}-moved5` }, id);
    await transaction.insert('ExternalLink', [
      {
        ELTableId: 5,
        ELModuleId: 9,
        ELDetailsId: details,
        ELHaloId: key,
        ELThirdPartyId: `${details}-new6`,
        ELThirdPartyDesc: 'said',
        ELIsPrimary: false,
      },
    ]);
  });
}
