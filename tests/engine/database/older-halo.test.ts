import { DatabaseSync } from 'node:sqlite';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openEmbeddedDatabase } from '../../../node/src/database/embedded/embedded-database.ts';
import { createHaloApi } from '../../../node/src/halo-api/embedded-halo-api.ts';
import { integrationStates } from '../../../node/src/sync/plan.ts';
import { syncAll } from '../../../node/src/sync/run.ts';
import { pax8Instance } from '../sync/pax8-instance.ts';

it('A Halo that lacks columns gets the rest, each said once; one that lacks a table loses that entity only', async () => {
  await using instance = await pax8Instance({});
  const path = join(instance.folder, 'halo.db');
  const parts = await instance.parts();
  const { clock } = parts.environment;
  const database = openEmbeddedDatabase({ path, clock, fs });
  await database.connect();
  const file = new DatabaseSync(path);
  file.exec(`ALTER TABLE Licence DROP COLUMN lthirdpartyproductname;
    ALTER TABLE ExternalLink DROP COLUMN elthirdpartyadditionalid;
    DROP TABLE ITEM;`);
  file.close();
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const api = createHaloApi({ database, clock, settings: {}, author: 'Halo DB Integrator', warn });
  const run = () =>
    syncAll({ whatIf: false }, { ...parts, database, api }, () => undefined, new AbortController().signal);
  const { results } = await run();
  expect(results.map(({ entity, status, error }) => [entity, status, error?.code])).toEqual([
    ['Customers', 'succeeded', undefined],
    ['Contacts', 'succeeded', undefined],
    ['Subscriptions', 'succeeded', undefined],
  ]);
  const states = await integrationStates({ ...parts, api });
  expect(states.find(({ entity }) => entity === 'Products')).toMatchObject({
    willRun: false,
    reason: expect.stringContaining('ITEM'),
  });
  expect(warnings).toEqual([
    'This Halo has no column Licence.lthirdpartyproductname: the field "third_party_product" is left out.',
    'This Halo has no column ExternalLink.elthirdpartyadditionalid: it is not written.',
  ]);
  expect((await run()).results[2]).toMatchObject({ created: 0, updated: 0, unchanged: results[2]?.created });
  await database.close();
});
