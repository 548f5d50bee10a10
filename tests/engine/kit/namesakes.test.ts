import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { HaloRecord } from '../../../node/src/halo-api/halo-api.ts';
import type { AssetRecord } from '../../../node/src/integrations/kit/kinds/assets/asset-record.ts';
import { assets } from '../../../node/src/integrations/kit/kinds/assets/assets.ts';
import { createClientFinder } from '../../../node/src/integrations/kit/kinds/client-finder.ts';
import { kindInstance, link, mapped, scope, type KindInstance } from './kind-instance.ts';

// Two of a vendor's records that one of Halo's could be taken for.
const Computer = 5;
const Serial = 51;
let halo: KindInstance;

beforeEach(async () => {
  halo = await kindInstance();
  await halo.insert('XTYPE', { TTypenum: Computer, tdesc: 'Computer', Tgeneric: 0 });
  await halo.insert('FIELD', { Ykind: 'T', Yseq: Serial, Yname: 'Serial Number' });
  await halo.insert('TYPEINFO', { Xkind: 'T', Xnum: Computer, Xseq: 1, Xfieldnos: Serial });
});
afterEach(async () => halo[Symbol.asyncDispose]());

describe('two devices with one serial number', () => {
  const told = { defaultSite: 4, defaultType: Computer, deactivateMissing: true };
  const device = (id: string, more: Partial<AssetRecord> = {}): AssetRecord => ({
    ...{ id, name: `PC ${id}`, serial: 'SN-1234', fields: {} },
    ...more,
  });
  const assetsNow = () =>
    halo.database.read({ from: 'DEVICE', columns: ['Did', 'dinvno', 'dinactive'], orderBy: [{ column: 'Did' }] });

  beforeEach(async () => {
    await halo.insert('DEVICE', { Did: 1, Dsite: 4, ddevnum: 1, Dtype: Computer, dinvno: 'TAG-1', dinactive: false });
    await halo.insert('INFO', { Ikind: 'D', Isite: 4, Inum: 1, Iseq: 1, idata: 'sn-1234' });
  });

  /** One run, in batches. */
  async function run(...batches: AssetRecord[][]): Promise<unknown[]> {
    const context = halo.context(told);
    const kind = await assets().open(context);
    await using session = await context.api.write('test');
    const ids: unknown[] = [];
    for (const batch of batches) {
      const records = (await kind.mapping.toHalo(batch)).filter((one): one is HaloRecord => 'fields' in one);
      const outcomes = await session.upsert('Asset', records, { scope });
      ids.push(...outcomes.map((one) => ('id' in one ? one.id : one)));
    }
    return ids;
  }

  it.each([
    ['in one batch', [['a', 'b']]],
    ['in two', [['a'], ['b']]],
  ])('are two assets when they come %s, and stay so', async (_, batches) => {
    const all = batches.map((ids) => ids.map((id) => device(id)));
    expect(await run(...all)).toEqual([1, 2]);
    expect(await run(...all)).toEqual([1, 2]);
    expect(await run(...all.toReversed())).toEqual(batches.length === 1 ? [1, 2] : [2, 1]);
    expect((await assetsNow()).map(({ dinvno }) => dinvno)).toEqual(['TAG-1', 'PC b']);
  });

  it('are one where the one before it is out of use', async () => {
    expect(await run([device('old', { retired: true })], [device('new')])).toEqual([1]);
    expect(await run([device('new')], [device('old', { retired: true })])).toEqual([1]);
    expect(await assetsNow()).toEqual([{ Did: 1, dinvno: 'TAG-1', dinactive: false }]);
    // It is the link that says that this one went out of use.
    expect(await run([device('new', { retired: true })])).toEqual([1]);
    expect((await assetsNow())[0]?.['dinactive']).toBe(true);
  });
});

it('a type whose name is longer than Halo keeps is made once', async () => {
  const told = { defaultSite: 4, typeChoice: 1, typeField: 'model' };
  const type = `${'Extremely long model name '.repeat(4)}of a device`;
  const device = (id: string): AssetRecord => ({ id, name: `PC ${id}`, fields: { model: type } });
  await halo.bring(assets(), [device('a')], told);
  await halo.bring(assets(), [device('a'), device('b')], told);
  const made = await halo.database.read({ from: 'XTYPE', columns: ['tdesc'], orderBy: [{ column: 'TTypenum' }] });
  expect(made.map(({ tdesc }) => tdesc).filter((name) => String(name).startsWith('Extremely'))).toEqual([
    type.slice(0, 100).trim(),
  ]);
});

it('a program that is on a device in several versions is the newest one, in whatever order they come', async () => {
  const found = ['9.0.1', '10.0.2', undefined, '10.0.10'].map((version) => ({ name: 'Runtime', version }));
  const told = { defaultSite: 4, defaultType: Computer };
  const device = (software: typeof found): AssetRecord => ({ id: 'a', name: 'PC a', software });
  const named = { name: 'RUNTIME ', version: '10.0.3' };
  await halo.bring(assets(), [device([...found, named])], told);
  const { outcomes } = await halo.bring(assets(), [device([named, ...found.toReversed()])], told);
  expect(outcomes).toMatchObject([{ outcome: 'unchanged' }]);
  const rows = await halo.rows('DeviceApplications', ['DADesc', 'DAVersion'], 'damsid', scope.module_id);
  expect(rows).toMatchObject([{ DADesc: 'Runtime', DAVersion: '10.0.10' }]);
});

describe('two of the vendor’s clients with one name', () => {
  const ofContoso = { Aarea: 900, aareadesc: 'Contoso' };
  const found = (...calls: { readonly id: string; readonly name: string }[][]) =>
    (async () => {
      const finder = createClientFinder(halo.context());
      const all = [];
      for (const call of calls) {
        const answers = await finder.find(call);
        all.push(...call.map(({ id }) => answers.get(id)));
      }
      return all;
    })();
  const [one, other] = [
    { id: 'c1', name: 'Contoso' },
    { id: 'c2', name: ' contoso ' },
  ];
  const told = (id: string) => ({ unmatched: expect.stringContaining(`the name of another one (${id})`) });

  beforeEach(() => halo.insert('AREA', ofContoso));

  it('are not guessed to be Halo’s client of that name', async () => {
    expect(await found([one])).toEqual([{ client_id: 900 }]);
    expect(await found([one, other])).toEqual([told('c2'), told('c1')]);
    // What was written by then was.
    expect(await found([one], [other])).toEqual([{ client_id: 900 }, told('c1')]);
    expect(await found([one], [one])).toEqual([{ client_id: 900 }, { client_id: 900 }]);
  });

  it('are told by a mapping or a link, and the other one is not Halo’s client of that name then', async () => {
    await halo.insert('ExternalLink', link('Client', 900, 'c1'));
    expect(await found([one, other])).toEqual([{ client_id: 900 }, { unmatched: expect.any(String) }]);
    await halo.insert('IntegrationSiteMapping', mapped('c2', 1));
    expect(await found([one, other])).toEqual([{ client_id: 900 }, { client_id: 1 }]);
  });
});
