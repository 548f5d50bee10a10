import type { Database } from '../database/database.ts';
import { reportOf } from '../errors/integrator-error.ts';
import type { SyncParts } from '../sync/sync.ts';
import type { Check } from './check.ts';

/** Checks of the database that is reached; false where nothing behind them could work. */
export async function databaseChecks(parts: SyncParts, checks: Check[]): Promise<boolean> {
  for (const check of [levelChecks, tableChecks, rightsChecks]) {
    try {
      const { found, goOn } = await check(parts);
      checks.push(...found);
      if (!goOn) return false;
    } catch (error) {
      const report = reportOf(error);
      checks.push({ name: 'Database', passed: false, detail: report.message, fix: report.advice });
      return false;
    }
  }
  return true;
}

interface Findings {
  readonly found: readonly Check[];
  readonly goOn: boolean;
}

/** First of all, since everything behind it needs what an older level lacks. */
async function levelChecks({ database }: SyncParts): Promise<Findings> {
  const problems = await database.problems();
  return {
    goOn: true,
    found: problems.map((detail) => ({
      name: 'Database set-up',
      passed: false,
      detail,
      fix:
        database.kind === 'sql-server'
          ? 'Let the administrator of the SQL Server raise it: ALTER DATABASE … SET COMPATIBILITY_LEVEL = 130, or higher.'
          : 'Restore the file from a copy.',
    })),
  };
}

/** Missing tables switch entities off, missing columns leave fields out; with hardly any of them it is no Halo at all. */
async function tableChecks({ database }: SyncParts): Promise<Findings> {
  const { missingTables, missingColumns, asked } = await missingParts(database);
  const said = [
    ...(missingTables.length > 0 ? [`Missing tables: ${missingTables.join(', ')}.`] : []),
    ...(missingColumns.length > 0 ? [`Missing columns, whose fields are left out: ${missingColumns.join(', ')}.`] : []),
  ];
  const passed = missingTables.length === 0;
  return {
    goOn: missingTables.length * 2 < asked,
    found: [
      {
        name: 'Halo tables',
        passed,
        detail: said.join(' ') || 'The tables and columns used are there.',
        fix: passed ? '' : 'Check that Database.Name is the Halo database, and that Halo is up to date.',
      },
    ],
  };
}

async function missingParts(database: Database) {
  const { resources } = await import('../halo-api/resources/index.ts');
  const asked = [...new Set([...resources.values()].map(({ table }) => table))];
  const tables = await database.describe(asked);
  const missingColumns = new Set<string>();
  for (const { table, fields } of resources.values())
    for (const { column } of fields)
      if (!column.includes('.') && tables.get(table)?.columns.has(column) === false)
        missingColumns.add(`${table}.${column}`);
  return {
    asked: asked.length,
    missingTables: asked.filter((table) => !tables.has(table)),
    missingColumns: [...missingColumns],
  };
}

/** What the entities that are on here need, table by table. */
async function rightsChecks(parts: SyncParts): Promise<Findings> {
  const { neededRights } = await import('./needed-rights.ts');
  const { enabledHere } = await import('../sync/plan.ts');
  const needs = neededRights(parts.registry, (integration, entity) => enabledHere(parts, integration, entity));
  const lacking = await parts.database.missingRights(needs);
  const passed = lacking.length === 0;
  return {
    goOn: true,
    found: [
      {
        name: 'Database rights',
        passed,
        detail: passed ? 'The login has the rights it needs for what is on here.' : `Missing: ${lacking.join('; ')}.`,
        fix: passed ? '' : 'Run scripts/grant-halo-rights.sql in the Halo database, as its owner.',
      },
    ],
  };
}
