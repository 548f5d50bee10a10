import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ActualColumn, ActualTable } from '../../../node/src/database/database.ts';
import { columnOf } from '../../../node/src/database/sql-server/column-of.ts';
import { haloSchema, schemaTable } from '../../../node/src/database/schema/index.ts';
import { readSettings, sessionSettings } from '../../../node/src/database/sql-server/sql-server-session.ts';
import * as facts from '../../../node/src/database/sql-server/sql-text/facts.ts';
import {
  createLinkIndex,
  fillLinkIndex,
  orderLinkIndex,
  refreshLinkIndex,
  type LinkIndexNames,
} from '../../../node/src/database/sql-server/sql-text/link-index.ts';
import { insertStaged } from '../../../node/src/database/sql-server/sql-text/insert.ts';
import { selectLinks } from '../../../node/src/database/sql-server/sql-text/link-query.ts';
import * as numbers from '../../../node/src/database/sql-server/sql-text/numbers.ts';
import { increment, stamp, update } from '../../../node/src/database/sql-server/sql-text/update.ts';
import { acquireLock, releaseLock } from '../../../node/src/database/sql-server/sql-text/locks.ts';
import { count, select } from '../../../node/src/database/sql-server/sql-text/select.ts';
import {
  createStage,
  dropStages,
  fillFromJson,
  numberColumn,
} from '../../../node/src/database/sql-server/sql-text/stage.ts';
import { besideHashes, rowHashes } from '../../../node/src/database/sql-server/sql-text/fingerprint.ts';
import * as put from '../../../node/src/database/sql-server/sql-text/put.ts';
import * as find from '../../../node/src/database/sql-server/sql-text/find.ts';
import * as upsert from '../../../node/src/database/sql-server/sql-text/upsert.ts';
import { grantScript } from '../../../node/src/commands/needed-rights.ts';
import { integrations } from '../../../node/src/integrations/registry.ts';
import { resources } from '../../../node/src/halo-api/resources/index.ts';
import { filterNames } from '../../../node/src/halo-api/reads/list-filters.ts';
import { listingOf } from '../../../node/src/halo-api/reads/list.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const part = { from: 0, to: 1999 };
const everyCondition = {
  all: [
    { any: [{ column: 'a.x', is: 'null' }, { not: { column: 'x', is: 'not-null' } }] },
    { column: 'x', is: 'in', values: [1, 2] },
    { column: 'x', is: 'in', values: ["o'Neil", 'b'] },
    { column: 'x', is: 'in', values: [1.5] },
    { column: 'x', is: 'in', values: [] },
    { column: 'x', is: 'contains', value: "50% [of] it's" },
    { column: 'x', is: 'starts-with', value: '_' },
    { column: 'x', is: 'equal', value: null },
    ...(['equal', 'less', 'less-or-equal', 'greater', 'greater-or-equal'] as const).map((is) => ({
      column: 'x',
      is,
      value: 1,
    })),
    { all: [] },
    { any: [] },
  ],
} as const;

function upsertStatements(): Record<string, string> {
  const statements: Record<string, string> = {};
  for (const [name] of haloSchema) {
    const table = schemaTable(name);
    if (!table) continue;
    const columns: ActualColumn[] = [...table.columns.values()].filter((column) => !column.identity);
    const link: upsert.LinkNames = {
      table: 'ExternalLink',
      rowKey: 'ELid',
      rowKeyLeads: true,
      keyColumn: 'ELHaloId',
      idColumn: 'ELThirdPartyId',
      scope: { ELTableId: 1, ELDetailsId: 3 },
      general: 'ELDetailsId',
      columns: [...(schemaTable('ExternalLink')?.columns.values() ?? [])].filter(
        ({ name }) => name === 'ELThirdPartyDesc',
      ),
    };
    const names: upsert.UpsertNames = {
      stage: '#halo_stage_1',
      found: '#halo_stage_2',
      todo: '#halo_stage_3',
      table: name,
      key: table.primaryKey[0] ?? columns[0]?.name ?? '',
      keyLeads: true,
      located: [],
      columns,
      compared: columns.map((_, at) => at),
      before: columns.slice(0, 2).map((column) => column.name),
      link,
    };
    const indexed: upsert.UpsertNames = { ...names, link: { ...link, index: '#halo_links_1' } };
    const idColumn = columnOf(schemaTable('ExternalLink') as ActualTable, link.idColumn);
    const index: LinkIndexNames = {
      name: '#halo_links_1',
      table: link.table,
      rowKey: link.rowKey,
      keyColumn: link.keyColumn,
      idColumn,
      scope: { ELTableId: 1, ELModuleId: null },
    };
    const unlinked: upsert.UpsertNames = { ...names };
    delete (unlinked as { link?: unknown }).link;
    const staged = [numberColumn('n'), ...columns.map((column, at) => ({ name: `v${at}`, column }))];
    const putNames: put.PutNames = {
      stage: '#halo_stage_1',
      table: name,
      known: columns.slice(0, 2),
      columns: columns.slice(2),
    };
    const said = {
      create: createStage('#halo_stage_1', staged),
      fill: fillFromJson('#halo_stage_1', staged),
      byKey: find.findInto('#halo_stage_2', names, { by: 'key' }, 0).sql,
      byLink: find.findInto('#halo_stage_2', names, { by: 'link' }, 0).sql,
      byGeneralLink: find.findInto('#halo_stage_2', names, { by: 'link', orGeneral: true }, 0).sql,
      byColumns: find.findInto('#halo_stage_2', names, { by: 'columns', places: [0, 1] }, 0).sql,
      byColumnsWhereEmpty: find.findInto(
        '#halo_stage_2',
        names,
        { by: 'columns', places: [0], ...(columns[0] && { whereEmpty: columns[0].name }) },
        1,
      ).sql,
      byColumnsUnlinked: find.findInto('#halo_stage_2', unlinked, { by: 'columns', places: [0] }, 0).sql,
      found: find.readFound(names).sql,
      foundByKey: find.readFound({ ...unlinked, found: undefined }, { by: 'key' }).sql,
      foundByLink: find.readFound({ ...names, found: undefined }, { by: 'link' }).sql,
      foundByGeneralLink: find.readFound({ ...names, found: undefined }, { by: 'link', orGeneral: true }).sql,
      createLinkIndex: createLinkIndex(index),
      orderLinkIndex: orderLinkIndex(index),
      fillLinkIndex: fillLinkIndex(index, undefined).sql,
      addToLinkIndex: fillLinkIndex(index, 5).sql,
      refreshLinkIndex: refreshLinkIndex(index).sql,
      noteMovedLinks: upsert.noteMovedLinks(indexed, '#halo_links_1', { from: 0, to: 9 }).sql,
      byColumnsIndexed: find.findInto('#halo_stage_2', indexed, { by: 'columns', places: [0, 1] }, 0).sql,
      byIndexedLink: find.findInto('#halo_stage_2', indexed, { by: 'link' }, 0).sql,
      foundIndexed: find.readFound(indexed).sql,
      foundByIndexedLink: find.readFound({ ...indexed, found: undefined }, { by: 'link', orGeneral: true }).sql,
      foundByColumns: find.readFound({ ...unlinked, found: undefined }, { by: 'columns', places: [0] }).sql,
      foundUnlinked: find.readFound({ ...unlinked, compared: [], before: [] }).sql,
      fingerprint: rowHashes(
        {
          table: name,
          key: names.key,
          keys: [[1, 5]],
          columns: columns.map((column) => column.name),
          link: { ...link, columns: [link.idColumn] },
        },
        (of, column) => columnOf(schemaTable(of) as ActualTable, column),
      ).sql,
      fingerprintIndexed: rowHashes(
        {
          table: name,
          key: names.key,
          keys: [[1, 5]],
          columns: columns.map((column) => column.name),
          link: { ...link, columns: [link.idColumn] },
        },
        (of, column) => columnOf(schemaTable(of) as ActualTable, column),
        '#halo_links_1',
      ).sql,
      besideHashes: besideHashes(
        { table: 'DEVICE', key: 'Did', keys: [[1, 5]], columns: [] },
        {
          table: name,
          on: [['Did', names.key]],
          scope: { [names.key]: 1 },
          columns: columns.map((column) => column.name),
        },
        (of, column) => columnOf(schemaTable(of) as ActualTable, column),
      ).sql,
      highest: numbers.highestNumber(name, names.key, true).sql,
      highestSeen: numbers.highestNumber(name, names.key, false).sql,
      numbered: numbers.countNumbered(name, names.key, 1, 2).sql,
      update: upsert.updateRows(names, new Set(), { stamp: new Date() }, part).sql,
      insert: upsert.insertRows(names, new Set(), { stamp: 1 }, false, part).sql,
      updateUnindexed: upsert.updateRows({ ...names, keyLeads: false }, new Set(), {}, part).sql,
      updateLocated: upsert.updateRows({ ...names, keyLeads: false, located: table.primaryKey }, new Set(), {}, part)
        .sql,
      foundLocated: find.readFound({ ...names, located: table.primaryKey }).sql,
      updateKnown: upsert.updateRows({ ...names, whole: 'known' }, new Set(), {}, part).sql,
      insertNew: upsert.insertRows({ ...names, whole: { first: 7 } }, new Set(), {}, false, part).sql,
      insertLinksLocated: upsert.insertLinks({ ...names, located: table.primaryKey }, link, {}, part).sql,
      linkNew: upsert.insertLinks({ ...names, whole: { first: 7 } }, link, {}, part).sql,
      insertIdentity: upsert.insertRows(names, new Set(), {}, true, part).sql,
      keys: upsert.keysOfInserted(names, '[]').sql,
      readOld: upsert.readOld(names, part).sql,
      readOldLocated: upsert.readOld({ ...names, keyLeads: false, located: table.primaryKey }, part).sql,
      readOldKnown: upsert.readOld({ ...names, whole: 'known' }, part).sql,
      readOldLinks: upsert.readOldLinks(names, link, part).sql,
      insertLinks: upsert.insertLinks(names, link, link.scope, part).sql,
      updateLinks: upsert.updateLinks(names, link, { ELdateupdated: new Date() }, part).sql,
      numberNew: upsert.numberNew(names, 7).sql,
      numberStaged: upsert.numberStaged(names, '[]').sql,
      insertNumbered: columns[0]
        ? upsert.insertRows({ ...names, columns: columns.slice(1), numbered: columns[0] }, new Set(), {}, false, part)
            .sql
        : '',
      groups: numbers.highestInGroups(name, names.key, columns.slice(0, 2), true, '[]').sql,
      groupsSeen: numbers.highestInGroups(name, names.key, columns.slice(0, 2), false, '[]').sql,
      plain: insertStaged(
        '#halo_stage_1',
        name,
        columns.map((column) => column.name),
        'Id',
        part,
      ).sql,
      putRead: put.readPut(putNames).sql,
      putUpdate: put.updatePut(putNames, { stamp: 1 }, part).sql,
      putInsert: put.insertPut(putNames, { stamp: 1 }, part).sql,
      drop: dropStages(['#halo_stage_1', '#halo_stage_2']),
    };
    for (const [kind, sql] of Object.entries(said)) statements[`${name} ${kind}`] = sql;
  }
  return statements;
}

const [idColumn, keyColumn] = ['ELThirdPartyId', 'ELHaloId'].map((name) =>
  columnOf(schemaTable('ExternalLink') as ActualTable, name),
) as [ActualColumn, ActualColumn];
const linksQuery = {
  query: {
    from: 'ExternalLink',
    columns: ['ELThirdPartyId', 'target.Aarea'],
    joins: [{ kind: 'inner', table: 'AREA', as: 'target', on: [['ExternalLink.ELHaloId', 'target.Aarea']] }],
    where: { all: [{ column: 'ELTableId', is: 'equal', value: 1 }] },
  },
} as const;

const statements: Record<string, string> = {
  grants: grantScript(integrations),
  session: sessionSettings,
  describe: facts.describeTables(['AREA']).sql,
  rights: facts.lackingRights(new Map([['AREA', ['SELECT']]])).sql,
  holder: facts.lockHolder('a_b').sql,
  sessions: facts.sessionsOfSamePurpose.sql,
  tableHolder: facts.tableHolder(['Licence', 'AREA']).sql,
  version: `${readSettings}; ${facts.version.sql}`,
  level: facts.compatibilityLevel.sql,
  lock: acquireLock('x', 0).sql,
  unlock: releaseLock('x').sql,
  numbering: numbers.lockNumbering('DEVICE', 'Did').sql,
  increment: increment('CHANGESEQ', ['lastseq', 'area']).sql,
  stamp: stamp('ACTIONS', { ACchangeseq: 5 }, ['Faultid', 'actionnumber'], true, '[[1,2]]').sql,
  stampUnindexed: stamp('DEVICE', { Dchangeseq: 5 }, ['Did'], false, '[[1]]').sql,
  update: update('AREA', { AWebsite: 'x' }, everyCondition).sql,
  count: count('AREA', everyCondition).sql,
  countDifferent: count('AREA', everyCondition, 'Atreeid').sql,
  select: select({
    from: 'a]b',
    as: 'a',
    columns: ['x', { column: 'b.y', as: 'z' }],
    joins: [{ kind: 'left', table: 'T', as: 'b', on: [['x', 'y']], where: everyCondition }],
    where: everyCondition,
    limit: 5,
  }).sql,
  linksByIds: selectLinks(
    { ...linksQuery, values: ['a', 'b"c'], column: idColumn, by: 'e' },
    '#halo_links_1',
    'ELid',
    (name) => (name === 'target.Aarea' ? { ...keyColumn, leadsIndex: true } : undefined),
  ).sql,
  linksByRecords: selectLinks({ ...linksQuery, values: [1, 2], column: keyColumn, by: 'h' }, '#halo_links_1', 'ELid')
    .sql,
  ...Object.fromEntries(
    [...resources.values()].map((resource) => [
      `list ${resource.name}`,
      select(listingOf(resource, { search: "o'Neil", pageinate: 'true' }).query).sql,
    ]),
  ),
  ...Object.fromEntries(
    [...resources.values()].map((resource) => {
      const names = filterNames(resource).filter((name) => name !== 'datesearch');
      const given = names.map((name) => [name, name.endsWith('date') ? '2026-01-31' : '1']);
      return [`filter ${resource.name}`, select(listingOf(resource, Object.fromEntries(given)).query).sql];
    }),
  ),
  ...upsertStatements(),
};

/** How many arguments each call of a function has. */
function argumentsOf(sql: string, call: string): number[] {
  const counts: number[] = [];
  for (let from = sql.indexOf(call); from !== -1; from = sql.indexOf(call, from + 1)) {
    let [depth, count] = [1, 1];
    for (let at = from + call.length; depth > 0; at++) {
      if (sql[at] === '(') depth++;
      else if (sql[at] === ')') depth--;
      else if (sql[at] === ',' && depth === 1) count++;
    }
    counts.push(count);
  }
  return counts;
}

describe('every statement for SQL Server', () => {
  it('is T-SQL of 2016, by Microsoft’s own parser', () => {
    const input = Object.entries(statements).map(([name, sql]) => JSON.stringify({ name, sql }));
    const { status, stdout, stderr } = spawnSync('dotnet', ['run', '--project', `${root}tests/scriptdom`], {
      input: `${input.join('\n')}\n`,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    expect([status, stderr]).toEqual([0, '']);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string; errors: string[] });
    expect(answers).toHaveLength(input.length);
    expect(answers.filter(({ errors }) => errors.length > 0)).toEqual([]);
  });

  it('orders by no column twice, which a server refuses and the parser does not', () => {
    const orders = Object.values(statements).flatMap((sql) => /\bORDER BY (.*?)(?: OFFSET|$)/.exec(sql)?.[1] ?? []);
    expect(orders.length).toBeGreaterThan(resources.size);
    for (const order of orders) {
      const columns = order.split(', ').map((one) => one.replace(/ DESC$/, ''));
      expect(columns).toEqual([...new Set(columns)]);
    }
    const query = {
      from: 'AREA',
      columns: ['Aarea'],
      orderBy: [{ column: 'aarea', descending: true }, { column: 'AREA.Aarea' }],
    };
    expect(select(query).sql).toMatch(/ORDER BY \[AREA\]\.\[aarea\] DESC$/);
  });

  it('fetches no row by a condition, since a server fetches one at least', () => {
    const query = { from: 'AREA', columns: ['Aarea'], orderBy: [{ column: 'Aarea' }], offset: 0, limit: 0 };
    expect(select(query).sql).toBe(
      'SELECT [AREA].[Aarea] AS [Aarea] FROM [AREA] AS [AREA] WHERE (1 = 0) ORDER BY [AREA].[Aarea]',
    );
    for (const sql of Object.values(statements)) expect(sql).not.toMatch(/FETCH NEXT 0 /);
  });

  it('seeks the rows it changes where an index begins with their key, and locks none but them', () => {
    expect(statements['DEVICE updateUnindexed']).toMatch(
      / JOIN \[DEVICE\] t WITH \(ROWLOCK\) ON t\.\[Dsite\] = d\.\[k\] WHERE /,
    );
    expect(statements['DEVICE updateUnindexed']).not.toContain('LOOP');
    expect(statements['DEVICE updateLocated']).toContain(
      ' INNER LOOP JOIN [DEVICE] t WITH (ROWLOCK) ON t.[Dsite] = d.[p0] AND t.[ddevnum] = d.[p1] WHERE ',
    );
    for (const [name, sql] of Object.entries(statements)) {
      if (/ update(Known)?$/.test(name)) expect(sql).toMatch(/ INNER LOOP JOIN \[\w+\] t WITH \(ROWLOCK\) ON t\./);
      if (name.endsWith(' updateLinks')) expect(sql).toContain('INNER LOOP JOIN [ExternalLink] l WITH (ROWLOCK)');
    }
    expect(statements['stamp']).toBe(
      "UPDATE t SET [ACchangeseq] = @p0 FROM OPENJSON(@p1) WITH ([k0] int '$[0]', [k1] int '$[1]') j " +
        'INNER LOOP JOIN [ACTIONS] t WITH (ROWLOCK) ON t.[Faultid] = j.[k0] AND t.[actionnumber] = j.[k1]',
    );
    expect(statements['update']).toMatch(/^UPDATE \[AREA\] WITH \(ROWLOCK\) SET /);
  });

  it('seeks the rows it looks for by their key, and leaves the way to others to the server', () => {
    for (const table of ['Licence', 'AREA', 'USERS']) {
      for (const kind of ['found', 'foundByKey', 'foundByLink', 'foundByGeneralLink'])
        expect(statements[`${table} ${kind}`]).toContain(` LEFT OUTER LOOP JOIN [${table}] t ON `);
      for (const kind of ['byKey', 'byLink', 'byGeneralLink'])
        expect(statements[`${table} ${kind}`]).toContain(` INNER LOOP JOIN [${table}] t ON `);
      expect(statements[`${table} found`]).not.toContain('LEFT LOOP');
      for (const kind of ['foundByColumns', 'byColumns', 'byColumnsWhereEmpty'])
        expect(statements[`${table} ${kind}`]).not.toContain('LOOP');
    }
  });

  it('joins no more texts than CONCAT takes', () => {
    for (const table of ['USERS', 'FAULTS', 'DEVICE']) {
      for (const kind of ['fingerprint', 'fingerprintIndexed', 'besideHashes']) {
        const sql = statements[`${table} ${kind}`] ?? '';
        expect(argumentsOf(sql, 'CONCAT(').length).toBeGreaterThan(table === 'DEVICE' ? 0 : 1);
        for (const count of argumentsOf(sql, 'CONCAT(')) expect(count).toBeLessThanOrEqual(254);
      }
    }
  });

  it('sorts no rows to hash them', () => {
    for (const kind of ['fingerprint', 'fingerprintIndexed', 'besideHashes'])
      expect(statements[`Licence ${kind}`]).not.toContain('ORDER BY');
  });

  it('looks links up in the session’s index by their own key, and asks of them behind that', () => {
    for (const kind of ['byIndexedLink', 'foundByIndexedLink', 'byColumnsIndexed', 'fingerprintIndexed']) {
      const sql = statements[`Licence ${kind}`] ?? '';
      expect(sql).toMatch(
        / APPLY \(SELECT TOP \(1\) y\.\* FROM \[ExternalLink\] y WHERE y\.\[ELid\] = i\.\[r\]\) x WHERE i\.\[[eh]\] = [^()]+\) l WHERE /,
      );
      expect(sql).not.toMatch(/JOIN \[ExternalLink\]|FROM \[ExternalLink\] l/);
    }
    expect(statements['linksByIds']).toContain(' INNER LOOP JOIN [AREA] AS [target]');
    for (const name of ['linksByIds', 'linksByRecords'])
      expect(statements[name]).toMatch(
        / CROSS APPLY \(SELECT l\.\* FROM .* AS \[ExternalLink\] INNER( LOOP)? JOIN \[AREA\]/,
      );
  });

  it('compares by CASE, since the negation of a comparison with null is not true', () => {
    for (const [name, sql] of Object.entries(statements))
      if (/ (put\w+|found\w*)$/.test(name)) expect(sql).not.toContain('NOT (');
    expect(statements['INFO putRead']).toMatch(/ OR CASE WHEN .* THEN 0 ELSE 1 END = 1 ORDER BY /);
    expect(statements['INFO putUpdate']).toMatch(/ AND CASE WHEN .* THEN 0 ELSE 1 END = 1;/);
  });

  it('gives way to the web application, reading and writing', () => {
    expect(readSettings).toBe('SET DEADLOCK_PRIORITY LOW; SET LOCK_TIMEOUT 5000');
    expect(sessionSettings).toBe(`SET XACT_ABORT ON; ${readSettings}`);
  });

  it('keeps to what a live database allows', () => {
    for (const [name, sql] of Object.entries(statements)) {
      // The administrator runs that one.
      if (name === 'grants') continue;
      expect(sql).not.toMatch(/\bMERGE\b|\bTABLOCKX?\b|\bWAITFOR\b|sp_prepare/i);
      expect(sql.replaceAll(/(CREATE|DROP) TABLE #\w+|CREATE INDEX \w+ ON #\w+/g, '')).not.toMatch(
        /\b(CREATE|ALTER|DROP)\b/i,
      );
    }
  });
});
