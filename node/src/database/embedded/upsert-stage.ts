import type { SQLInputValue } from 'node:sqlite';
import { IntegratorError } from '../../errors/integrator-error.ts';
import type { UpsertRequest } from '../upsert.ts';
import { writingEncoder } from './column-values.ts';
import type { Connection, KnownTable } from './connection.ts';
import { quote, storageOf } from './table-definitions.ts';

/** The rows of one request in a session table: `n` the row's place, `k` its known key, `e` its third-party id. */
export interface Stage {
  readonly name: string;
  /** Real names of the request's columns; the n-th stands in the stage's column `v<n>`. */
  readonly columns: readonly string[];
  /** Real names of the link's value columns; the n-th stands in the stage's column `l<n>`. */
  readonly linkColumns: readonly string[];
  /** Why a row was refused before it came to the stage, by its place. */
  readonly refused: ReadonlyMap<number, string>;
}

function linkColumnNames(request: UpsertRequest): string[] {
  const names = new Set<string>();
  for (const row of request.rows) for (const name in row.linkValues) names.add(name);
  return [...names];
}

/** Stages the request's rows, each value in the form its column stores. */
export function stageRows(
  connection: Connection,
  request: UpsertRequest,
  target: KnownTable,
  link: KnownTable | undefined,
): Stage {
  const columns = request.columns.map((name) => target.column(name));
  const linkNames = link ? linkColumnNames(request) : [];
  const linkColumns = linkNames.map((name) => link?.column(name)).filter((column) => column !== undefined);
  const definition = [
    'n INTEGER PRIMARY KEY, k INTEGER, e TEXT, kept INTEGER',
    ...columns.map((column, at) => `v${at} ${storageOf(column.type)}`),
    ...linkColumns.map((column, at) => `l${at} ${storageOf(column.type)}`),
  ].join(', ');
  const name = connection.temporaryTable(definition);
  connection.database.exec(`DELETE FROM ${name}`);
  const width = 4 + columns.length + linkColumns.length;
  const insert = connection.prepare(`INSERT INTO ${name} VALUES (${Array(width).fill('?').join(', ')})`);
  const encoders = columns.map(writingEncoder);
  const linkEncoders = linkColumns.map(writingEncoder);
  const idEncoder = link && request.link ? writingEncoder(link.column(request.link.idColumn)) : undefined;
  const refused = new Map<number, string>();
  const values: SQLInputValue[] = new Array<SQLInputValue>(width).fill(null);
  for (const [place, row] of request.rows.entries()) {
    try {
      values[0] = place;
      values[1] = row.key ?? null;
      values[2] = idEncoder && row.linkId !== undefined ? idEncoder(row.linkId) : null;
      values[3] = row.linkValues ? 1 : 0;
      let at = 4;
      for (let column = 0; column < encoders.length; column++) {
        values[at++] = encoders[column]?.(row.values[request.columns[column] ?? '']) ?? null;
      }
      for (let column = 0; column < linkEncoders.length; column++) {
        values[at++] = row.linkValues
          ? (linkEncoders[column]?.(row.linkValues[linkNames[column] ?? '']) ?? null)
          : null;
      }
      insert.run(...values);
    } catch (error) {
      if (!(error instanceof IntegratorError)) throw error;
      refused.set(place, error.message);
    }
  }
  return {
    name,
    columns: columns.map((column) => column.name),
    linkColumns: linkColumns.map((column) => column.name),
    refused,
  };
}

/** SQL that is true where a stored text, number or date differs from the staged one; null equals null, case counts. */
export function differs(
  alias: string,
  table: KnownTable,
  columns: readonly string[],
  prefix: string,
  ignored: ReadonlySet<string>,
): string {
  const same = columns.flatMap((name, at) =>
    ignored.has(name)
      ? []
      : [
          `${alias}.${quote(name)} IS s.${prefix}${at}${storageOf(table.column(name).type) === 'TEXT' ? ' COLLATE BINARY' : ''}`,
        ],
  );
  return same.length === 0 ? '0' : `NOT (${same.join(' AND ')})`;
}
