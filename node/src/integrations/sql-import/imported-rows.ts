import type { RecordShape } from '../../reading/record-shape.ts';
import type { VendorPage } from '../../reading/vendor-page.ts';
import type { DescribedContext } from '../kit/descriptor/described-context.ts';
import { openSourceDatabase } from '../kit/sql/open-source-database.ts';
import type { SourceRow, SourceValue } from '../kit/sql/source-database.ts';
import type { Source } from '../source.ts';
import { addressOf } from './import-settings.ts';
import { presetFor, presetQuery } from './presets.ts';
import { SourceImportError } from '../../errors/source-database-errors.ts';
import { textIn } from '../halo-row.ts';

const pageSize = 1000;
const usualTimeout = 30;

/** A row of an import's query, with what Halo's row says its columns are. */
export interface ImportedRow {
  readonly id: string | undefined;
  readonly row: SourceRow;
  /** Values by Halo's field, as the import's field mappings say, in lower case without spaces. */
  readonly mapped: ReadonlyMap<string, SourceValue>;
  readonly type: string | undefined;
  readonly site: string | undefined;
  readonly user: string | undefined;
}

/** The rows of an import's query, or of ours where it has none. */
export function importedRows(context: DescribedContext): Source<ImportedRow> {
  const shape: RecordShape<ImportedRow> = {
    troubleOf: () => undefined,
    fits: (record): record is ImportedRow => record !== undefined,
    idOf: (record) => (record as ImportedRow).id,
    nameOf: (record) => text((record as ImportedRow).row, 'name'),
  };
  return { shape, pages: () => readRows(context) };
}

async function* readRows({ connection, settings, api }: DescribedContext): AsyncGenerator<VendorPage> {
  const { row: own, name } = connection;
  await using database = await openSourceDatabase(addressOf({ connection, settings }));
  const preset = presetFor(`${name} ${textIn(own['SItable']) ?? ''}`);
  const given = textIn(own['SIsql']);
  if (given === undefined && !preset)
    throw new SourceImportError(
      name,
      'it has no query',
      'Write its query in Halo; one of ours there is only for Configuration Manager and Lansweeper.',
    );
  const query = given ?? (preset ? await presetQuery(preset, name, database) : '');
  const column = (named: string, ours?: string): string | undefined =>
    (textIn(own[named]) ?? (given === undefined ? ours : undefined))?.toLowerCase();
  const columns = {
    id: column('SIkeyfield', preset?.key.as),
    type: column('SIdatafield1', preset?.type),
    site: column('SIdatafield2'),
    user: column('SIdatafield3', preset?.user),
  };
  if (columns.id === undefined)
    throw new SourceImportError(name, 'it names no key field', 'Name the column that tells its records apart in Halo.');
  const fields = await mappedColumns(connection.id, api);
  const timeoutSeconds = Number(own['sitimeout'] ?? usualTimeout) || usualTimeout;
  let position = 0;
  let held: VendorPage | undefined;
  for await (const rows of database.read({ name, text: query, pageSize, timeoutSeconds })) {
    if (held) yield held;
    const [first] = rows;
    if (position === 0 && first && !(columns.id in first))
      throw new SourceImportError(
        name,
        `its query gives no column "${columns.id}", its key field`,
        'Correct query or key field in Halo.',
      );
    held = {
      records: rows.map((row) => imported(row, columns, fields)),
      list: { begins: position === 0, items: rows.length, position },
    };
    position += rows.length;
  }
  // The server said that there are no more rows.
  if (held) yield { ...held, list: { ...held.list, end: 'no-next' } };
}

function imported(
  row: SourceRow,
  columns: Readonly<Record<'id' | 'type' | 'site' | 'user', string | undefined>>,
  fields: readonly (readonly [column: string, field: string])[],
): ImportedRow {
  const at = (column: string | undefined): string | undefined => (column === undefined ? undefined : text(row, column));
  return {
    row,
    mapped: new Map(
      fields.flatMap(([column, field]) => (row[column] === undefined ? [] : [[field, row[column]] as const])),
    ),
    ...{ id: at(columns.id), type: at(columns.type), site: at(columns.site), user: at(columns.user) },
  };
}

/** The import's field mappings (SQLIMPORTFIELD): column and field of Halo's. */
async function mappedColumns(
  importId: number,
  api: DescribedContext['api'],
): Promise<readonly (readonly [column: string, field: string])[]> {
  const rows = await api.settingsRows('SQLIMPORTFIELD', { SIFsiid: importId });
  return rows.flatMap((row) => {
    const [column, field] = [textIn(row['SIFthirdpartyname']), textIn(row['SIFnhdname'])];
    return column === undefined || field === undefined ? [] : [[column.toLowerCase(), plain(field)] as const];
  });
}

/** A field's name without what differs between names, columns and words of Halo's screens. */
export function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** A value of a row as text; undefined where there is none. */
export function text(row: SourceRow, column: string): string | undefined {
  const value = row[column];
  if (value === null || value === undefined) return undefined;
  const written = value instanceof Date ? value.toISOString() : String(value).trim();
  return written === '' ? undefined : written;
}
