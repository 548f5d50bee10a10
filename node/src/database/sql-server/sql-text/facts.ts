import type { TableRight } from '../../database.ts';
import type { Statement } from './select.ts';

/**
 * The columns of the named tables; keys have a place in `keyPlace`, `leadsIndex` says of the first column of an index that holds every
 * row, and `indexes` and `tableIndexes` count the indexes beside the table itself that hold the column, and all there are.
 */
export function describeTables(tables: readonly string[]): Statement {
  return {
    sql: `SELECT t.[name] AS [table], c.[name], ty.[name] AS [type], c.[max_length] AS [length], c.[precision], c.[scale], c.[collation_name] AS [collation], c.[is_nullable] AS [nullable],
  c.[is_identity] AS [identity], c.[is_computed] AS [computed], CAST(IIF(c.[default_object_id] <> 0, 1, 0) AS bit) AS [hasDefault],
  k.[key_ordinal] AS [keyPlace],
  CAST(ISNULL(x.[leads], 0) AS bit) AS [leadsIndex], ISNULL(x.[beside], 0) AS [indexes],
  ISNULL(b.[beside], 0) AS [tableIndexes]
FROM sys.tables t
JOIN sys.columns c ON c.[object_id] = t.[object_id]
JOIN sys.types ty ON ty.[user_type_id] = c.[system_type_id]
LEFT JOIN sys.indexes i ON i.[object_id] = t.[object_id] AND i.[is_primary_key] = 1
LEFT JOIN sys.index_columns k ON k.[object_id] = t.[object_id] AND k.[index_id] = i.[index_id] AND k.[column_id] = c.[column_id]
LEFT JOIN (SELECT ic.[object_id], ic.[column_id], MAX(CASE WHEN ic.[key_ordinal] = 1 AND ix.[has_filter] = 0 THEN 1 ELSE 0 END) AS [leads],
  SUM(CASE WHEN ix.[type] = 2 THEN 1 ELSE 0 END) AS [beside] FROM sys.index_columns ic
  JOIN sys.indexes ix ON ix.[object_id] = ic.[object_id] AND ix.[index_id] = ic.[index_id]
  WHERE ix.[type] IN (1, 2) AND ix.[is_disabled] = 0 AND ix.[is_hypothetical] = 0
  GROUP BY ic.[object_id], ic.[column_id]) x
  ON x.[object_id] = c.[object_id] AND x.[column_id] = c.[column_id]
LEFT JOIN (SELECT [object_id], COUNT(*) AS [beside] FROM sys.indexes WHERE [type] = 2 AND [is_disabled] = 0 AND [is_hypothetical] = 0 GROUP BY [object_id]) b
  ON b.[object_id] = t.[object_id]
WHERE t.[schema_id] = SCHEMA_ID(N'dbo')
  AND t.[name] COLLATE Latin1_General_CI_AS IN (${tables.map((_, at) => `@p${at}`).join(', ') || 'NULL'})
ORDER BY t.[name], c.[column_id]`,
    values: tables,
  };
}

/** Which of the rights asked for the login lacks. */
export function lackingRights(needs: ReadonlyMap<string, readonly TableRight[]>): Statement {
  // Neither this nor the description of tables may need OPENJSON: they are asked before it is known to be there.
  const values: string[] = [];
  const rows = [...needs].flatMap(([table, rights]) =>
    rights.map((need) => {
      values.push(table, need);
      return `(@p${values.length - 2}, @p${values.length - 1})`;
    }),
  );
  return {
    sql: `SELECT n.[need], n.[table] FROM (VALUES ${rows.join(', ')}) n ([table], [need])
WHERE ISNULL(HAS_PERMS_BY_NAME(N'dbo.' + QUOTENAME(n.[table]), N'OBJECT', n.[need]), 0) = 0`,
    values,
  };
}

/** The server's views tell its own time. */
function utc(time: string): string {
  return `DATEADD(minute, DATEDIFF(minute, GETDATE(), GETUTCDATE()), ${time})`;
}

/**
 * Who holds an application lock of this database; needs VIEW SERVER STATE. The server shows the first 32 characters of its
 * name, so a session of the same purpose goes first.
 */
export function lockHolder(name: string): Statement {
  return {
    sql: `SELECT s.[host_name] AS [host], s.[program_name] AS [program], s.[host_process_id] AS [process], ${utc('s.[login_time]')} AS [since]
FROM sys.dm_tran_locks l JOIN sys.dm_exec_sessions s ON s.[session_id] = l.[request_session_id]
WHERE l.[resource_type] = 'APPLICATION' AND l.[resource_database_id] = DB_ID() AND l.[request_status] = 'GRANT'
  AND l.[resource_description] LIKE @p0 ESCAPE N'\\' AND s.[session_id] <> @@SPID
ORDER BY CASE WHEN s.[program_name] = APP_NAME() THEN 0 ELSE 1 END, s.[login_time]`,
    values: [`%[[]${name.slice(0, 32).replaceAll(/[\\%_[]/g, (found) => `\\${found}`)}%`],
  };
}

/** Who has been at the same for longest, where the server does not show its locks: sessions are named after what they do. */
export const sessionsOfSamePurpose: Statement = {
  sql: `SELECT [host_name] AS [host], [program_name] AS [program], [host_process_id] AS [process], ${utc('[login_time]')} AS [since]
FROM sys.dm_exec_sessions WHERE [program_name] = APP_NAME() AND [database_id] = DB_ID() AND [session_id] <> @@SPID ORDER BY [login_time]`,
  values: [],
};

/**
 * Who has locks on one of these tables, the one whose transaction is the oldest first, and for how many seconds; needs VIEW SERVER STATE.
 * Those who only mean to read some rows come last.
 */
export function tableHolder(tables: readonly string[]): Statement {
  return {
    sql: `SELECT TOP (1) t.[name] AS [table], s.[host_name] AS [host], s.[program_name] AS [program], s.[login_name] AS [login], s.[host_process_id] AS [process],
  DATEDIFF(second, a.[transaction_begin_time], GETDATE()) AS [seconds]
FROM sys.dm_tran_locks l JOIN sys.tables t ON t.[object_id] = l.[resource_associated_entity_id]
JOIN sys.dm_exec_sessions s ON s.[session_id] = l.[request_session_id]
LEFT JOIN sys.dm_tran_active_transactions a ON a.[transaction_id] = l.[request_owner_id]
WHERE l.[resource_type] = N'OBJECT' AND l.[resource_database_id] = DB_ID() AND l.[request_status] = N'GRANT'
  AND l.[request_mode] <> N'Sch-S' AND s.[session_id] <> @@SPID AND t.[name] IN (${tables.map((_, at) => `@p${at}`).join(', ')})
ORDER BY CASE WHEN l.[request_mode] = N'IS' THEN 1 ELSE 0 END, a.[transaction_begin_time]`,
    values: tables,
  };
}

/** The server's version line. */
export const version: Statement = { sql: 'SELECT @@VERSION AS [version]', values: [] };

/** The compatibility level of the database connected to. */
export const compatibilityLevel: Statement = {
  sql: 'SELECT [compatibility_level] AS [level] FROM sys.databases WHERE [database_id] = DB_ID()',
  values: [],
};
