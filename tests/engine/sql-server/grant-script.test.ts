import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { grantScript, neededRights } from '../../../node/src/commands/needed-rights.ts';
import { schemaTable } from '../../../node/src/database/schema/index.ts';
import { resources } from '../../../node/src/halo-api/resources/index.ts';
import { integrations } from '../../../node/src/integrations/registry.ts';

const committed = fileURLToPath(new URL('../../../scripts/grant-halo-rights.sql', import.meta.url));

describe('the grant script', () => {
  it('is the one made from what the code uses (npm run grant-script)', () => {
    expect(readFileSync(committed, 'utf8').replaceAll('\r\n', '\n')).toBe(grantScript(integrations));
  });

  it('can be run on a restored database, and on a Halo that lacks a table', () => {
    const lines = grantScript(integrations)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('--'));
    expect(lines[0]).toContain('ELSE ALTER USER halo_integrator WITH LOGIN = halo_integrator;');
    for (const line of lines.slice(1))
      expect(line).toMatch(
        /^IF OBJECT_ID\(N'dbo\.\[(\w+)\]'\) IS NOT NULL GRANT [A-Z, ]+ ON dbo\.\[\1\] TO halo_integrator;$/,
      );
  });

  it('lets the change clock be stamped on whatever is added', () => {
    const rights = neededRights(integrations);
    for (const { table, changeClock } of resources.values())
      if (changeClock && rights.get(table)?.includes('INSERT'))
        expect([table, rights.get(table)]).toContainEqual(expect.arrayContaining(['UPDATE']));
  });

  it('names tables that Halo has, and no right to delete', () => {
    for (const [table, rights] of neededRights(integrations)) {
      expect([table, schemaTable(table)?.name]).toEqual([table, table]);
      expect(rights).not.toContain('DELETE');
    }
  });
});
