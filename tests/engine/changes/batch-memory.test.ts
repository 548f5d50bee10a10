import { mkdtemp, readFile, rm } from 'node:fs/promises';
import * as fileSystem from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ChangeJournal } from '../../../node/src/changes/change-journal.ts';
import type { Transaction } from '../../../node/src/database/database.ts';
import type { RowChange } from '../../../node/src/halo-api/changes/changes.ts';
import { RecordingTransaction } from '../../../node/src/halo-api/changes/recording-transaction.ts';
import { KnownSecrets } from '../../../node/src/secrets/known-secrets.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';

// What a batch of tens of thousands of rows holds until it is committed, judged by what is made when, not by bytes.
let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'changes-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const entity = { integration: 'Acme', connection: '1', entity: 'Devices' };
const made = (at: number): RowChange => ({
  table: 'INFO',
  action: 'created',
  key: { Ikind: 'D', Isite: 1, Inum: at, Iseq: 1 },
  after: { idata: `value ${at}` },
  cause: 'record',
});

/** Changes that are made as somebody goes through them, and how many were. */
function changes(count: number, of = made) {
  const told = { made: 0, times: 0 };
  const all: Iterable<RowChange> = {
    *[Symbol.iterator]() {
      told.times++;
      for (let at = 0; at < count; at++) {
        told.made++;
        yield of(at);
      }
    },
  };
  return { all, told };
}

async function journalOf(mostBytes = 1024 ** 2 * 100, appended: () => void = () => {}) {
  const { clock } = systemEnvironment(folder);
  const open: typeof fileSystem.open = async (...args) => {
    const file = await fileSystem.open(...args);
    const append = file.appendFile.bind(file);
    file.appendFile = async (data, ...rest) => {
      appended();
      return append(data, ...rest);
    };
    return file;
  };
  const warnings: string[] = [];
  const journal = new ChangeJournal({
    folder,
    run: 'run',
    environment: { fs: { ...fileSystem, open }, clock },
    secrets: new KnownSecrets(),
    retentionDays: 30,
    mostBytes,
    warn: (message) => warnings.push(message),
  });
  const linesOf = async () =>
    (await readFile(join(folder, 'state', 'changes', 'run.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { journal, warnings, linesOf };
}

it('the lines of a batch are on disk part by part, and no more than a part of its changes is ever made before', async () => {
  const { all, told } = changes(26_000);
  let before = 0;
  let most = 0;
  const { journal, linesOf } = await journalOf(undefined, () => {
    most = Math.max(most, told.made - before);
    before = told.made;
  });
  const sink = journal.of(entity);
  await sink.prepare(all);
  await sink.committed();
  await journal[Symbol.asyncDispose]();
  expect(most).toBeLessThanOrEqual(1000);
  expect(told.times).toBe(1);
  expect(await linesOf()).toHaveLength(1 + 1 + 26_000 + 1);
});

it('a batch that is tried again as it was is not written twice, and another one is', async () => {
  const { journal, linesOf } = await journalOf();
  const sink = journal.of(entity);
  await sink.prepare(changes(3000).all);
  await sink.prepare(changes(3000).all);
  expect((await linesOf()).filter(({ batch }) => batch !== undefined)).toHaveLength(1);
  await sink.prepare(changes(2999).all);
  await sink.committed();
  await journal[Symbol.asyncDispose]();
  const lines = await linesOf();
  expect(lines.filter(({ batch }) => batch !== undefined)).toHaveLength(2);
  expect(lines.at(-1)).toEqual({ committed: 2 });
  expect(lines).toHaveLength(1 + 3001 + 3000 + 1);
});

it('a batch that there is no room for leaves nothing of itself, however much of it was written by then', async () => {
  const { journal, warnings, linesOf } = await journalOf(400_000);
  const sink = journal.of(entity);
  await sink.prepare(changes(1000).all);
  await sink.committed();
  await sink.prepare(changes(5000).all);
  await sink.committed();
  await sink.prepare(changes(1).all);
  await journal[Symbol.asyncDispose]();
  const lines = await linesOf();
  expect(lines).toHaveLength(1 + 1001 + 1 + 1);
  expect(lines.slice(-2)).toEqual([{ committed: 1 }, { left: true }]);
  expect(warnings).toEqual([expect.stringContaining('MaxChangesMegabytes')]);
});

it('rows that were put are told as often as asked, each made anew and none of them kept', async () => {
  const rows = Array.from({ length: 100 }, (_, at) => ['D', 1, at, 1, `value ${at}`] as const);
  const put: Transaction['put'] = async () => ({
    created: rows.map((_, at) => at).slice(0, 50),
    updated: rows.map((_, place) => ({ place, before: [place === 99 ? 'value 99' : 'old'] })).slice(50),
  });
  const recording = new RecordingTransaction({ put } as Transaction, 'record', async () => undefined, false);
  await recording.put({ table: 'INFO', known: ['Ikind', 'Isite', 'Inum', 'Iseq'], columns: ['idata'], rows });
  const [first, second] = [[...recording.changes], [...recording.changes]];
  // The last one is as it was: of two rows known alike, another one may have differed.
  expect(first).toHaveLength(99);
  expect(JSON.parse(JSON.stringify(first))).toEqual(JSON.parse(JSON.stringify(second)));
  expect(first.some((one, at) => one === second[at])).toBe(false);
  expect(first[0]).toMatchObject({ action: 'created', key: { Inum: 0 }, after: { idata: 'value 0' } });
  expect(first[60]).toMatchObject({ action: 'updated', before: { idata: 'old' }, after: { idata: 'value 60' } });
});

it('a transaction whose rows turn out to be as they were has changed nothing', async () => {
  const put: Transaction['put'] = async () => ({ created: [], updated: [{ place: 0, before: ['same'] }] });
  const recording = new RecordingTransaction({ put } as Transaction, 'record', async () => undefined, false);
  await recording.put({ table: 'INFO', known: ['Ikind'], columns: ['idata'], rows: [['D', 'same']] });
  expect(recording.changes.some).toBe(false);
});
