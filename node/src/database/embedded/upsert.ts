import type { SQLInputValue } from 'node:sqlite';
import type { Row, Value } from '../database.ts';
import type { RowOutcome, UpsertOutcome, UpsertRequest } from '../upsert.ts';
import { decoderOf, writingEncoder } from './column-values.ts';
import type { Connection, KnownTable } from './connection.ts';
import { nextNumber } from './number-allocation.ts';
import { quote } from './table-definitions.ts';
import { classify } from './upsert-classify.ts';
import { stageRows } from './upsert-stage.ts';
import type { Stage } from './upsert-stage.ts';

const action = { keep: 0, insert: 1, update: 2 } as const;

/** Writes a request's rows: stage, classify in one reading, write only what is new or differs. */
export function upsert(connection: Connection, request: UpsertRequest): UpsertOutcome {
  const target = connection.table(request.table);
  const link = request.link ? connection.table(request.link.table) : undefined;
  const stage = stageRows(connection, request, target, link);
  const { keys, changed, rejected, links } = classify(connection, request, stage, target, link);
  const outcomes: RowOutcome[] = [];
  const plan = connection.temporaryTable('n INTEGER PRIMARY KEY, k INTEGER, a INTEGER, la INTEGER, lr INTEGER');
  connection.database.exec(`DELETE FROM ${plan}`);
  const planned = connection.prepare(`INSERT INTO ${plan} VALUES (?, ?, ?, ?, ?)`);
  const claimed = new Set<number>();
  const newIds = new Set<string>();
  const totals = { inserts: 0, updates: 0, linkInserts: 0, linkUpdates: 0 };
  let next: number | undefined;

  for (let place = 0; place < request.rows.length; place++) {
    const row = request.rows[place];
    const reason = rejected.get(place);
    if (!row || reason !== undefined) {
      outcomes.push({ outcome: 'rejected', reason: reason ?? 'there is no such row' });
      continue;
    }
    let key = keys[place];
    let does: number = action.keep;
    if (key === undefined) {
      if (row.key !== undefined && request.match.some((match) => match.by === 'key')) {
        outcomes.push({ outcome: 'rejected', reason: `${target.name} has no row ${row.key}` });
        continue;
      }
      const id = row.linkId?.toLowerCase();
      if (id !== undefined && newIds.has(id)) {
        outcomes.push({ outcome: 'rejected', reason: `the third-party id ${row.linkId} came earlier in the same set` });
        continue;
      }
      if (id !== undefined) newIds.add(id);
      next ??= nextNumber(connection, target, request.key.column);
      key = next++;
      does = action.insert;
      totals.inserts++;
      outcomes.push({ outcome: 'created', key });
    } else if (claimed.has(key)) {
      outcomes.push({
        outcome: 'rejected',
        reason: `row ${key} of ${target.name} was matched by an earlier record too`,
      });
      continue;
    } else {
      claimed.add(key);
      if (changed[place]) {
        does = action.update;
        totals.updates++;
        outcomes.push({ outcome: 'updated', key });
      } else {
        outcomes.push({ outcome: 'unchanged', key });
      }
    }
    const linked = links[place];
    let linkDoes: number = action.keep;
    if (link && row.linkId !== undefined && row.linkValues) {
      if (!linked) {
        linkDoes = action.insert;
        totals.linkInserts++;
      } else if (linked.changed || linked.key !== key) {
        linkDoes = action.update;
        totals.linkUpdates++;
      }
    }
    if (does !== action.keep || linkDoes !== action.keep) planned.run(place, key, does, linkDoes, linked?.row ?? null);
  }
  if (totals.updates > 0 && request.before) addOldValues(connection, target, request, plan, outcomes);
  if (!request.whatIf) {
    if (totals.inserts > 0) insertPlanned(connection, target, request, stage, plan);
    if (totals.updates > 0) updatePlanned(connection, target, request, stage, plan);
    if (link && totals.linkInserts > 0) insertLinks(connection, link, request, stage, plan);
    if (link && totals.linkUpdates > 0) updateLinks(connection, link, request, stage, plan);
  }
  return { rows: outcomes };
}

/** The rows of a constant part as assignments: real names, and values as stored. */
function constants(table: KnownTable, row: Row): { readonly names: string[]; readonly values: SQLInputValue[] } {
  const columns = Object.entries(row).map(([name, value]) => ({ column: table.column(name), value }));
  return {
    names: columns.map(({ column }) => column.name),
    values: columns.map(({ column, value }) => writingEncoder(column)(value)),
  };
}

function addOldValues(
  connection: Connection,
  target: KnownTable,
  request: UpsertRequest,
  plan: string,
  outcomes: RowOutcome[],
): void {
  const columns = (request.before ?? []).map((name) => target.column(name));
  const decoders = columns.map(decoderOf);
  const old = connection.rows<[number, ...(string | number | null)[]]>(
    `SELECT p.n, ${columns.map((column) => `t.${quote(column.name)}`).join(', ')}
     FROM ${plan} p CROSS JOIN ${quote(target.name)} t ON t.${quote(target.column(request.key.column).name)} = p.k WHERE p.a = ${action.update}`,
  );
  for (const [place, ...values] of old) {
    const outcome = outcomes[place];
    if (outcome?.outcome !== 'updated') continue;
    const before: Record<string, Value> = {};
    columns.forEach((column, at) => (before[column.name] = decoders[at]?.(values[at]) ?? null));
    outcomes[place] = { ...outcome, before };
  }
}

function insertPlanned(connection: Connection, target: KnownTable, request: UpsertRequest, stage: Stage, plan: string) {
  const key = target.column(request.key.column).name;
  const brought = stage.columns.map((name, at) => ({ name, at })).filter(({ name }) => name !== key);
  const taken = new Set([key, ...brought.map(({ name }) => name)]);
  const constant = constants(target, { ...request.onInsert, ...request.stamps });
  const extra = constant.names.map((name, at) => ({ name, value: constant.values[at] ?? null }));
  const added = extra.filter(({ name }) => !taken.has(name));
  const names = [key, ...brought.map(({ name }) => name), ...added.map(({ name }) => name)];
  const values = ['p.k', ...brought.map(({ at }) => `s.v${at}`), ...added.map(() => '?')];
  connection
    .prepare(
      `INSERT INTO ${quote(target.name)} (${names.map(quote).join(', ')}) SELECT ${values.join(', ')}
       FROM ${plan} p CROSS JOIN ${stage.name} s ON s.n = p.n WHERE p.a = ${action.insert}`,
    )
    .run(...added.map(({ value }) => value));
}

function updatePlanned(connection: Connection, target: KnownTable, request: UpsertRequest, stage: Stage, plan: string) {
  const key = target.column(request.key.column).name;
  const skipped = new Set([key, ...(request.insertOnly ?? []).map((name) => target.column(name).name)]);
  const constant = constants(target, request.stamps);
  const set = [
    ...constant.names.map((name) => `${quote(name)} = ?`),
    ...stage.columns.flatMap((name, at) =>
      skipped.has(name) || constant.names.includes(name) ? [] : [`${quote(name)} = s.v${at}`],
    ),
  ];
  connection
    .prepare(
      `UPDATE ${quote(target.name)} SET ${set.join(', ')} FROM ${plan} p CROSS JOIN ${stage.name} s ON s.n = p.n
       WHERE p.a = ${action.update} AND ${quote(target.name)}.${quote(key)} = p.k`,
    )
    .run(...constant.values);
}

function insertLinks(connection: Connection, link: KnownTable, request: UpsertRequest, stage: Stage, plan: string) {
  if (!request.link) return;
  const { keyColumn, idColumn, scope, onInsert } = request.link;
  const fromRow = new Set([...stage.linkColumns, link.column(keyColumn).name, link.column(idColumn).name]);
  const constant = constants(link, { ...onInsert, ...scope });
  const added = constant.names
    .map((name, at) => ({ name, value: constant.values[at] ?? null }))
    .filter(({ name }) => !fromRow.has(name));
  const names = [...added.map(({ name }) => name), ...fromRow];
  const values = [...added.map(() => '?'), ...stage.linkColumns.map((_, at) => `s.l${at}`), 'p.k', 's.e'];
  connection
    .prepare(
      `INSERT INTO ${quote(link.name)} (${names.map(quote).join(', ')}) SELECT ${values.join(', ')}
       FROM ${plan} p CROSS JOIN ${stage.name} s ON s.n = p.n WHERE p.la = ${action.insert}`,
    )
    .run(...added.map(({ value }) => value));
}

function updateLinks(connection: Connection, link: KnownTable, request: UpsertRequest, stage: Stage, plan: string) {
  if (!request.link) return;
  const set = [
    `${quote(link.column(request.link.keyColumn).name)} = p.k`,
    ...stage.linkColumns.map((name, at) => `${quote(name)} = s.l${at}`),
  ];
  connection
    .prepare(
      `UPDATE ${quote(link.name)} SET ${set.join(', ')} FROM ${plan} p CROSS JOIN ${stage.name} s ON s.n = p.n
       WHERE p.la = ${action.update} AND ${quote(link.name)}.rowid = p.lr`,
    )
    .run();
}
