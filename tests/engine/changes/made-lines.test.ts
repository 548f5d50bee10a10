import { chmod, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { changesFile, type ChangeLine } from '../../../node/src/changes/change-file.ts';
import { linesOf } from '../../../node/src/changes/kept-change.ts';
import { isOfMade, readMadeLine } from '../../../node/src/changes/read-made-line.ts';
import { openChanges } from '../../../node/src/changes/read-changes.ts';
import { MadeRow, type MadeRowSet } from '../../../node/src/halo-api/changes/made-row.ts';
import { lineOf } from '../../../node/src/changes/kept-change.ts';
import type { Row } from '../../../node/src/database/row.ts';
import { syncAll } from '../../../node/src/sync/run.ts';
import { undoRun } from '../../../node/src/sync/undo-run.ts';
import { pax8Instance, type Pax8Instance } from '../sync/pax8-instance.ts';

const never = (): AbortSignal => new AbortController().signal;

async function read(instance: Pax8Instance, run: string) {
  const { environment } = await instance.parts();
  await using open = await openChanges(instance.folder, run, environment);
  const changes: ChangeLine[] = [];
  for await (const batch of open?.batches() ?? []) changes.push(...batch.changes);
  return { changes, damaged: open?.damaged };
}

const both = { entities: { Customers: true, Subscriptions: true } };

async function filled(instance: Pax8Instance): Promise<{ run: string; path: string }> {
  const { runId: run } = await syncAll({ whatIf: false }, await instance.parts(), () => {}, never());
  return { run, path: changesFile(instance.folder, run) };
}

const set = (more: Partial<MadeRowSet> = {}): MadeRowSet => ({
  table: 'Licence',
  cause: 'record',
  known: ['LID'],
  constants: { LDeleted: 0, LCount: 1 },
  named: 'LDesc',
  nulls: false,
  isTrace: (column) => column === 'Lstamp',
  ...more,
});

function told(rows: readonly MadeRow[]): readonly ChangeLine[] {
  const lines = [...linesOf(rows)].map((line): unknown => JSON.parse(JSON.stringify(line)));
  return lines.flatMap((line) => (isOfMade(line) ? (readMadeLine(line)?.rows ?? []) : [line as ChangeLine]));
}

describe('Rows that were made alike', () => {
  it('are told from few lines as each would be from a line of its own', () => {
    const values = (at: number): Row => ({
      LDesc: at % 7 === 0 ? '' : `Product ${at % 3}`,
      LCount: at % 5 === 0 ? null : at,
      LNotes: at % 2 === 0 ? 'n'.repeat(3000) : null,
      LPrice: at / 8,
      LIsActive: at % 2 === 0,
      LPurchaseDate: new Date(Date.UTC(2026, 0, 1 + (at % 300))),
      LVendor: 'Pax8',
      LBig: at % 3 === 0 ? 12n : 'text',
      LFile: new Uint8Array([at % 250]),
      Lstamp: at,
      __proto: 'x',
    });
    const one = set();
    const rows = Array.from(
      { length: 1203 },
      (_, at) =>
        new MadeRow(one, { keys: [at + 1], values: values(at), vendorId: at % 4 === 0 ? undefined : `id "${at}"` }),
    );
    expect([...linesOf(rows)]).toHaveLength(3);
    expect(told(rows)).toEqual(rows.map((row): unknown => JSON.parse(JSON.stringify(lineOf(row)))));
  });

  it('have lines of their own where they are few, or hold different columns', () => {
    const one = set({ cause: 'missing', numbered: 'LNumber', known: ['LSite', 'LID'] });
    const rows = Array.from(
      { length: 40 },
      (_, at) => new MadeRow(one, { keys: [1, at], values: { LDesc: 'a', [`L${at % 2}`]: at }, number: at }),
    );
    for (const some of [rows, rows.slice(0, 5)])
      expect(told(some)).toEqual(some.map((row): unknown => JSON.parse(JSON.stringify(lineOf(row)))));
  });

  it('are none where their line was edited', () => {
    const one = set();
    const rows = Array.from(
      { length: 20 },
      (_, at) => new MadeRow(one, { keys: [at], values: { LDesc: `a ${at % 2}` } }),
    );
    const [line] = [...linesOf(rows)].map((made) => JSON.parse(JSON.stringify(made)) as Record<string, unknown>);
    for (const edited of [
      { made: 19 },
      { made: -1 },
      { made: 1e9 },
      { texts: [] },
      { texts: [[], []] },
      { after: { LDesc: { at: [7] } } },
      { after: { LDesc: { same: [] } } },
      { after: [] },
      { key: null },
      { vendorId: { same: 5 } },
      { cause: 5 },
    ])
      expect(readMadeLine({ ...line, ...edited })).toBeUndefined();
  });

  it('are left out and counted where their line is damaged, and the rest is told', async () => {
    await using instance = await pax8Instance(both);
    const { run, path } = await filled(instance);
    const whole = await read(instance, run);
    expect(whole.damaged).toBe(0);
    const lines = (await readFile(path, 'utf8')).split('\n');
    const at = lines.findIndex((line) => line.startsWith('{"made":') && line.includes('"Licence"'));
    const { made } = JSON.parse(lines[at] ?? '') as { made: number };
    expect(made).toBeGreaterThan(100);
    lines[at] = (lines[at] ?? '').replace('"texts"', 'texts');
    await chmod(path, 0o600);
    await writeFile(path, lines.join('\n'));
    const { changes, damaged } = await read(instance, run);
    expect(damaged).toBe(1);
    expect(changes).toHaveLength(whole.changes.length - made);
  });

  it('are read and undone from a file of an earlier release, which has a line for each', async () => {
    await using instance = await pax8Instance(both);
    const { run, path } = await filled(instance);
    const { changes } = await read(instance, run);
    const [, ...rest] = (await readFile(path, 'utf8')).split('\n');
    const earlier = rest.flatMap((line) => {
      const one: unknown = line === '' ? undefined : JSON.parse(line);
      return isOfMade(one) ? (readMadeLine(one)?.rows ?? []).map((row) => JSON.stringify(row)) : [line];
    });
    await chmod(path, 0o600);
    await writeFile(path, [JSON.stringify({ version: 1, run }), ...earlier].join('\n'));
    expect(await read(instance, run)).toEqual({ changes, damaged: 0 });
    const parts = await instance.parts();
    await using open = await openChanges(instance.folder, run, parts.environment);
    if (!open) throw new Error('no changes');
    const report = await undoRun({ changes: open, whatIf: false, signal: never(), items: async () => {} }, parts);
    expect(report.setInactive).toBe(
      changes.filter(({ table }) => ['AREA', 'SITE', 'ADDRESSSTORE', 'Licence'].includes(table)).length,
    );
  });
});
