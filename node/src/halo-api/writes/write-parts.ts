import type { ActualTable, Row } from '../../database/database.ts';
import type { RowOutcome, StagedRow, UpsertLink, UpsertMatch, UpsertRequest } from '../../database/upsert.ts';
import { linkTableId } from '../inferred.ts';
import type { LinkScope } from '../halo-records.ts';
import type { HaloUpsertOptions } from '../upsert-options.ts';
import { type RecordShape } from './record-columns.ts';
import type { Field, Resource } from '../resources/resource.ts';
import type { ChangeClock } from './change-clock.ts';
import { type TraceParts } from './write-traces.ts';

/** What writing a batch needs. */
export interface WriteParts extends TraceParts {
  readonly resource: Resource;
  readonly table: ActualTable;
  readonly options: HaloUpsertOptions;
  /** Rows that no record is. */
  readonly reserved?: UpsertRequest['reserved'];
  /** Told of every row that is written. */
  readonly clock: ChangeClock;
  missingColumn(field: Field): void;
  /** A table that is written beside the resource's own. Throws MissingTableError. */
  tableOf(name: string): Promise<ActualTable>;
  /** Whether this Halo has the table. */
  hasTable(name: string): Promise<boolean>;
  /** Those of the columns that this Halo has; of the others it is said once that they are not written. */
  toWrite(table: ActualTable, columns: readonly string[]): readonly string[];
  /** Says something that the administrator should know, once a session. */
  warnOnce(message: string): void;
  /** Told of each record that Halo has after the write, by its place: what came of its row, and the values it brought. */
  readonly told?: (place: number, outcome: RowOutcome & { readonly key: number }, values: Row) => void;
  /** Whether this Halo's ExternalLink has the column; says so once where it has not. */
  hasLinkColumn(name: string): boolean;
}

/** Records that bring the same fields; a shape that is a text says why none of them can be written. */
export interface Group {
  readonly shape: RecordShape | string;
  /** None of them may be created. */
  readonly updateOnly: boolean;
  readonly places: number[];
  readonly rows: StagedRow[];
  /** Existing rows have been looked for already: rows without a key are new. */
  readonly resolved?: boolean;
}

/** The fields records that are not linked yet are found by, as matches of columns. */
export function columnMatches({
  resource,
  table,
  options,
}: Pick<WriteParts, 'resource' | 'table' | 'options'>): Extract<UpsertMatch, { by: 'columns' }>[] {
  const columnOf = (json: string): string => resource.fields.find((field) => field.json === json)?.column ?? json;
  const own = options.ownIdField === undefined ? undefined : columnOf(options.ownIdField);
  return (options.matchFields ?? []).map((names) => {
    const columns = names.map(columnOf);
    const owned = own !== undefined && table.columns.has(own) && !columns.includes(own);
    return { by: 'columns', columns, ...(owned && { whereEmpty: own }) };
  });
}

/** The ExternalLink row kept for each record of a connection. */
export function linkOf(
  resource: Resource,
  scope: LinkScope,
  settings: TraceParts['settings'],
  now: Date,
): UpsertLink | undefined {
  const tableId = linkTableId(resource.name, settings);
  if (tableId === undefined) return undefined;
  return {
    table: 'ExternalLink',
    keyColumn: 'ELHaloId',
    idColumn: 'ELThirdPartyId',
    scope: { ELTableId: tableId, ELModuleId: scope.module_id, ELDetailsId: scope.details_id },
    general: 'ELDetailsId',
    onInsert: { ELIsPrimary: true, ELdatecreated: now, ELdateupdated: now },
    onUpdate: { ELdateupdated: now },
  };
}
