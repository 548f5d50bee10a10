import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { haloSchema, parseColumn, schemaTable } from '../../../node/src/database/schema/index.ts';

describe('The schema facts', () => {
  it.each([
    ['int identity not null', { type: 'int', nullable: false, identity: true, hasDefault: false }],
    ["nvarchar(100) default ''", { type: 'nvarchar', length: 100, nullable: true, hasDefault: true, default: "''" }],
    ['nvarchar(max)', { type: 'nvarchar', nullable: true, hasDefault: false }],
    ['bit not null default -1', { type: 'bit', nullable: false, default: '-1' }],
    ['uniqueidentifier default newid()', { type: 'uniqueidentifier', default: 'newid()' }],
  ])('read %s', (text, expected) => {
    expect(parseColumn('C', text)).toMatchObject({ name: 'C', ...expected });
  });

  it('have every column of every table in a form that is understood, and no null in keys', () => {
    for (const name of haloSchema.keys()) {
      const table = schemaTable(name.toLowerCase());
      // Halo's own table of users and their assets has no key.
      if (name !== 'USERDEVICE') expect(table?.primaryKey.length).toBeGreaterThan(0);
      for (const key of table?.primaryKey ?? []) expect(table?.columns.get(key)?.nullable).toBe(false);
    }
  });

  it('equal the full description they were copied from, where one is given', () => {
    const facts = process.env['HALO_FACTS'];
    const full = facts ? (JSON.parse(readFileSync(join(facts, 'schema.json'), 'utf8')) as Record<string, unknown>) : {};
    for (const [name, table] of haloSchema) {
      expect(Object.keys(table.columns).length).toBeGreaterThan(0);
      if (facts) expect({ [name]: table }).toEqual({ [name]: full[name] });
    }
  });
});
