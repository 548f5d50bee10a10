import type { ActualTable, Row, Value } from '../database.ts';
import type { LinkSource } from './link-index.ts';
import { type Statement } from './sql-text/select.ts';
import { type StageColumn } from './sql-text/stage.ts';

/** What writing inside one transaction needs of its connection. */
export interface TransactionTools {
  run(statement: Statement): Promise<Row[]>;
  /** Runs an insert whose numbers were allocated; one that somebody else took throws AllocationConflictError, which is retried. */
  insert(statement: Statement, table: string, key: string): Promise<Row[]>;
  table(name: string): Promise<ActualTable>;
  /** A name for a session table that is not in use. */
  nameStage(): string;
  stage(name: string, columns: readonly StageColumn[], rows: readonly (readonly Value[])[]): Promise<void>;
  drop(stages: readonly string[]): Promise<void>;
  /**
   * The session table in which links are looked up by these ids, or by the records they lead to; undefined where the links themselves are to
   * be looked through.
   */
  linkIndex(source: LinkSource, ids?: readonly (string | undefined)[]): Promise<string | undefined>;
  /** Told of each table whose rows are changed. */
  touched(table: string): void;
  /** Values for columns that take no null, have no default and are newer than the schema facts. */
  fillers(table: ActualTable, given: ReadonlySet<string>): Row;
}
