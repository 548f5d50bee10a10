import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from '@jest/globals';
import { RunStore } from '../../../node/src/runs/run-store.ts';
import { pax8Instance } from '../sync/pax8-instance.ts';
import { run } from './engine-runs.ts';

interface Listed {
  readonly id: string;
  readonly undoes?: string;
  readonly undoneBy?: string;
  readonly exitCode?: number;
  readonly entities: readonly { readonly entity: string; readonly updated: number; readonly deactivated: number }[];
}

describe('a run that was undone', () => {
  it('is on record with the run that undid it, in the list and on the page, by links both ways', async () => {
    await using instance = await pax8Instance({ entities: { Customers: true } });
    const at = ['--config', instance.settingsPath];
    const listed = async (): Promise<readonly Listed[]> =>
      (JSON.parse((await run('runs', '--json', ...at)).stdout) as { runs: Listed[] }).runs;
    await run('sync', 'Pax8', ...at);
    const [made] = await listed();
    const id = made?.id ?? '';
    // Who only looks leaves no record.
    expect((await run('undo', id, '--what-if', ...at)).status).toBe(0);
    expect(await listed()).toHaveLength(1);
    expect((await run('undo', id, ...at)).status).toBe(0);
    const [undoing, undone] = await listed();
    expect(undoing).toMatchObject({ undoes: id, exitCode: 0, entities: [{ entity: 'Customers' }] });
    expect(undoing?.entities[0]?.deactivated).toBeGreaterThan(0);
    expect(undone).toMatchObject({ id, undoneBy: undoing?.id });
    const { stdout } = await run('runs', ...at);
    expect(stdout).toContain(`Undoes the run ${id.slice(0, 8)}.`);
    expect(stdout).toContain(`Undone by the run ${undoing?.id.slice(0, 8)}.`);
    // What the undoing changed is kept under the id that is on record.
    expect((await run('changes', undoing?.id ?? '', ...at)).stdout).toContain('deactivated');

    const path = join(instance.folder, 'page.html');
    await run('runs', '--html', path, ...at);
    const page = readFileSync(path, 'utf8');
    expect(page).toContain(`It was undone by <a href="#run-${undoing?.id}">`);
    expect(page).toContain(`It undid <a href="#run-${id}">`);
    // A run that is not on the page has no link that leads nowhere.
    await run('runs', '--html', path, '--last', '1', ...at);
    expect(readFileSync(path, 'utf8')).toContain(`It undid the run ${id.slice(0, 8)}.`);
  });

  it('is told of by a store of an earlier release, too, from its next run on', async () => {
    await using instance = await pax8Instance({ entities: { Customers: true } });
    const at = ['--config', instance.settingsPath];
    await run('sync', 'Pax8', ...at);
    using store = RunStore.open(instance.folder);
    const [{ id } = { id: '' }] = store.rows('SELECT id FROM run') as { id: string }[];
    {
      using database = new DatabaseSync(store.path);
      database.exec('DROP INDEX run_undoes; ALTER TABLE run DROP COLUMN undoes');
    }
    expect((await run('runs', ...at)).stdout).toContain(id.slice(0, 8));
    expect((await run('undo', id, ...at)).status).toBe(0);
    expect((await run('runs', ...at)).stdout).toContain(`Undoes the run ${id.slice(0, 8)}.`);
  });
});
