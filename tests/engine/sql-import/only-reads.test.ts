import { describe, expect, it } from '@jest/globals';
import { onlyReads } from '../../../node/src/integrations/kit/sql/only-reads.ts';
import type { SourceDialect } from '../../../node/src/integrations/kit/sql/source-database.ts';

const reads: readonly (readonly [SourceDialect, string])[] = [
  ['sql-server', 'SELECT a FROM b'],
  [
    'sql-server',
    '  -- drop it\n /* delete */ WITH x AS (SELECT [update], "delete" FROM [dbo].[into]) SELECT * FROM x;',
  ],
  ['sql-server', "SELECT 'it''s; drop table x' AS word, N'exec' FROM t WHERE updated_at > 1 ;;"],
  ['sql-server', 'select createdate, deleted, [set], executive, @@version from t'],
  ['mysql', "SELECT `update`, \"drop\", 'it\\'s; delete' FROM t # truncate"],
  ['postgresql', "SELECT $tag$ drop; $tag$, E'\\'; delete' FROM \"into\""],
];
const writes: readonly (readonly [SourceDialect, string])[] = [
  ['sql-server', ''],
  ['sql-server', '-- only words'],
  ['sql-server', 'UPDATE t SET a = 1'],
  ['sql-server', 'select * into copy from t'],
  ['sql-server', 'SELECT 1; DELETE FROM t'],
  ['sql-server', 'SELECT 1 DELETE FROM t'],
  ['sql-server', 'WITH x AS (SELECT 1 AS a) DELETE FROM t'],
  ['sql-server', "SELECT * FROM OPENROWSET('a', 'b', 'delete from t')"],
  ['sql-server', 'EXEC sp_who'],
  ['sql-server', "SELECT 'a' /* ' */ ; drop table t -- '"],
  ['sql-server', "WAITFOR DELAY '1:00'"],
  ['sql-server', "SELECT 1 WAITFOR DELAY '1:00'"],
  ['mysql', 'SELECT 1 /*!50000 INTO OUTFILE "/tmp/x" */'],
  ['mysql', 'SELECT 1 /*M! ; drop table t */'],
  ['mysql', 'SELECT a INTO @x FROM t'],
  ['postgresql', 'WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone'],
  ['postgresql', 'SELECT 1; COMMIT; DROP TABLE t'],
];

describe('the query of an import', () => {
  it.each(reads)('%s: %j is sent', (dialect, text) => {
    expect(() => onlyReads('x', text, dialect)).not.toThrow();
  });
  it.each(writes)('%s: %j is refused', (dialect, text) => {
    expect(() => onlyReads('x', text, dialect)).toThrow(/was not sent/);
  });
});
