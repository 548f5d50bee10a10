import { describe, expect, it } from '@jest/globals';
import type { ActualTable } from '../../../node/src/database/database.ts';
import type { Condition, Query } from '../../../node/src/database/query.ts';
import { schemaTable } from '../../../node/src/database/schema/index.ts';
import { actualQuery } from '../../../node/src/halo-api/reads/actual-query.ts';

/** The table as the schema has it, without these columns. */
function older(name: string, ...lacking: string[]): ActualTable {
  const whole = schemaTable(name);
  if (!whole) throw new Error(`There is no ${name}.`);
  return { ...whole, columns: new Map([...whole.columns].filter(([column]) => !lacking.includes(column))) };
}

const tables = new Map([
  ['USERS', older('USERS', 'uemail2', 'uinactive')],
  ['SITE', older('SITE', 'SIsInactive')],
]);

function asked(query: Partial<Query>): { query: Query | undefined; told: string[] } {
  const told: string[] = [];
  const whole: Query = { from: 'USERS', columns: ['Uid'], ...query };
  return { query: actualQuery(whole, tables, (...names) => void told.push(names.join('.'))), told };
}

describe('a query on a Halo that lacks columns', () => {
  const there: Condition = { column: 'uemail', is: 'equal', value: 'a@x' };
  const none = 'no rows';
  it.each<[string, Condition, Condition | 'all rows' | 'no rows']>([
    ['a bit counts as off', { column: 'uinactive', is: 'equal', value: false }, 'all rows'],
    ['a bit is not on', { column: 'uinactive', is: 'in', values: [true] }, none],
    ['a text is nothing that is looked for', { column: 'uemail2', is: 'in', values: ['a@x'] }, none],
    ['nor is it not that', { not: { column: 'uemail2', is: 'equal', value: 'a@x' } }, none],
    ['it is null', { column: 'uemail2', is: 'null' }, 'all rows'],
    ['it equals null', { column: 'uemail2', is: 'equal', value: null }, 'all rows'],
    [
      'one of several ways is left',
      { any: [there, { column: 'uemail2', is: 'equal', value: 'a@x' }] },
      { any: [there] },
    ],
    ['a part that holds is left out', { all: [there, { column: 'uemail2', is: 'null' }] }, { all: [there] }],
  ])('%s', (_, where, left) => {
    const { query } = asked({ where });
    if (left === none) expect(query).toBeUndefined();
    else expect(query?.where).toEqual(left === 'all rows' ? undefined : left);
  });

  it('leaves out columns, orders and joins that lack one, and names each by its table', () => {
    const { query, told } = asked({
      columns: [
        'USERS.Uid',
        'USERS.uemail2',
        { column: 'site.sdesc', as: 'site' },
        { column: 'gone.sdesc', as: 'gone' },
      ],
      joins: [
        {
          kind: 'left',
          table: 'SITE',
          as: 'site',
          on: [['USERS.Usite', 'site.Ssitenum']],
          where: { column: 'site.SIsInactive', is: 'equal', value: false },
        },
        { kind: 'left', table: 'SITE', as: 'gone', on: [['USERS.uemail2', 'gone.sdesc']] },
      ],
      orderBy: [{ column: 'USERS.uemail2' }, { column: 'USERS.Uid' }],
    });
    expect(query).toEqual({
      from: 'USERS',
      columns: ['USERS.Uid', { column: 'site.sdesc', as: 'site' }],
      joins: [{ kind: 'left', table: 'SITE', as: 'site', on: [['USERS.Usite', 'site.Ssitenum']] }],
      orderBy: [{ column: 'USERS.Uid' }],
    });
    expect(new Set(told)).toEqual(new Set(['USERS.uemail2', 'SITE.SIsInactive']));
  });
});
