import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { entity, type DescribedEntity } from '../../../node/src/integrations/kit/descriptor/described-entity.ts';
import type { DescribedContext } from '../../../node/src/integrations/kit/descriptor/described-context.ts';
import { suppliers, type SupplierRecord } from '../../../node/src/integrations/kit/kinds/suppliers.ts';
import { users, type UserRecord } from '../../../node/src/integrations/kit/kinds/users.ts';
import { recordShape } from '../../../node/src/reading/record-shape.ts';
import { kindInstance, link, type KindInstance } from './kind-instance.ts';

interface Shop {
  readonly id?: string | null | undefined;
  readonly name?: string | null | undefined;
}

const shape = recordShape({ id: 'text', name: 'text' }, { id: 'id', name: ['name'] });
const source = () => ({ shape, pages: async function* () {} });
let halo: KindInstance;

beforeEach(async () => {
  halo = await kindInstance();
});
afterEach(async () => halo[Symbol.asyncDispose]());

const open = (one: DescribedEntity) => one.open(halo.context() as DescribedContext);
const map = async (one: DescribedEntity, records: readonly unknown[]) => (await open(one)).mapping.toHalo(records);

/** Shops, of which those named "left out" are there and not written. */
const shops = (more: object = {}) =>
  entity<Shop, SupplierRecord>({
    ...{ name: 'Shops', description: 'Shops as suppliers.', kind: suppliers(), source },
    record: ({ name }, id) => (name === 'left out' ? { untouched: id, name } : { id, name }),
    ...more,
  });

describe('a record of which nothing is written', () => {
  it('is found again by its link, and is nothing where Halo has none of it', async () => {
    await halo.insert('ExternalLink', link('Supplier', 1, 's1'), link('Supplier', 1, 's3'), link('Supplier', 2, 's3'));
    const named = { name: 'left out' };
    expect(
      await map(shops(), [
        { id: 's1', ...named },
        { id: 's2', ...named },
        { id: 's3', ...named },
      ]),
    ).toEqual([
      { fields: {}, third_party_id: 's1', third_party_desc: 'left out', update_only: true },
      { left_out: true },
      // Of two it is for the writing to say which is meant.
      { fields: {}, third_party_id: 's3', third_party_desc: 'left out', update_only: true },
    ]);
  });

  it('is found by the vendor’s own id, where the kind keeps that', async () => {
    const people = entity<Shop, UserRecord>({
      ...{ name: 'People', description: 'People.', kind: users({ ownIdField: 'oktaid' }), source },
      record: (_, id) => ({ untouched: id }),
    });
    expect(await map(people, [{ id: 'u1' }])).toEqual([
      { fields: { oktaid: 'u1' }, third_party_id: 'u1', update_only: true },
    ]);
  });

  it('keeps its place among the others, as one without an id does', async () => {
    await halo.insert('ExternalLink', link('Supplier', 1, 's1'));
    const mapped = await map(shops(), [
      { id: 's0', name: 'A' },
      { id: 's1', name: 'left out' },
      { name: 'B' },
      { id: 's4' },
    ]);
    expect(mapped).toMatchObject([
      { third_party_id: 's0' },
      { third_party_id: 's1', update_only: true },
      { quarantined: 'B', reason: 'Acme gives no id for it.' },
      { quarantined: 'supplier s4' },
    ]);
  });
});

it('of a record that comes several times the last word counts, where the source is a list of changes', async () => {
  const twice = [
    { id: 's1', name: 'Before' },
    { id: 's2', name: 'Other' },
    { id: 's1', name: 'After' },
  ];
  expect(await map(shops({ lastCounts: true }), twice)).toMatchObject([
    { left_out: true },
    { fields: { name: 'Other' } },
    { fields: { name: 'After' } },
  ]);
  expect(await map(shops(), twice)).toMatchObject([{ fields: { name: 'Before' } }, {}, { fields: { name: 'After' } }]);
});

describe('an entity that is prepared', () => {
  it('goes by what was read for the run, and is known without one', async () => {
    let prepared = 0;
    const one = entity<Shop, UserRecord>({
      ...{ name: 'People', description: 'People.', kind: users(), labels: ['Folk'], endpoints: ['GET /people'] },
      tables: { AREA: ['SELECT'] },
      async prepare() {
        prepared++;
        return {
          kind: users({ ownIdField: 'oktaid' }),
          source,
          record: ({ name }, id) => ({ id, name, found: { site_id: prepared } }),
          missing: { settles: () => true },
        };
      },
    });
    expect(one).toMatchObject({ resource: 'Users', endpoints: ['GET /people'], tables: { AREA: ['SELECT'] } });
    expect([one.labels.includes('Folk'), prepared]).toEqual([true, 0]);
    const opened = await open(one);
    expect(opened.target).toMatchObject({ ownIdField: 'oktaid' });
    expect(opened.missing).toMatchObject({ settles: expect.any(Function) });
    expect(await opened.mapping.toHalo([{ id: 'u1', name: 'Jane' }])).toMatchObject([{ fields: { site_id: 1 } }]);
    // What was prepared is in no basis, so records that come as they were are mapped all the same.
    expect(opened.mapping.basis).toBeUndefined();
    await open(one);
    expect(prepared).toBe(2);
  });

  it('that says what its mapping goes by need not be mapped anew', async () => {
    const basisOf = async (basis: unknown) => {
      const prepare = async () => ({ source, record: (_: Shop, id: string) => ({ id, name: id }), basis });
      const facts = { name: 'People', description: 'People.', kind: users() };
      const opened = await open(entity<Shop, UserRecord>({ ...facts, prepare }));
      return opened.mapping.basis?.value();
    };
    expect(await basisOf(undefined)).toBeUndefined();
    const before = await basisOf({ sites: [1] });
    expect(await basisOf({ sites: [1] })).toEqual(before);
    expect(await basisOf({ sites: [2] })).not.toEqual(before);
  });
});
