import { chmod, mkdir, readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openChanges } from '../../../node/src/changes/read-changes.ts';
import { shownChange, type ShownChange } from '../../../node/src/changes/shown-change.ts';
import { syncAll } from '../../../node/src/sync/run.ts';
import { pax8Instance, type Pax8Instance } from '../sync/pax8-instance.ts';

async function sync(instance: Pax8Instance, request: Parameters<typeof syncAll>[0] = { whatIf: false }) {
  return syncAll(request, await instance.parts(), () => {}, new AbortController().signal);
}

async function changesOf(instance: Pax8Instance, run: string): Promise<ShownChange[]> {
  const { environment } = await instance.parts();
  await using open = await openChanges(instance.folder, run, environment);
  const shown: ShownChange[] = [];
  for await (const { changes, ...batch } of open?.batches() ?? [])
    shown.push(...changes.map((change) => shownChange(change, batch)));
  return shown;
}

const folderOf = ({ folder }: Pax8Instance): string => join(folder, 'state', 'changes');

/** The name of a client that the first sync of an instance brings. */
async function nameThatComes(): Promise<string> {
  await using instance = await pax8Instance({ entities: { Customers: true } });
  const { runId } = await sync(instance);
  const made = (await changesOf(instance, runId)).find(({ table }) => table === 'AREA');
  return made?.name ?? '';
}

describe('The changes of a run', () => {
  it('tell each row made and each column changed, with what it was, and nothing where nothing changed', async () => {
    await using instance = await pax8Instance({ entities: { Customers: true, Subscriptions: true } });
    const first = await sync(instance);
    const made = await changesOf(instance, first.runId);
    const subscriptions = made.filter(({ table, action }) => table === 'Licence' && action === 'created');
    expect(subscriptions).toHaveLength(first.results.find(({ entity }) => entity === 'Subscriptions')?.created ?? 0);
    expect(subscriptions[0]).toMatchObject({
      integration: 'Pax8',
      entity: 'Subscriptions',
      resource: 'SoftwareLicence',
      certain: true,
      reason: 'the vendor has it, and Halo had not',
      vendorId: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    const id = Number(subscriptions[0]?.id);
    const where = { column: 'LID', is: 'equal', value: id } as const;
    await using session = await instance.database.session('somebody');
    await session.transaction((transaction) => transaction.update('Licence', { LCount: 4711 }, where));

    const second = await sync(instance);
    const [change, ...others] = await changesOf(instance, second.runId);
    expect(others).toEqual([]);
    expect(change).toMatchObject({ table: 'Licence', action: 'updated', id: String(id) });
    expect(change?.fields).toEqual([{ field: 'count', before: 4711, after: expect.any(Number) }]);

    const third = await sync(instance);
    expect(third.results.map(({ updated }) => updated)).toEqual([0, 0]);
    expect(await readdir(folderOf(instance))).toHaveLength(2);
  });

  it('are the account’s own, hold no secret, and are kept as long as the log', async () => {
    await using instance = await pax8Instance({ entities: { Customers: true } });
    const old = join(folderOf(instance), 'old.jsonl');
    await mkdir(folderOf(instance), { recursive: true });
    await writeFile(old, '');
    await utimes(old, new Date('2020-01-01'), new Date('2020-01-01'));
    const parts = await instance.parts();
    const name = await nameThatComes();
    parts.secrets.add([name]);
    const report = await syncAll({ whatIf: false }, parts, () => {}, new AbortController().signal);
    const [file, ...others] = await readdir(folderOf(instance));
    expect(others).toEqual([]);
    expect(file).toBe(`${report.runId}.jsonl`);
    const path = join(folderOf(instance), file ?? '');
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o077).toBe(0);
    const text = await readFile(path, 'utf8');
    expect(text).not.toContain(name);
    expect(text).toContain('***');
  });

  it('are not kept with what-if, nor where the settings say so', async () => {
    await using instance = await pax8Instance({ entities: { Customers: true } });
    await sync(instance, { whatIf: true });
    const settings = JSON.parse(await readFile(instance.settingsPath, 'utf8')) as object;
    await writeFile(instance.settingsPath, JSON.stringify({ ...settings, Logging: { Changes: false } }));
    expect((await sync(instance)).exitCode).toBe(0);
    await expect(readdir(folderOf(instance))).rejects.toThrow('ENOENT');
  });

  it('that cannot be kept are not made', async () => {
    await using instance = await pax8Instance({ entities: { Customers: true } });
    await mkdir(folderOf(instance), { recursive: true });
    const clients = await instance.database.count('AREA');
    const parts = await instance.parts();
    const refusing = {
      ...parts,
      environment: {
        ...parts.environment,
        fs: { ...parts.environment.fs, open: () => Promise.reject(new Error('the disk is full')) },
      },
    };
    const report = await syncAll({ whatIf: false }, refusing as never, () => {}, new AbortController().signal);
    expect(report.results[0]?.error).toMatchObject({ code: 'StateFolder' });
    expect(report.results[0]?.error?.message).toContain('the disk is full');
    expect(await instance.database.count('AREA')).toBe(clients);
  });

  it('of which a commit is not known are told as uncertain', async () => {
    await using instance = await pax8Instance({ entities: { Customers: true } });
    const report = await sync(instance);
    const path = join(folderOf(instance), `${report.runId}.jsonl`);
    const text = await readFile(path, 'utf8');
    expect(text).toContain('{"committed":1}\n');
    // As a process leaves it that was killed between the two.
    await chmod(path, 0o600);
    await writeFile(path, `${text.replace('{"committed":1}\n', '')}{"table":"AREA","acti`);
    const changes = await changesOf(instance, report.runId.slice(0, 8));
    expect(changes.length).toBeGreaterThan(0);
    expect(changes.filter(({ certain }) => certain)).toEqual([]);
  });

  it('are told as far as they are whole where lines were damaged or edited', async () => {
    await using instance = await pax8Instance({ entities: { Customers: true } });
    const report = await sync(instance);
    const path = join(folderOf(instance), `${report.runId}.jsonl`);
    const text = await readFile(path, 'utf8');
    const whole = await changesOf(instance, report.runId);
    const change = text.split('\n').find((line) => line.includes('"table"')) ?? '';
    const odd = [
      ...['null', '5', '[]', '{}', '"text"', '{"table":5}', '{"committed":"1"}', '['.repeat(100_000)],
      change.replace(/"table":"[^"]*"/, '"table":{"a":[]}'),
      change.replace(/"after":\{/, '"after":{"deep":[[]],'),
      `"${'x'.repeat(1_000_000)}"`,
    ];
    await chmod(path, 0o600);
    await writeFile(path, text.replace('{"committed":1}\n', `${odd.join('\n')}\n{"committed":1}\n`));
    expect(await changesOf(instance, report.runId)).toEqual(whole);
  });

  it('are bounded, and the run says so', async () => {
    await using instance = await pax8Instance({
      entities: { Products: true },
      size: { companies: 1, subscriptions: 0, products: 16_000, contactsPerCompany: 0 },
      sync: { BatchSize: 500 },
    });
    const settings = JSON.parse(await readFile(instance.settingsPath, 'utf8')) as object;
    await writeFile(instance.settingsPath, JSON.stringify({ ...settings, Logging: { MaxChangesMegabytes: 1 } }));
    const report = await sync(instance);
    expect(report.results[0]?.created).toBe(16_000);
    const path = join(folderOf(instance), `${report.runId}.jsonl`);
    expect((await stat(path)).size).toBeLessThan(1024 ** 2 + 100);
    const { environment } = await instance.parts();
    await using open = await openChanges(instance.folder, report.runId, environment);
    expect((await open?.places())?.whole).toBe(false);
    expect(await instance.logged()).toContain('MaxChangesMegabytes');
  });
});
