import { describe, expect, it } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import { assetInstance, fields, Computer, reasonOf } from './asset-instance.ts';

const { insert, bring, devices } = assetInstance();

describe('which asset a device is', () => {
  const asset = (Did: number, more: Row = {}): Row => ({
    Did,
    Dsite: 4,
    ddevnum: Did,
    Dtype: Computer,
    dinvno: `TAG-${Did}`,
    ...more,
  });
  const value = (Inum: number, data: string): Row => ({ Ikind: 'D', Isite: 4, Inum, Iseq: 1, idata: data });

  it('is told by the vendor’s own id, the link, the serial number, the name at its site, in that order', async () => {
    await insert('DEVICE', [asset(1, { DNinjaRMMId: 101 }), asset(2), asset(3), asset(4, { dinvno: 'PC-104' })]);
    await insert('INFO', [value(2, ' sn-2 '), value(1, 'SN-9')]);
    const options = { Asset: 'ninjarmm_id' };
    const { outcomes } = await bring(
      [
        { id: '101', ...fields('SN-2') },
        { id: '102', ...fields('SN-2') },
        { id: '103', ...fields('SN-9') },
        { id: '104' },
        { id: '105' },
      ],
      {},
      options,
    );
    // The one of SN-9 is another device of the vendor's.
    expect(outcomes.map((one) => ['id' in one && one.id, one.outcome])).toEqual([
      [1, 'updated'],
      [2, 'updated'],
      [5, 'created'],
      [4, 'updated'],
      [6, 'created'],
    ]);
    expect((await devices()).map(({ dinvno, DNinjaRMMId }) => [dinvno, DNinjaRMMId])).toEqual([
      ['TAG-1', 101],
      ['TAG-2', 102],
      ['TAG-3', 0],
      ['PC-104', 104],
      ['PC-103', 103],
      ['PC-105', 105],
    ]);
    const again = await bring(
      [
        { id: '102', name: 'RENAMED', ...fields('SN-3') },
        { id: '105', name: 'RENAMED too' },
      ],
      {},
      options,
    );
    expect(again.outcomes.map((one) => 'id' in one && one.id)).toEqual([2, 6]);
    // A tag that is the administrator's stays, one that was the vendor's follows.
    expect((await devices()).map(({ dinvno }) => dinvno).filter((_, at) => at === 1 || at === 5)).toEqual([
      'TAG-2',
      'RENAMED too',
    ]);
  });

  it('is not told by what makers leave in the place of a serial number', async () => {
    await insert('DEVICE', [asset(1), asset(2)]);
    await insert('INFO', [value(1, 'To be filled by O.E.M.'), value(2, 'To Be Filled By O.E.M.')]);
    const { outcomes } = await bring([{ id: '7', ...fields('To be filled by O.E.M.') }]);
    expect(outcomes).toEqual([{ outcome: 'created', id: 3 }]);
  });

  it('is not guessed between several', async () => {
    await insert('DEVICE', [
      asset(1, { dinvno: 'PC-8' }),
      asset(2, { dinvno: 'pc-8' }),
      asset(3, { DNinjaRMMId: 9 }),
      asset(4, { DNinjaRMMId: 9 }),
    ]);
    await insert('INFO', [value(1, 'SN-7'), value(2, 'SN-7')]);
    const { mapped } = await bring(
      [{ id: '7', ...fields('SN-7') }, { id: '8' }, { id: '9' }],
      {},
      { Asset: 'ninjarmm_id' },
    );
    expect(mapped.map(reasonOf)).toEqual([
      expect.stringContaining('2 assets in Halo have the serial number SN-7 (1, 2)'),
      expect.stringContaining('2 assets in Halo have the name "PC-8" at its site'),
      expect.stringContaining('2 assets in Halo have its Acme id'),
    ]);
    expect(mapped.map((one) => 'third_party_id' in one && one.third_party_id)).toEqual(['7', '8', '9']);
  });

  it('is another one where the name is the same and the serial number is not', async () => {
    await insert('DEVICE', [asset(1, { dinvno: 'PC-7' })]);
    await insert('INFO', [value(1, 'SN-OLD')]);
    const { outcomes } = await bring([{ id: '7', ...fields('SN-NEW') }]);
    expect(outcomes).toEqual([{ outcome: 'created', id: 2 }]);
  });

  it('is never a new one where the connection brings none', async () => {
    await bring([{ id: '1' }]);
    const { mapped, outcomes } = await bring([{ id: '1' }, { id: '2' }], { noNew: true });
    expect(mapped[1]).toEqual({ left_out: true });
    expect(outcomes).toEqual([{ outcome: 'unchanged', id: 1 }]);
  });
});
